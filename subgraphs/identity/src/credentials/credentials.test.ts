import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@iroko/database';
import { type SeededAccount, seedMember, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const SECRET = 'district-1-Øé';
const FIELDS = 'id name kind url login hasSecret revision';
const CREATE = `mutation ($input: CreateExternalCredentialInput!) { createExternalCredential(input: $input) { ${FIELDS} } }`;
const UPDATE = `mutation ($input: UpdateExternalCredentialInput!) { updateExternalCredential(input: $input) { ${FIELDS} } }`;
const CHECK = 'mutation ($id: ID!) { checkExternalCredential(id: $id) { ok message status durationMs } }';
const LIST = `query ($first: Int, $after: String) { externalCredentials(first: $first, after: $after) {
  nodes { ${FIELDS} } pageInfo { endCursor } } }`;
const REMOVE = `mutation ($id: ID!) { removeExternalCredential(id: $id) { ${FIELDS} } }`;

interface Credential {
  id: string;
  url: string;
  hasSecret: boolean;
  revision: number;
}

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let server: Server;
let url: string;
let asked: { url: string; headers: IncomingHttpHeaders }[];
let answer: { status: number; body: string; headers?: Record<string, string> };

beforeAll(async () => {
  identity = await identityUnderTest();
  server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dhis`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await identity.close();
});
beforeEach(async () => {
  ({ account, twin } = await seedTwins(identity.database));
  asked = [];
  answer = { status: 200, body: '{"id":"xE7jOejl9FI"}' };
});

const ask = (
  query: string,
  variables: Record<string, unknown> = {},
  token = account.administrator.accessToken,
) => identity.ask(query, { token, variables });

async function data<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const { data: found, errors } = await ask(query, variables);
  expect(errors).toEqual([]);
  return found as Data;
}

const make = async (input: Record<string, unknown> = {}) =>
  (
    await data<{ createExternalCredential: Credential }>(CREATE, {
      input: { name: `DHIS2 ${newId()}`, kind: 'DHIS2', url, login: 'admin', secret: SECRET, ...input },
    })
  ).createExternalCredential;
const update = async (credential: Credential, input: Record<string, unknown>) =>
  (
    await data<{ updateExternalCredential: Credential }>(UPDATE, {
      input: { id: credential.id, expectedRevision: credential.revision, ...input },
    })
  ).updateExternalCredential;
const check = async (id: string) =>
  (await data<{ checkExternalCredential: Record<string, unknown> }>(CHECK, { id })).checkExternalCredential;

it('a credential is kept, listed page by page, and shows that it has a secret, not which', async () => {
  const first = await make({ name: 'National DHIS2' });
  const second = await make();
  expect(first).toMatchObject({
    name: 'National DHIS2',
    kind: 'DHIS2',
    url,
    login: 'admin',
    hasSecret: true,
  });
  const page = await data<{ externalCredentials: { nodes: Credential[]; pageInfo: { endCursor: string } } }>(
    LIST,
    { first: 1 },
  );
  expect(page.externalCredentials.nodes).toEqual([first]);
  const rest = await data<typeof page>(LIST, { after: page.externalCredentials.pageInfo.endCursor });
  expect(rest.externalCredentials.nodes).toEqual([second]);
  expect(JSON.stringify([page, rest])).not.toContain(SECRET);
});

it('the schema has no field through which a secret could come out', () => {
  const type = identity.subgraph.schema.getType('ExternalCredential');
  const names = Object.keys((type as unknown as { getFields(): object }).getFields());
  expect(names.filter((name) => /secret|password/i.test(name))).toEqual(['hasSecret']);
});

it('defect 34, passwords of DHIS2 in clear: no table of the database holds the secret as it was given', async () => {
  const credential = await make();
  await update(credential, { secret: `${SECRET}-2` });
  const { rows: tables } = await identity.database.pool.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('identity', 'platform')`,
  );
  for (const { name } of tables) {
    const { rows } = await identity.database.pool.query(
      `SELECT count(*)::int AS found FROM ${name} t
       WHERE t::text LIKE '%' || $1 || '%' OR t::text LIKE '%' || $2 || '%'`,
      [SECRET, Buffer.from(SECRET).toString('hex')],
    );
    expect({ name, ...rows[0] }).toEqual({ name, found: 0 });
  }
});

