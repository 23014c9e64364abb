/**
 * Whom somebody puts into a team: a manager of some units those alone, and nobody themselves.
 */
import {
  type SeededAccount,
  type SeededMember,
  seedAccount,
  seedMember,
  seedReleasedUnits,
} from '@iroko/testing';
import type { Permission } from '@iroko/viewer';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const FIELDS = 'id revision users { id }';
const CREATE = `mutation ($input: CreateTeamInput!) { team: createTeam(input: $input) { ${FIELDS} } }`;
const UPDATE = `mutation ($input: UpdateTeamInput!) { team: updateTeam(input: $input) { ${FIELDS} } }`;
const REMOVE = 'mutation ($id: ID!, $revision: Int!) { removeTeam(id: $id, expectedRevision: $revision) }';

interface Team {
  id: string;
  revision: number;
  users: { id: string }[];
}

let identity: IdentityUnderTest;
let account: SeededAccount;
let north: string;
let south: string;
let manager: SeededMember;
let within: SeededMember;
let beyond: SeededMember;
let named = 0;

beforeAll(async () => {
  identity = await identityUnderTest();
  account = await seedAccount(identity.database);
  const db = identity.database.forAccount(account.actor);
  [north, south] = (await seedReleasedUnits(db, ['north', 'south'])).unitIds as [string, string];
});
afterAll(() => identity.close());
beforeEach(async () => {
  manager = await member([north], ['users.read', 'users.manage', 'teams.edit']);
  within = await member([north]);
  beyond = await member([south]);
});

const member = (unitIds: string[], permissions: Permission[] = []) =>
  seedMember(identity.database, account.accountId, { permissions, scope: { unitIds } });

const ask = (query: string, variables: Record<string, unknown>, by = manager) =>
  identity.ask(query, { token: by.accessToken, variables });
const create = (input: object, by?: SeededMember) =>
  ask(CREATE, { input: { name: `Team ${++named}`, kind: 'USERS', ...input } }, by);
const update = (team: Team, input: object, by?: SeededMember) =>
  ask(UPDATE, { input: { id: team.id, expectedRevision: team.revision, ...input } }, by);

async function made(input: object, by = account.administrator): Promise<Team> {
  const { data, errors } = await create(input, by);
  expect(errors).toEqual([]);
  return data?.team as Team;
}

it('nobody puts themselves into a team or takes themselves out, not even an administrator', async () => {
  const { administrator } = account;
  for (const somebody of [manager, administrator]) {
    expect((await create({ userIds: [somebody.userId] }, somebody)).code).toBe('FORBIDDEN');
    const other = await made({ userIds: [within.userId] });
    expect((await update(other, { userIds: [somebody.userId, within.userId] }, somebody)).code).toBe(
      'FORBIDDEN',
    );
  }
  const both = await made({ userIds: [manager.userId, within.userId] });
  expect((await update(both, { userIds: [within.userId] })).code).toBe('FORBIDDEN');
  expect((await update(both, { userIds: [manager.userId] })).errors).toEqual([]);
});

it('a manager of some units puts in and takes out those who lie within', async () => {
  expect((await create({ userIds: [within.userId] })).errors).toEqual([]);
  expect((await create({ userIds: [beyond.userId] })).code).toBe('FORBIDDEN');
  expect((await create({ userIds: [account.administrator.userId] })).code).toBe('FORBIDDEN');
  const mixed = await made({ userIds: [within.userId, beyond.userId] });
  expect((await update(mixed, { userIds: [within.userId] })).code).toBe('FORBIDDEN');
  expect((await update(mixed, { userIds: [beyond.userId] })).errors).toEqual([]);
});

it('they rename, move and remove no team in which others are, at any depth', async () => {
  const mixed = await made({ userIds: [within.userId, beyond.userId] });
  const above = await made({ kind: 'TEAMS' });
  const own = await made({ userIds: [within.userId] });
  expect((await update(mixed, { name: 'Mine' })).code).toBe('FORBIDDEN');
  expect((await ask(REMOVE, { id: mixed.id, revision: 1 })).code).toBe('FORBIDDEN');
  expect((await update(own, { parentId: above.id })).errors).toEqual([]);
  expect((await update(mixed, { parentId: above.id }, account.administrator)).errors).toEqual([]);
  expect((await update(above, { name: 'Mine too' })).code).toBe('FORBIDDEN');
  expect((await create({ parentId: above.id })).code).toBe('FORBIDDEN');
  expect((await update({ ...own, revision: 2 }, { parentId: null })).code).toBe('FORBIDDEN');
  expect((await update({ ...own, revision: 2 }, { name: `Ours ${north}` })).errors).toEqual([]);
  expect((await ask(REMOVE, { id: own.id, revision: 3 })).errors).toEqual([]);
});

it('whoever is no member any more is in no team, and comes back to none', async () => {
  const team = await made({ userIds: [within.userId, beyond.userId] });
  await ask('mutation ($id: ID!) { endMembership(userId: $id) { id } }', { id: within.userId });
  const { data } = await ask('query ($id: ID!) { team(id: $id) { users { id } revision } }', { id: team.id });
  expect(data).toEqual({ team: { users: [{ id: beyond.userId }], revision: 2 } });
});
