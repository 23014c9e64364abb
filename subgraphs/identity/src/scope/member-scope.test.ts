/**
 * Who gives which reach to whom: nobody a reach that they do not have, nobody to somebody who reaches further, and
 * nobody to themselves.
 */
import { newId } from '@iroko/database';
import {
  type SeededAccount,
  type SeededMember,
  type SeededScope,
  seedMember,
  seedReleasedUnits,
  seedTwins,
} from '@iroko/testing';
import { ALL_PERMISSIONS, type Permission } from '@iroko/viewer';
import { type Answer, type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const UPDATE = `mutation ($input: UpdateMembershipInput!) {
  updateMembership(input: $input) { membership { scope { orgUnitIds projectIds writableTypeIds } revision } }
}`;
const ME = '{ me { scope { orgUnitIds projectIds writableTypeIds } } }';
const NONE = { orgUnitIds: null, projectIds: null, writableTypeIds: null };

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let north: string;
let south: string;
let theirs: string;
let project: string;

const dataOf = ({ data }: Pick<Answer, 'data'>): Record<string, unknown> => data ?? {};

beforeAll(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
  const own = await seedReleasedUnits(identity.database.forAccount(account.actor), ['north', 'south']);
  [north, south] = own.unitIds as [string, string];
  const other = await seedReleasedUnits(identity.database.forAccount(twin.actor), ['north']);
  [theirs] = other.unitIds as [string];
  const made = await identity.ask('mutation { createProject(input: { name: "Surveys" }) { id } }', {
    token: account.administrator.accessToken,
  });
  ({ id: project } = dataOf(made).createProject as { id: string });
});
afterAll(() => identity.close());

const member = (permissions: readonly Permission[] = [], scope: SeededScope = {}): Promise<SeededMember> =>
  seedMember(identity.database, account.accountId, { permissions, scope });
const manager = (scope: SeededScope, permissions: readonly Permission[] = ALL_PERMISSIONS) =>
  member(permissions, scope);
const give = (by: SeededMember, to: SeededMember, input: object, revision = 1) =>
  identity.ask(UPDATE, {
    token: by.accessToken,
    variables: { input: { userId: to.userId, expectedRevision: revision, ...input } },
  });

it('an administrator limits a member, who sees it and is limited at once', async () => {
  const limited = await member();
  const scope = { orgUnitIds: [north], projectIds: [project], writableTypeIds: [] };
  const { data, errors } = await give(account.administrator, limited, { scope });
  expect(errors).toEqual([]);
  expect(data).toEqual({ updateMembership: { membership: { scope, revision: 2 } } });
  expect((await identity.ask(ME, { token: limited.accessToken })).data).toEqual({ me: { scope } });
});

it('a scope that is left out stays, and one without a limit takes the limit away', async () => {
  const limited = await member([], { unitIds: [north] });
  const { administrator } = account;
  await give(administrator, limited, { permissions: ['org_units.read'] });
  const kept = await identity.ask(ME, { token: limited.accessToken });
  expect(kept.data).toMatchObject({ me: { scope: { orgUnitIds: [north] } } });
  await give(administrator, limited, { scope: {} }, 2);
  expect((await identity.ask(ME, { token: limited.accessToken })).data).toEqual({ me: { scope: NONE } });
});

it('a scope of nothing is not the same as no limit', async () => {
  const limited = await member();
  await give(account.administrator, limited, { scope: { orgUnitIds: [] } });
  const { data } = await identity.ask(ME, { token: limited.accessToken });
  expect(data).toEqual({ me: { scope: { ...NONE, orgUnitIds: [] } } });
});

it.each<[string, () => object, string]>([
  ['a unit that never was', () => ({ orgUnitIds: [newId()] }), 'NOT_FOUND'],
  ['a unit of another account', () => ({ orgUnitIds: [theirs] }), 'NOT_FOUND'],
  ['a project that never was', () => ({ projectIds: [newId()] }), 'NOT_FOUND'],
  ['a type that never was', () => ({ writableTypeIds: [newId()] }), 'NOT_FOUND'],
  ['what is no id', () => ({ orgUnitIds: ['the north'] }), 'BAD_USER_INPUT'],
  ['201 units', () => ({ orgUnitIds: Array.from({ length: 201 }, newId) }), 'LIMIT_EXCEEDED'],
])('a scope that names %s is refused', async (_, scope, code) => {
  expect((await give(account.administrator, await member(), { scope: scope() })).code).toBe(code);
});

