import 'reflect-metadata';
import { ApiError } from '@iroko/errors';
import { createHttpServer } from '@iroko/http';
import { silentLogger } from '@iroko/telemetry';
import { ANONYMOUS } from '@iroko/viewer';
import { serverAudits } from 'graphql-http';
import { Arg, Field, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { buildSubgraph, type RequestContext, type Subgraph, subgraphRoutes } from './index';

@ObjectType({ description: 'A well, for this test.' })
class Well {
  @Field({ description: 'Its name.' })
  name!: string;
}

@Resolver()
class WellResolver {
  @Query(() => Well, { nullable: true, description: 'A well.' })
  well(@Arg('depth', { nullable: true, description: 'In metres.' }) depth?: number): Well {
    if (depth === 0) throw new ApiError('NOT_FOUND', 'There is no such well.', { type: 'Well' });
    if (depth === 1) throw new TypeError('the password is hunter2');
    return { name: 'Deep' };
  }

  @Mutation(() => Well, { description: 'Digs.' })
  dig(): Well {
    return { name: 'New' };
  }
}

const subgraph: Subgraph = {
  name: 'georegistry',
  ...buildSubgraph({ resolvers: [WellResolver], references: {} }),
  context: () => ({}) as RequestContext,
  routes: [],
};

describe('a subgraph over HTTP', () => {
  const http = createHttpServer({
    routes: subgraphRoutes(subgraph),
    viewerOf: async () => ANONYMOUS,
    log: silentLogger,
  });
  let url = '';
  beforeAll(async () => {
    url = `http://127.0.0.1:${await http.listen('127.0.0.1', 0)}/graphql`;
  });
  afterAll(() => http.close(0));

  for (const audit of serverAudits({ url: () => url, fetchFn: fetch })) {
    it(audit.name, async () => {
      const result = await audit.fn();
      expect(result.status === 'ok' ? '' : `${result.status}: ${result.reason}`).toBe('');
    });
  }

  const ask = async (query: string) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'request-1' },
      body: JSON.stringify({ query }),
    });
    return response.json();
  };

  it('sends a published error with code and details', async () => {
    expect(await ask('{ well(depth: 0) { name } }')).toEqual({
      data: { well: null },
      errors: [
        {
          message: 'There is no such well.',
          path: ['well'],
          extensions: { code: 'NOT_FOUND', details: { type: 'Well' } },
        },
      ],
    });
  });

  it('tells nothing of a defect but the request under which the log has it', async () => {
    const answer = await ask('{ well(depth: 1) { name } }');
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|stack/);
    expect(answer).toMatchObject({
      errors: [{ path: ['well'], extensions: { code: 'INTERNAL', details: { requestId: 'request-1' } } }],
    });
  });

  it('answers what a router asks for the schema', async () => {
    expect(await ask('{ _service { sdl } }')).toMatchObject({
      data: { _service: { sdl: expect.stringContaining('type Well') } },
    });
  });

  it('takes no mutation by GET', async () => {
    const response = await fetch(`${url}?query=${encodeURIComponent('mutation { dig { name } }')}`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });
});
