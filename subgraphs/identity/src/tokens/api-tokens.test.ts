import { type SeededAccount, type SeededMember, seedMember, seedTwins } from '@iroko/testing';
import { ALL_PERMISSIONS } from '@iroko/viewer';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const CREATE = `mutation ($input: CreateApiTokenInput!) {
  createApiToken(input: $input) { token apiToken { id name prefix permissions expiresAt lastUsedAt revokedAt } }
}`;
const REVOKE = 'mutation ($id: ID!) { revokeApiToken(id: $id) { id revokedAt } }';
const LIST = `query ($first: Int, $after: String) {
  apiTokens(first: $first, after: $after) {
    totalCount nodes { id name lastUsedAt revokedAt } edges { cursor node { id } } pageInfo { hasNextPage endCursor }
  }
}`;

interface Created {
  token: string;
  apiToken: { id: string; prefix: string; permissions: string[]; expiresAt: string };
}

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let member: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
});
afterAll(() => identity.close());
beforeEach(async () => {
  member = await seedMember(identity.database, account.accountId, {
    permissions: ['tokens.own', 'org_units.read'],
  });
});

const create = (input: Record<string, unknown>, token = member.accessToken) =>
  identity.ask(CREATE, { token, variables: { input } });

async function created(input: Record<string, unknown> = { name: 'Notebook' }): Promise<Created> {
  const { data, errors } = await create(input);
  expect(errors).toEqual([]);
  return data?.createApiToken as Created;
}

const permissionsWith = async (token: string) =>
  ((await identity.ask('{ me { permissions } }', { token })).data as { me: { permissions: string[] } }).me
    .permissions;

it('a token works at once, is shown once and not kept', async () => {
  const { token, apiToken } = await created();
  expect(token).toMatch(/^iroko_[A-Za-z0-9_-]{43}$/);
  expect(token.startsWith(apiToken.prefix)).toBe(true);
  const { data } = await identity.ask(
    '{ me { kind user { id } account { id } memberships { account { id } } } }',
    {
      token,
    },
  );
  expect(data).toEqual({
    me: {
      kind: 'TOKEN',
      user: { id: member.userId },
      account: { id: account.accountId },
      memberships: [{ account: { id: account.accountId } }],
    },
  });
  const { rows } = await identity.database.pool.query(
    `SELECT count(*)::int FROM identity.api_token t WHERE t::text LIKE '%' || $1 || '%'`,
    [token.slice(15)],
  );
  expect(rows).toEqual([{ count: 0 }]);
});

it('a token may do what its owner may, or the part of it that was named', async () => {
  expect(await permissionsWith((await created()).token)).toEqual(['org_units.read', 'tokens.own']);
  const narrow = await created({ name: 'Narrow', permissions: ['org_units.read', 'org_units.read'] });
  expect(narrow.apiToken.permissions).toEqual(['org_units.read']);
  expect(await permissionsWith(narrow.token)).toEqual(['org_units.read']);
});