describe('a manager whose scope is a part', () => {
  const inNorth = { unitIds: () => [north] };

  it('gives what lies in it, and neither more nor what has no limit', async () => {
    const by = await manager({ unitIds: inNorth.unitIds() });
    const scoped = () => member([], { unitIds: [north] });
    expect((await give(by, await scoped(), { scope: { orgUnitIds: [north] } })).errors).toEqual([]);
    expect((await give(by, await scoped(), { scope: { orgUnitIds: [south] } })).code).toBe('NOT_FOUND');
    expect((await give(by, await scoped(), { scope: {} })).code).toBe('FORBIDDEN');
  });

  it('changes nobody who reaches further: neither permissions, nor roles, nor the membership', async () => {
    const by = await manager({ unitIds: inNorth.unitIds() });
    for (const scope of [{}, { unitIds: [south] }, { unitIds: [north, south] }]) {
      const beyond = await member([], scope);
      expect((await give(by, beyond, { permissions: ['org_units.read'] })).code).toBe('FORBIDDEN');
      const ask = (query: string) =>
        identity.ask(query, {
          token: by.accessToken,
          variables: { user: beyond.userId, role: account.administratorRoleId },
        });
      expect((await ask('mutation ($user: ID!) { endMembership(userId: $user) { id } }')).code).toBe(
        'FORBIDDEN',
      );
      const GIVE = 'mutation ($user: ID!, $role: ID!) { giveRole(userId: $user, roleId: $role) { id } }';
      expect((await ask(GIVE)).code).toBe('FORBIDDEN');
    }
  });

  it('changes no role, since others have it elsewhere', async () => {
    const by = await manager({ unitIds: inNorth.unitIds() });
    const { code } = await identity.ask(
      'mutation ($id: ID!) { updateRole(input: { id: $id, expectedRevision: 1, name: "Mine" }) { id } }',
      { token: by.accessToken, variables: { id: account.administratorRoleId } },
    );
    expect(code).toBe('FORBIDDEN');
  });

  it('is bound by a list of projects and of types in the same way', async () => {
    const by = await manager({ projectIds: [project], writableTypeIds: [] });
    const target = () => member([], { projectIds: [project], writableTypeIds: [] });
    const types = { writableTypeIds: [] };
    const fine = await give(by, await target(), { scope: { projectIds: [], ...types } });
    expect(fine.errors).toEqual([]);
    expect((await give(by, await target(), { scope: types })).code).toBe('FORBIDDEN');
    expect((await give(by, await target(), { scope: { projectIds: [project] } })).code).toBe('FORBIDDEN');
    expect((await give(by, await member(), { permissions: [] })).code).toBe('FORBIDDEN');
  });
});

describe('a list of users', () => {
  const LIST = '{ users(first: 500) { totalCount nodes { id } } }';
  const LOOK_UP = `query ($r: [_Any!]!) {
    _entities(representations: $r) { ... on User { firstName email phone membership { revision } } }
  }`;
  const seenBy = async (by: SeededMember) => {
    const { users } = dataOf(await identity.ask(LIST, { token: by.accessToken })) as {
      users: { totalCount: number; nodes: { id: string }[] };
    };
    expect(users.totalCount).toBe(users.nodes.length);
    return users.nodes.map(({ id }) => id);
  };
  const lookUp = async (by: SeededMember, id: string) =>
    dataOf(
      await identity.ask(`${LOOK_UP}`, {
        token: by.accessToken,
        variables: { r: [{ __typename: 'User', id }] },
      }),
    )._entities;
  const name = expect.any(String);

  it('has, for a scope of units, oneself and those whose units lie in it', async () => {
    const by = await manager({ unitIds: [north] }, ['users.read']);
    const within = await member([], { unitIds: [north] });
    const others = [
      account.administrator,
      await member(),
      await member([], { unitIds: [south] }),
      await member([], { unitIds: [north, south] }),
    ];
    const seen = await seenBy(by);
    expect(seen).toEqual(expect.arrayContaining([by.userId, within.userId]));
    for (const { userId } of others) expect(seen).not.toContain(userId);
    expect(await seenBy(account.administrator)).toEqual(
      expect.arrayContaining([by.userId, ...others.map(({ userId }) => userId)]),
    );
    expect(await seenBy(await manager({ writableTypeIds: [] }))).toContain(account.administrator.userId);
  });

  it('has, for a scope of projects, those of no other project', async () => {
    const by = await manager({ projectIds: [project] }, ['users.read']);
    const within = await member([], { projectIds: [project], unitIds: [south] });
    const beyond = [await member([], { projectIds: [project, newId()] }), await member()];
    const seen = await seenBy(by);
    expect(seen).toContain(within.userId);
    for (const { userId } of beyond) expect(seen).not.toContain(userId);
  });

  it('has, for a scope of nothing, oneself and those who reach nothing', async () => {
    const by = await manager({ unitIds: [] }, ['users.read']);
    const within = await member([], { unitIds: [north] });
    const seen = await seenBy(by);
    expect(seen).toContain(by.userId);
    expect(seen).not.toContain(within.userId);
  });

  it('tells by reference the name alone of whoever is out of scope', async () => {
    const by = await manager({ unitIds: [north] }, ['users.read']);
    const beyond = await member([], { unitIds: [south] });
    expect(await lookUp(by, beyond.userId)).toEqual([
      { firstName: name, email: null, phone: null, membership: null },
    ]);
    const within = await member([], { unitIds: [north] });
    expect(await lookUp(by, within.userId)).toMatchObject([{ email: name, membership: { revision: 1 } }]);
    expect(await lookUp(by, by.userId)).toMatchObject([{ email: name, membership: { revision: 1 } }]);
    expect(await lookUp(by, newId())).toEqual([null]);
  });
});