it('its changes stand in the log, which names the secret and never tells it', async () => {
  const credential = await make({ name: 'Kept' });
  await update(credential, { login: 'importer', secret: 'another' });
  await ask(REMOVE, { id: credential.id });
  const { rows } = await identity.database.pool.query(
    `SELECT action, fields_before AS before, fields_after AS after FROM platform.change_event
     WHERE account_id = $1 AND subject_type = 'ExternalCredential' AND subject_id = $2 ORDER BY entry`,
    [account.accountId, credential.id],
  );
  const secret = { $secret: true };
  expect(rows).toEqual([
    { action: 'CREATE', before: null, after: { name: 'Kept', kind: 'DHIS2', url, login: 'admin', secret } },
    {
      action: 'UPDATE',
      before: { name: 'Kept', url, login: 'admin', secret },
      after: { name: 'Kept', url, login: 'importer', secret },
    },
    {
      action: 'DELETE',
      before: { name: 'Kept', kind: 'DHIS2', url, login: 'importer', secret },
      after: null,
    },
  ]);
});

it('a secret is never sent to another address: with a new one and no secret it is forgotten', async () => {
  const credential = await make();
  const moved = await update(credential, { url: `${url}/elsewhere` });
  expect(moved).toMatchObject({ url: `${url}/elsewhere`, hasSecret: false });
  expect((await ask(CHECK, { id: credential.id })).code).toBe('CONFLICT');
  expect(asked).toEqual([]);
  const back = await update(moved, { url });
  expect(back.hasSecret).toBe(false);
  expect(await update(back, { url: `${url}/third`, secret: SECRET })).toMatchObject({ hasSecret: true });
});

it('a row whose address was changed in the database does not give its secret away either', async () => {
  const { id } = await make();
  await identity.database.pool.query('UPDATE identity.external_credential SET url = $2 WHERE id = $1', [
    id,
    `${url}/evil`,
  ]);
  expect((await ask(CHECK, { id })).errors).toHaveLength(1);
  expect(asked).toEqual([]);
});

it('a password is not sent as a token when the login is taken away', async () => {
  const credential = await make();
  expect(await update(credential, { login: '' })).toMatchObject({ login: '', hasSecret: false });
});

it('another way of writing the same address keeps the secret', async () => {
  const credential = await make({ url: `${url}#start` });
  expect(credential.url).toBe(url);
  expect((await update(credential, { url: url.replace('http:', 'HTTP:') })).hasSecret).toBe(true);
});

