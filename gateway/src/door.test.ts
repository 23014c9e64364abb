import { forbidden, unauthenticated } from '@iroko/errors';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql';
import { federationOf } from '../testing/federation';
import { plainContext, served } from '../testing/served';

const definitions = [
  {
    name: 'places',
    sdl: `type Query { place(id: ID!): Place places(first: Int = 10): [Place!]! secret: String broken: String hole: Place }
      type Mutation { rename(name: String!): Place }
      type Place @key(fields: "id") { id: ID! name: String! parent: Place }`,
    resolvers: {
      Query: {
        place: (_: unknown, { id }: { id: string }) => ({ id, name: 'Kita' }),
        places: () => [{ id: '1', name: 'Kita' }],
        secret: () => {
          throw forbidden('places.read');
        },
        broken: () => {
          throw new TypeError('the password is hunter2');
        },
      },
      Mutation: { rename: (_: unknown, { name }: { name: string }) => ({ id: '1', name }) },
    },
  },
];

interface Answer {
  status: number;
  headers: Headers;
  body: {
    data?: unknown;
    errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
  };
}

describe('the door', () => {
  const door = served(() => ({
    ...federationOf(definitions),
    settings: { corsOrigins: ['https://maps.example.org'], requestLimitKb: 4, queryDepthLimit: 15 },
    context: async (request) => {
      if (request.headers.authorization === 'Bearer bad')
        throw unauthenticated('The token is unknown.', 'unknown');
      return plainContext(request);
    },
  }));

  const post = async (body: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await fetch(`${door.url()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Answer['body'],
    };
  };
  const codeOf = (answer: Answer) => answer.body.errors?.[0]?.extensions.code;

  it('answers the same at the first and at later requests', async () => {
    const operation = { query: 'query P($id: ID!) { place(id: $id) { id name } }', variables: { id: '7' } };
    const answers = [await post(operation), await post(operation), await post(operation)];
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toEqual({ data: { place: { id: '7', name: 'Kita' } } });
    }
  });

  it('lets a published error through with its details, and nothing of where it came from', async () => {
    for (let time = 0; time < 2; time++) {
      const { body } = await post({ query: '{ secret }' });
      expect(body).toEqual({
        data: { secret: null },
        errors: [
          {
            message: 'This needs the permission places.read.',
            path: ['secret'],
            extensions: { code: 'FORBIDDEN', details: { permission: 'places.read' } },
          },
        ],
      });
    }
  });

  it('tells nothing of a defect but the request under which the log has it', async () => {
    for (let time = 0; time < 2; time++) {
      const answer = await post({ query: '{ broken }' }, { 'x-request-id': 'request-1' });
      expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|stack|places/);
      expect(answer.body.errors).toMatchObject([
        { path: ['broken'], extensions: { code: 'INTERNAL', details: { requestId: 'request-1' } } },
      ]);
    }
  });

  it.each([
    ['a syntax error', { query: '{ places {' }],
    ['an unknown field', { query: '{ nothing }' }],
    ['an unknown operation', { query: 'query A { places { id } }', operationName: 'B' }],
    ['a missing variable', { query: 'query ($id: ID!) { place(id: $id) { id } }' }],
    ['a variable that is no object', { query: '{ places { id } }', variables: 'x' }],
    ['no query', { variables: {} }],
    ['no JSON', '{ places'],
    [
      'a persisted query',
      { query: '{ places { id } }', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
    ],
  ])('calls %s bad input', async (_, body) => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const answer = await post(body, { accept });
      expect(codeOf(answer)).toBe('BAD_USER_INPUT');
      expect(answer.body.data).toBeUndefined();
      if (accept !== 'application/json') expect(answer.status).toBe(400);
    }
  });

  it('keeps the place of an error in the document', async () => {
    const { body } = await post({ query: '{\n  nothing\n}' });
    expect(body.errors).toMatchObject([{ locations: [{ line: 2, column: 3 }] }]);
  });

  it('refuses a batch, a deep operation and a large body, naming the limit', async () => {
    const batch = await post([{ query: '{ places { id } }' }]);
    expect([batch.status, codeOf(batch)]).toEqual([400, 'LIMIT_EXCEEDED']);
    const deep = await post({ query: `{ place(id: 1) { ${'parent { '.repeat(20)} id ${'}'.repeat(20)} } }` });
    expect(deep.body.errors?.[0]).toMatchObject({
      message: expect.stringContaining('QUERY_DEPTH_LIMIT'),
      extensions: { code: 'LIMIT_EXCEEDED' },
    });
    const large = await post({ query: `{ places { id } } #${'x'.repeat(5000)}` });
    expect([large.status, codeOf(large)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(large.body.errors?.[0]?.message).toContain('REQUEST_LIMIT_KB');
  });

  it('refuses a bad token before anything runs', async () => {
    const headers = { authorization: 'Bearer bad', accept: 'application/graphql-response+json' };
    const answer = await post({ query: '{ places { id } }' }, headers);
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('takes no form of another page, no other charset, no compressed body, no mutation by GET', async () => {
    const query = JSON.stringify({ query: '{ places { id } }' });
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=latin1',
    ]) {
      expect((await post(query, { 'content-type': type })).status).toBe(415);
    }
    expect((await post(query, { 'content-encoding': 'gzip' })).status).toBe(415);
    const mutation = encodeURIComponent('mutation { rename(name: "x") { id } }');
    expect((await fetch(`${door.url()}/graphql?query=${mutation}`)).status).toBe(405);
    expect((await post(query, { accept: 'text/html' })).status).toBe(406);
  });

  it('is open to pages of the listed origins only', async () => {
    const asked = (origin: string) =>
      fetch(`${door.url()}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = await asked('https://maps.example.org');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://maps.example.org');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    const refused = await asked('https://evil.example.org');
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    const posted = await post({ query: '{ places { id } }' }, { origin: 'https://maps.example.org' });
    expect(posted.headers.get('access-control-allow-origin')).toBe('https://maps.example.org');
  });

  it('answers introspection, which explorers and code generators need', async () => {
    const options = {
      schemaDescription: true,
      inputValueDeprecation: true,
      specifiedByUrl: true,
      oneOf: true,
    };
    const { body } = await post({ query: getIntrospectionQuery(options) });
    expect(body.errors).toBeUndefined();
    expect(printSchema(buildClientSchema(body.data as IntrospectionQuery))).toContain('type Place {');
  });
});

describe('the door and an eager client', () => {
  const door = served(() => ({ ...federationOf(definitions), settings: { rateLimitPerMinute: 3 } }));

  it('sends it away for a while with status and header', async () => {
    const ask = () => fetch(`${door.url()}/graphql?query={__typename}`);
    const statuses = [await ask(), await ask(), await ask()].map(({ status }) => status);
    const refused = await ask();
    expect([...statuses, refused.status]).toEqual([200, 200, 200, 429]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  });
});