it('nobody widens the reach of a right that they do not hold', async () => {
  const by = await manager({}, ['users.manage', 'org_units.read']);
  const editor = await member(['org_units.read', 'org_units.edit'], { unitIds: [north] });
  const wider = await give(by, editor, { scope: { orgUnitIds: [north, south] } });
  expect(wider.errors[0]?.extensions).toMatchObject({
    code: 'FORBIDDEN',
    details: { permission: 'org_units.edit' },
  });
});

it('nobody changes their own scope', async () => {
  const { administrator } = account;
  expect((await give(administrator, administrator, { scope: {} })).code).toBe('FORBIDDEN');
});

describe('a token', () => {
  const CREATE = `mutation ($input: CreateApiTokenInput!) {
    made: createApiToken(input: $input) { token apiToken { isService scope { orgUnitIds projectIds writableTypeIds } } } }`;
  const SERVICE = CREATE.replace('createApiToken', 'createServiceToken');
  const make = async (by: SeededMember, input: object, query = CREATE) =>
    identity.ask(query, { token: by.accessToken, variables: { input: { name: 'Notebook', ...input } } });
  const scopeBy = async (token: string) => (await identity.ask(ME, { token })).data?.me;

  it('reaches what it names within the reach of its owner, and less when the owner does', async () => {
    const owner = await member(['tokens.own'], { unitIds: [north, south] });
    const { data } = await make(owner, { scope: { orgUnitIds: [south] } });
    const { token } = dataOf({ data }).made as { token: string };
    expect(await scopeBy(token)).toEqual({ scope: { ...NONE, orgUnitIds: [south] } });
    await identity.database.pool.query('UPDATE identity.membership SET unit_ids = $2 WHERE user_id = $1', [
      owner.userId,
      [north],
    ]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await scopeBy(token)).toEqual({ scope: { ...NONE, orgUnitIds: [] } });
  });

  it('cannot name what its owner does not reach', async () => {
    const owner = await member(['tokens.own'], { unitIds: [north] });
    expect((await make(owner, { scope: { orgUnitIds: [south] } })).code).toBe('NOT_FOUND');
  });

  it('of the service takes the scope of its maker along, is nobody, and outlives the membership', async () => {
    const maker = await member(['tokens.manage', 'org_units.read'], { unitIds: [north] });
    const { data } = await make(maker, { permissions: ['org_units.read'] }, SERVICE);
    const made = data?.made as { token: string; apiToken: object };
    expect(made.apiToken).toEqual({ isService: true, scope: { ...NONE, orgUnitIds: [north] } });
    await identity.ask('mutation ($user: ID!) { endMembership(userId: $user) { id } }', {
      token: account.administrator.accessToken,
      variables: { user: maker.userId },
    });
    const WHO = '{ me { kind permissions user { id } scope { orgUnitIds } } }';
    expect((await identity.ask(WHO, { token: made.token })).data).toEqual({
      me: { kind: 'TOKEN', permissions: ['org_units.read'], user: null, scope: { orgUnitIds: [north] } },
    });
  });

  it('of the service holds no permission that its maker does not, grants nothing, and ends when it is revoked', async () => {
    const maker = await member(['tokens.manage', 'users.manage']);
    expect((await make(maker, { permissions: ['org_units.edit'] }, SERVICE)).code).toBe('FORBIDDEN');
    const made = await make(maker, {}, SERVICE);
    const { token } = dataOf(made).made as { token: string };
    const input = { userId: (await member()).userId, expectedRevision: 1, permissions: [] };
    expect((await identity.ask(UPDATE, { token, variables: { input } })).code).toBe('FORBIDDEN');
    const list = await identity.ask('{ serviceTokens { totalCount nodes { id isService } } }', {
      token: maker.accessToken,
    });
    const { nodes } = dataOf(list).serviceTokens as { nodes: { id: string }[] };
    await identity.ask('mutation ($id: ID!) { revokeServiceToken(id: $id) { revokedAt } }', {
      token: maker.accessToken,
      variables: { id: nodes[0]?.id },
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expect(identity.ask(ME, { token })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
