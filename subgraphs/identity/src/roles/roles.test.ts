import { sealAll } from '@iroko/changes';
import { type SeededAccount, type SeededMember, seedMember, seedTwins } from '@iroko/testing';
import { ALL_PERMISSIONS } from '@iroko/viewer';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const CREATE = `mutation ($name: String!, $permissions: [String!]!) {
  createRole(input: { name: $name, permissions: $permissions }) { id name permissions everyPermission revision }
}`;
const UPDATE = `mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { name permissions revision } }`;
const REMOVE = 'mutation ($id: ID!, $revision: Int!) { removeRole(id: $id, expectedRevision: $revision) }';
const GIVE = `mutation ($user: ID!, $role: ID!) {
  giveRole(userId: $user, roleId: $role) { membership { roles { id } effectivePermissions } }
}`;
const TAKE = `mutation ($user: ID!, $role: ID!) {
  takeRole(userId: $user, roleId: $role) { membership { roles { id } effectivePermissions } }
}`;

interface Role {
  id: string;
  name: string;
  permissions: string[];
  revision: number;
}

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let manager: SeededMember;
let made = 0;

beforeAll(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
  manager = await seedMember(identity.database, account.accountId, {
    permissions: ['roles.manage', 'users.read', 'org_units.read'],
  });
});
afterAll(() => identity.close());

const ask = (query: string, variables: Record<string, unknown>, token = manager.accessToken) =>
  identity.ask(query, { token, variables });

async function createRole(permissions: string[], token = account.administrator.accessToken): Promise<Role> {
  const { data, errors } = await ask(CREATE, { name: `Role ${++made}`, permissions }, token);
  expect(errors).toEqual([]);
  return data?.createRole as Role;
}

it('the published list of permissions is open to everybody, by module', async () => {
  const { data } = await identity.ask('{ permissions { name module description } }');
  const list = (data as { permissions: { name: string }[] }).permissions;
  expect(list.map(({ name }) => name)).toEqual(ALL_PERMISSIONS);
  expect(list).toContainEqual({
    name: 'roles.manage',
    module: 'IDENTITY',
    description: 'Define roles and give them.',
  });
});

describe('the list by module', () => {
  const BY_MODULE = '{ modules { name description isOn permissions { name description } } }';
  interface Listed {
    name: string;
    description: string;
    isOn: boolean;
    permissions: { name: string }[];
  }
  const listed = async (token?: string) =>
    (await identity.ask(BY_MODULE, token === undefined ? {} : { token })).data?.modules as Listed[];

  it('is open to everybody and has each permission once, with its module', async () => {
    const list = await listed();
    expect(list.flatMap(({ permissions }) => permissions.map(({ name }) => name)).sort()).toEqual(
      [...ALL_PERMISSIONS].sort(),
    );
    for (const module of list)
      expect(module).toMatchObject({ isOn: true, description: expect.stringMatching(/\w.*\.$/) });
  });

  it('tells members which are on in their account', async () => {
    const { accessToken } = account.administrator;
    await identity.database.pool.query(
      `UPDATE identity.account SET modules = '{GEOREGISTRY}' WHERE id = $1`,
      [account.accountId],
    );
    const on = (await listed(accessToken)).filter(({ isOn }) => isOn).map(({ name }) => name);
    await identity.database.pool.query('UPDATE identity.account SET modules = NULL WHERE id = $1', [
      account.accountId,
    ]);
    expect(on.sort()).toEqual(['GEOREGISTRY', 'IDENTITY', 'PLATFORM']);
  });
});

