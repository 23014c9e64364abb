import { type SeededAccount, type SeededMember, seedMember, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const UPDATE = `mutation ($input: UpdateMembershipInput!) {
  updateMembership(input: $input) { id membership { permissions effectivePermissions revision } }
}`;
const END =
  'mutation ($user: ID!) { endMembership(userId: $user) { id membership { endedAt roles { id } } } }';
const USERS = `query ($first: Int, $after: String, $filter: UserFilterInput) {
  users(first: $first, after: $after, filter: $filter) {
    totalCount nodes { id email membership { revision } } pageInfo { hasNextPage endCursor }
  }
}`;

interface UserPage {
  totalCount: number;
  nodes: { id: string; email: string | null; membership: unknown }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let member: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());
beforeEach(async () => {
  ({ account, twin } = await seedTwins(identity.database));
  member = await seedMember(identity.database, account.accountId, { permissions: ['org_units.read'] });
});

const ask = (query: string, variables: Record<string, unknown>, token = account.administrator.accessToken) =>
  identity.ask(query, { token, variables });

const users = async (variables: Record<string, unknown> = {}, token?: string) =>
  (await ask(USERS, variables, token)).data?.users as UserPage;

it('the users of an account are listed page by page, and nobody of its twin', async () => {
  const page = await users({ first: 1 });
  expect(page).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
  const rest = await users({ first: 5, after: page.pageInfo.endCursor });
  expect([...page.nodes, ...rest.nodes].map(({ id }) => id).sort()).toEqual(
    [account.administrator.userId, member.userId].sort(),
  );
});

it('a list by role has those who have it', async () => {
  const { nodes, totalCount } = await users({ filter: { roleId: account.administratorRoleId } });
  expect({ ids: nodes.map(({ id }) => id), totalCount }).toEqual({
    ids: [account.administrator.userId],
    totalCount: 1,
  });
  expect((await ask(USERS, { filter: { roleId: 'x' } })).code).toBe('BAD_USER_INPUT');
});

it('direct permissions are changed, and hold at once', async () => {
  const input = { userId: member.userId, expectedRevision: 1, permissions: ['forms.read', 'forms.read'] };
  const { data } = await ask(UPDATE, { input });
  const permissions = ['forms.read'];
  expect(data).toEqual({
    updateMembership: {
      id: member.userId,
      membership: { permissions, effectivePermissions: permissions, revision: 2 },
    },
  });
  const mine = await identity.ask('{ me { permissions } }', { token: member.accessToken });
  expect(mine.data).toEqual({ me: { permissions } });
  expect((await ask(UPDATE, { input })).code).toBe('CONFLICT');
});

it('the change stands in the log with what was before', async () => {
  await ask(UPDATE, { input: { userId: member.userId, expectedRevision: 1, permissions: [] } });
  const { rows } = await identity.database.pool.query(
    `SELECT action, user_id, fields_before, fields_after FROM platform.change_event
     WHERE account_id = $1 AND subject_type = 'Membership' AND subject_id = $2`,
    [account.accountId, member.userId],
  );
  expect(rows).toEqual([
    {
      action: 'UPDATE',
      user_id: account.administrator.userId,
      fields_before: { permissions: ['org_units.read'] },
      fields_after: { permissions: [] },
    },
  ]);
});

it.each<[string, () => Record<string, unknown>, string]>([
  ['oneself', () => ({ userId: account.administrator.userId, permissions: [] }), 'FORBIDDEN'],
  ['a user of the twin', () => ({ userId: twin.administrator.userId, permissions: [] }), 'NOT_FOUND'],
  ['an id that is none', () => ({ userId: 'x', permissions: [] }), 'NOT_FOUND'],
  ['a permission that is none', () => ({ userId: member.userId, permissions: ['x'] }), 'BAD_USER_INPUT'],
])('a change of %s is refused', async (_, change, code) => {
  expect((await ask(UPDATE, { input: { expectedRevision: 1, ...change() } })).code).toBe(code);
});

it('a manager neither gives nor takes what they do not hold, and does not end who holds more', async () => {
  const manager = await seedMember(identity.database, account.accountId, {
    permissions: ['users.manage', 'org_units.read'],
  });
  const change = (permissions: string[]) =>
    ask(UPDATE, { input: { userId: member.userId, expectedRevision: 1, permissions } }, manager.accessToken);
  expect((await change(['org_units.read', 'forms.read'])).code).toBe('FORBIDDEN');
  const end = (user: string) => ask(END, { user }, manager.accessToken);
  expect((await end(account.administrator.userId)).code).toBe('FORBIDDEN');
  expect((await end(member.userId)).errors).toEqual([]);
});

it('whoever is no member any more is refused everywhere, and comes back with nothing', async () => {
  const { errors, data } = await ask(END, { user: member.userId });
  expect(errors).toEqual([]);
  expect(data).toEqual({
    endMembership: { id: member.userId, membership: { endedAt: expect.any(String), roles: [] } },
  });
  for (const token of [member.accessToken, member.apiToken]) {
    await expect(identity.ask('{ me { kind } }', { token })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  }
  expect((await users()).nodes.map(({ id }) => id)).not.toContain(member.userId);
  expect((await users({ filter: { ended: true } })).nodes.map(({ id }) => id)).toEqual([member.userId]);
  const { rows } = await identity.database.pool.query(
    `SELECT permissions, (SELECT count(*)::int FROM identity.api_token t
       WHERE t.account_id = m.account_id AND t.user_id = m.user_id AND t.revoked_at IS NULL) AS tokens
     FROM identity.membership m WHERE account_id = $1 AND user_id = $2`,
    [account.accountId, member.userId],
  );
  expect(rows).toEqual([{ permissions: [], tokens: 0 }]);
  expect((await ask(END, { user: member.userId })).code).toBe('NOT_FOUND');
});

it('without users.read others keep their roles to themselves', async () => {
  const { data } = await ask(
    '{ me { user { membership { permissions } } } _entities(representations: []) { __typename } }',
    {},
    member.accessToken,
  );
  expect(data).toMatchObject({ me: { user: { membership: { permissions: ['org_units.read'] } } } });
  const others = await ask(
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { email membership { revision } } } }',
    { r: [{ __typename: 'User', id: account.administrator.userId }] },
    member.accessToken,
  );
  expect(others.data).toEqual({ _entities: [{ email: null, membership: null }] });
});