it('a token loses at once what its owner loses', async () => {
  const { token } = await created();
  expect(await permissionsWith(token)).toContain('org_units.read');
  await identity.database.pool.query(
    `UPDATE identity.membership SET permissions = '{tokens.own}' WHERE user_id = $1`,
    [member.userId],
  );
  for (let tries = 0; (await permissionsWith(token)).length > 1; tries++) {
    expect(tries).toBeLessThan(100);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

it.each<[string, Record<string, unknown>, string, string]>([
  ['a permission that one does not hold', { permissions: ['users.manage'] }, 'FORBIDDEN', 'users.manage'],
  [
    'a permission that does not exist',
    { permissions: ['org_units.destroy'] },
    'BAD_USER_INPUT',
    'permissions',
  ],
  ['no permission at all', { permissions: [] }, 'BAD_USER_INPUT', 'permissions'],
  ['an empty name', { name: '  ' }, 'BAD_USER_INPUT', 'name'],
  ['a name of 10,000 characters', { name: 'x'.repeat(10_000) }, 'BAD_USER_INPUT', 'name'],
  ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'BAD_USER_INPUT', 'expiresAt'],
  ['an end in a century', { expiresAt: '2126-01-01T00:00:00Z' }, 'BAD_USER_INPUT', 'expiresAt'],
])('a token with %s is refused', async (_, input, code, named) => {
  const answer = await create({ name: 'Notebook', ...input });
  expect(answer.code).toBe(code);
  expect(JSON.stringify(answer.errors[0]?.extensions?.details)).toContain(named);
});

it('a token cannot make another, so that a stolen one dies with its revocation', async () => {
  expect((await create({ name: 'Child' }, member.apiToken)).code).toBe('FORBIDDEN');
});

it('without the permission one makes, lists and revokes no tokens', async () => {
  const { accessToken, apiTokenId } = await seedMember(identity.database, account.accountId);
  const forbidden = { code: 'FORBIDDEN', details: { permission: 'tokens.own' } };
  expect((await create({ name: 'Notebook' }, accessToken)).errors[0]?.extensions).toEqual(forbidden);
  expect((await identity.ask(LIST, { token: accessToken })).errors[0]?.extensions).toEqual(forbidden);
  const revoked = await identity.ask(REVOKE, { token: accessToken, variables: { id: apiTokenId } });
  expect(revoked.errors[0]?.extensions).toEqual(forbidden);
});

it('a revoked token is refused; revoking again changes nothing', async () => {
  const { token, apiToken } = await created();
  expect(await permissionsWith(token)).toHaveLength(2);
  const revoke = () => identity.ask(REVOKE, { token: member.accessToken, variables: { id: apiToken.id } });
  const first = await revoke();
  expect(first.data).toMatchObject({ revokeApiToken: { id: apiToken.id, revokedAt: expect.any(String) } });
  expect((await revoke()).data).toEqual(first.data);
  for (let tries = 0; ; tries++) {
    const refused = await identity.ask('{ me { kind } }', { token }).catch((error) => error);
    if (refused.code === 'UNAUTHENTICATED') break;
    expect(tries).toBeLessThan(100);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { rows } = await identity.database.pool.query(
    `SELECT action FROM platform.change_event
     WHERE subject_type = 'ApiToken' AND subject_id = $1 AND action NOT IN ('USE', 'REFUSE') ORDER BY entry`,
    [apiToken.id],
  );
  expect(rows).toEqual([{ action: 'CREATE' }, { action: 'REVOKE' }]);
});

it.each<[string, () => string]>([
  ['of a colleague', () => account.administrator.apiTokenId],
  ['of another account', () => twin.administrator.apiTokenId],
  ['that never was', () => '01940000-0000-7000-8000-000000000000'],
  ['that is no id', () => "'; DROP TABLE identity.api_token --"],
])('a token %s cannot be revoked: there is none of that id', async (_, id) => {
  const answer = await identity.ask(REVOKE, { token: member.accessToken, variables: { id: id() } });
  expect(answer.errors[0]).toMatchObject({
    message: expect.stringContaining('There is no ApiToken'),
    extensions: { code: 'NOT_FOUND', details: { type: 'ApiToken', id: id() } },
  });
});

it("the list has one's own tokens in pages, newest first, and nobody else's", async () => {
  const made = [];
  for (let index = 0; index < 5; index++)
    made.unshift((await created({ name: `Token ${index}` })).apiToken.id);
  const expected = [...made, member.apiTokenId];
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const { data, errors } = await identity.ask(LIST, {
      token: member.accessToken,
      variables: { first: 2, after },
    });
    expect(errors).toEqual([]);
    const page = data?.apiTokens as {
      totalCount: number;
      nodes: { id: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    expect(page.totalCount).toBe(6);
    seen.push(...page.nodes.map(({ id }) => id));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  expect(seen).toEqual(expected);
});

it("a cursor of a colleague's list is refused", async () => {
  const first = await identity.ask(LIST, { token: account.administrator.accessToken });
  const { endCursor } = (first.data as unknown as { apiTokens: { pageInfo: { endCursor: string } } })
    .apiTokens.pageInfo;
  const answer = await identity.ask(LIST, { token: member.accessToken, variables: { after: endCursor } });
  expect(answer.code).toBe('BAD_USER_INPUT');
});

it('the last use of a token is shown', async () => {
  await identity.ask('{ me { kind } }', { token: member.apiToken });
  for (let tries = 0; ; tries++) {
    const { data } = await identity.ask(LIST, { token: member.accessToken });
    const [token] = (data as unknown as { apiTokens: { nodes: { lastUsedAt: string | null }[] } }).apiTokens
      .nodes;
    if (token?.lastUsedAt) break;
    expect(tries).toBeLessThan(100);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

it('a member holds a hundred live tokens at most', async () => {
  await identity.database.pool.query(
    `INSERT INTO identity.api_token (account_id, id, user_id, name, prefix, token_hash, permissions, expires_at)
     SELECT $1, platform.uuid_v7(), $2, 'Many', 'iroko_aaaaaa', sha256(n::text::bytea), '{}', now() + interval '1 day'
     FROM generate_series(1, 99) n`,
    [account.accountId, member.userId],
  );
  expect((await create({ name: 'One more' })).errors[0]?.extensions).toMatchObject({
    code: 'LIMIT_EXCEEDED',
    details: { maximum: 100, actual: 100 },
  });
});

it('every permission there is can be put on a token by whoever holds it', async () => {
  const answer = await create(
    { name: 'All', permissions: ALL_PERMISSIONS },
    account.administrator.accessToken,
  );
  expect((answer.data as unknown as { createApiToken: Created }).createApiToken.apiToken.permissions).toEqual(
    [...ALL_PERMISSIONS].sort(),
  );
});