it('what a member may do is the union of roles and direct permissions, at once', async () => {
  const member = await seedMember(identity.database, account.accountId, { permissions: ['sources.read'] });
  const one = await createRole(['org_units.read', 'forms.read']);
  const other = await createRole(['forms.read', 'datasets.read']);
  const admin = account.administrator.accessToken;
  await ask(GIVE, { user: member.userId, role: one.id }, admin);
  const { data } = await ask(GIVE, { user: member.userId, role: other.id }, admin);
  const union = ['datasets.read', 'forms.read', 'org_units.read', 'sources.read'];
  expect(data).toMatchObject({ giveRole: { membership: { effectivePermissions: union } } });
  const mine = await identity.ask('{ me { permissions } }', { token: member.accessToken });
  expect(mine.data).toEqual({ me: { permissions: union } });
  const taken = await ask(TAKE, { user: member.userId, role: one.id }, admin);
  expect(taken.data).toMatchObject({
    takeRole: { membership: { effectivePermissions: ['datasets.read', 'forms.read', 'sources.read'] } },
  });
});

it('giving twice and taking twice is no error, and is one change each', async () => {
  const member = await seedMember(identity.database, account.accountId);
  const role = await createRole(['org_units.read']);
  for (const query of [GIVE, GIVE, TAKE, TAKE]) {
    expect((await ask(query, { user: member.userId, role: role.id })).errors).toEqual([]);
  }
  await sealAll(identity.database.system, account.accountId);
  const { rows } = await identity.database.pool.query(
    `SELECT action FROM platform.change_event WHERE account_id = $1 AND subject_id = $2 ORDER BY position`,
    [account.accountId, member.userId],
  );
  expect(rows).toEqual([{ action: 'GIVE_ROLE' }, { action: 'TAKE_ROLE' }]);
});

describe('nobody grants what they do not hold', () => {
  it.each([
    ['in a new role', () => ask(CREATE, { name: 'Too much', permissions: ['datasets.edit'] })],
    [
      'in a role that is changed',
      async () => {
        const { id, revision } = await createRole(['org_units.read']);
        const permissions = ['org_units.read', 'datasets.edit'];
        return ask(UPDATE, { input: { id, expectedRevision: revision, permissions } });
      },
    ],
    [
      'by giving a role',
      async () => {
        const member = await seedMember(identity.database, account.accountId);
        const { id } = await createRole(['org_units.read', 'datasets.edit']);
        return ask(GIVE, { user: member.userId, role: id });
      },
    ],
  ])('%s', async (_, attempt) => {
    const { errors, code } = await attempt();
    expect(code).toBe('FORBIDDEN');
    expect(errors[0]?.extensions?.details).toEqual({ permission: 'datasets.edit' });
  });

  it('nor takes it away: from a role, from a member, or with the role', async () => {
    const member = await seedMember(identity.database, account.accountId);
    const { id, revision } = await createRole(['org_units.read', 'datasets.edit']);
    await ask(GIVE, { user: member.userId, role: id }, account.administrator.accessToken);
    const codes = [
      await ask(UPDATE, { input: { id, expectedRevision: revision, permissions: ['org_units.read'] } }),
      await ask(TAKE, { user: member.userId, role: id }),
      await ask(REMOVE, { id, revision }),
    ].map(({ code }) => code);
    expect(codes).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
  });

  it('with a token no more than the token may', async () => {
    const narrow = await seedMember(identity.database, account.accountId, {
      permissions: ['roles.manage', 'org_units.read'],
      tokenPermissions: ['roles.manage'],
    });
    const { code } = await ask(
      CREATE,
      { name: 'By token', permissions: ['org_units.read'] },
      narrow.apiToken,
    );
    expect(code).toBe('FORBIDDEN');
  });

  it('the administrator role is given only by one who has it, signed in', async () => {
    const everything = await seedMember(identity.database, account.accountId, {
      permissions: ALL_PERMISSIONS,
    });
    const member = await seedMember(identity.database, account.accountId);
    const give = { user: member.userId, role: account.administratorRoleId };
    const { accessToken, apiToken } = account.administrator;
    expect((await ask(GIVE, give, everything.accessToken)).code).toBe('FORBIDDEN');
    expect((await ask(GIVE, give, apiToken)).code).toBe('FORBIDDEN');
    expect((await ask(GIVE, give, accessToken)).errors).toEqual([]);
  });
});