describe('a connection check', () => {
  it('of a DHIS2 asks who one is, with login and password', async () => {
    const { id } = await make();
    expect(await check(id)).toMatchObject({ ok: true, status: 200, durationMs: expect.any(Number) });
    expect(asked.map((request) => request.url)).toEqual(['/dhis/api/me?fields=id']);
    const expected = `Basic ${Buffer.from(`admin:${SECRET}`).toString('base64')}`;
    expect(asked[0]?.headers.authorization).toBe(expected);
  });

  it.each([
    ['DHIS2', null, 'd2pat_abc', 'ApiToken d2pat_abc'],
    ['BEARER', null, 'token-1', 'Bearer token-1'],
    ['BASIC', 'ada', 'x:y', `Basic ${Buffer.from('ada:x:y').toString('base64')}`],
  ])(
    'of %s with login %p sends the secret as that server expects it',
    async (kind, login, secret, header) => {
      const { id } = await make({ kind, login, secret });
      expect(await check(id)).toMatchObject({ ok: true });
      expect(asked[0]?.headers.authorization).toBe(header);
    },
  );

  it.each<[number, string, string]>([
    [401, '', 'does not take this login'],
    [403, '', 'does not take this login'],
    [302, '', 'another address'],
    [404, '', '404'],
    [500, '', '500'],
    [200, '<html>Welcome</html>', 'no DHIS2'],
    [200, '[]', 'no DHIS2'],
    [200, 'null', 'no DHIS2'],
  ])('says what an answer %i %p means, and nothing of its body', async (status, body, words) => {
    answer = { status, body, headers: { location: 'http://127.0.0.1:1/', 'x-inside': 'hidden' } };
    const { id } = await make();
    const seen = await check(id);
    expect(seen).toMatchObject({ ok: false, status, message: expect.stringContaining(words) });
    expect(JSON.stringify(seen)).not.toMatch(/Welcome|hidden/);
    expect(asked).toHaveLength(1);
  });

  it('stands in the log with what came of it', async () => {
    const { id } = await make();
    await check(id);
    const { rows } = await identity.database.pool.query(
      `SELECT fields_after AS after FROM platform.change_event WHERE subject_id = $1 AND action = 'CHECK'`,
      [id],
    );
    expect(rows).toEqual([{ after: { url, ok: true, status: 200 } }]);
  });

  it("defect 30, another tenant's stored password against the same address: its id is one that never was", async () => {
    const { id } = await make();
    const token = twin.administrator.accessToken;
    for (const query of [CHECK, REMOVE]) {
      const [theirs, never] = [await ask(query, { id }, token), await ask(query, { id: newId() }, token)];
      expect([theirs.code, never.code]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    }
    const input = { id, expectedRevision: 1, url: 'https://192.0.3.1/' };
    expect((await ask(UPDATE, { input }, token)).code).toBe('NOT_FOUND');
    expect(asked).toEqual([]);
  });

  it('needs the permission', async () => {
    const { id } = await make();
    const { accessToken } = await seedMember(identity.database, account.accountId);
    expect((await ask(CHECK, { id }, accessToken)).code).toBe('FORBIDDEN');
  });
});

it.each<[string, Record<string, unknown>, string]>([
  ['a private address', { url: 'http://10.0.0.1/' }, 'url'],
  ['the address of the cloud', { url: 'http://169.254.169.254/latest/meta-data/' }, 'url'],
  ['an address with a password', { url: 'https://ada:word@example.org/' }, 'url'],
  ['another protocol', { url: 'file:///etc/passwd' }, 'url'],
  ['no name', { name: ' ' }, 'name'],
  ['no secret', { secret: '' }, 'secret'],
  ['a secret of 10,000 characters', { secret: 'x'.repeat(10_000) }, 'secret'],
  ['a token that would end the header', { login: null, secret: 'a\r\nx-evil: 1' }, 'secret'],
  ['a colon in the login', { login: 'a:b' }, 'login'],
  ['a login for a bearer token', { kind: 'BEARER', login: 'ada' }, 'login'],
  ['no login for HTTP Basic', { kind: 'BASIC', login: null }, 'login'],
])('%s is refused by name, and nothing is kept', async (_, wrong, field) => {
  const input = { name: 'x', kind: 'DHIS2', url, login: 'admin', secret: SECRET, ...wrong };
  const { errors } = await ask(CREATE, { input });
  expect(errors[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { path: ['input', field] },
  });
  const { externalCredentials } = await data<{ externalCredentials: { nodes: unknown[] } }>(LIST);
  expect(externalCredentials.nodes).toEqual([]);
});

it('a name is taken once, whatever its case, and a change of another revision is refused', async () => {
  const credential = await make({ name: 'National' });
  const input = { name: 'NATIONAL', kind: 'BEARER', url, secret: 'x' };
  expect((await ask(CREATE, { input })).code).toBe('CONFLICT');
  const change = { id: credential.id, expectedRevision: 7, name: 'Other' };
  expect((await ask(UPDATE, { input: change })).code).toBe('CONFLICT');
});