it('nobody changes themselves, so the last administrator stays one', async () => {
  const { userId, accessToken } = account.administrator;
  const itself = { user: userId, role: account.administratorRoleId };
  expect((await ask(TAKE, itself, accessToken)).code).toBe('FORBIDDEN');
  const gone = await ask(REMOVE, { id: account.administratorRoleId, revision: 1 }, accessToken);
  expect(gone.code).toBe('FORBIDDEN');
  const own = await createRole(['org_units.read']);
  expect((await ask(GIVE, { user: manager.userId, role: own.id })).code).toBe('FORBIDDEN');
});

it('two administrators who take the role from each other at once do not both lose it', async () => {
  const both = await Promise.all(
    [1, 2].map(() => seedMember(identity.database, twin.accountId, { roleIds: [twin.administratorRoleId] })),
  );
  const [one, other] = both as [SeededMember, SeededMember];
  const role = twin.administratorRoleId;
  const answers = await Promise.all([
    ask(TAKE, { user: other.userId, role }, one.accessToken),
    ask(TAKE, { user: one.userId, role }, other.accessToken),
  ]);
  expect(answers.map(({ code }) => code ?? 'taken').sort()).toEqual(['FORBIDDEN', 'taken']);
});

it('a role that is removed is taken from everybody', async () => {
  const member = await seedMember(identity.database, account.accountId);
  const { id, revision } = await createRole(['org_units.read']);
  await ask(GIVE, { user: member.userId, role: id });
  expect((await ask(REMOVE, { id, revision })).data).toEqual({ removeRole: true });
  const { data } = await identity.ask('{ me { permissions } }', { token: member.accessToken });
  expect(data).toEqual({ me: { permissions: [] } });
  expect((await ask(REMOVE, { id, revision })).code).toBe('NOT_FOUND');
});

it('a change of a role that somebody else changed first is a conflict', async () => {
  const { id, revision } = await createRole(['org_units.read']);
  const input = { id, expectedRevision: revision, name: `Renamed ${id}` };
  expect((await ask(UPDATE, { input })).data).toEqual({
    updateRole: { name: input.name, permissions: ['org_units.read'], revision: 2 },
  });
  const late = await ask(UPDATE, { input });
  expect(late.errors[0]?.extensions).toMatchObject({
    code: 'CONFLICT',
    details: { expectedRevision: 1, actualRevision: 2 },
  });
});

it.each<[string, string, string[], string]>([
  ['an empty name', ' ', ['org_units.read'], 'BAD_USER_INPUT'],
  ['a name of 10,000 characters', 'x'.repeat(10_000), ['org_units.read'], 'BAD_USER_INPUT'],
  ['a name that differs by case and accent alone', 'ÁDMINISTRATOR', ['org_units.read'], 'CONFLICT'],
  ['a permission that is none', 'New', ['org_units.destroy'], 'BAD_USER_INPUT'],
  ['a permission named like what every object has', 'New', ['constructor'], 'BAD_USER_INPUT'],
])('a role with %s is refused', async (_, name, permissions, code) => {
  expect((await ask(CREATE, { name, permissions })).code).toBe(code);
});

it('the list is by name, page by page, and shows no role of the twin', async () => {
  for (const name of ['Zone manager', 'Éditeur', 'analyst']) {
    await ask(CREATE, { name, permissions: [] }, twin.administrator.accessToken);
  }
  const names: string[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { data } = await ask(
      'query ($after: String) { roles(first: 2, after: $after) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } }',
      { after },
      twin.administrator.accessToken,
    );
    const page = (data as unknown as { roles: RolePage }).roles;
    expect(page.totalCount).toBe(4);
    names.push(...page.nodes.map(({ name }) => name));
    after = page.pageInfo.endCursor;
    more = page.pageInfo.hasNextPage;
  }
  expect(names).toEqual(['Administrator', 'analyst', 'Éditeur', 'Zone manager']);
});

interface RolePage {
  totalCount: number;
  nodes: { name: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}
