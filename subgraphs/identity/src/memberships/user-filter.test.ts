/**
 * Which members a list, and a change of many, ask for.
 */
import { newId } from '@iroko/database';
import {
  type SeededAccount,
  type SeededMember,
  seedMember,
  seedReleasedUnits,
  seedTwins,
} from '@iroko/testing';
import type { Permission } from '@iroko/viewer';
import fc from 'fast-check';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { userFilter } from './user-filter';

const LIST =
  'query ($filter: UserFilterInput) { users(filter: $filter, first: 100) { totalCount nodes { id } } }';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let country: string;
let district: string;
let clinic: string;
let typeId: string;
let ada: SeededMember;
let grace: SeededMember;
let joan: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
  await seedTree();
  ada = await member(['forms.read'], [country]);
  grace = await member([], [district]);
  joan = await member([], [clinic]);
  await call(
    ada,
    'mutation { updateProfile(input: { firstName: "Élodie", lastName: "N’Goma", organization: "Ministère de la Santé" }) { id } }',
  );
});
afterAll(() => identity.close());

/** A country, a district in it, and a clinic in that one, which has a type. */
async function seedTree(): Promise<void> {
  const db = identity.database.forAccount(account.actor);
  const { unitIds } = await seedReleasedUnits(db, ['country', 'district', 'clinic']);
  [country, district, clinic] = unitIds as [string, string, string];
  typeId = newId();
  const client = await identity.database.pool.connect();
  const { accountId } = account;
  await client.query(
    `INSERT INTO georegistry.org_unit_type (account_id, id, name, name_key) VALUES ($1, $2, 'Clinic', 'clinic')`,
    [accountId, typeId],
  );
  await client.query('SET session_replication_role = replica');
  await client.query(
    'UPDATE georegistry.org_unit_state SET type_id = $3 WHERE account_id = $1 AND unit_id = $2',
    [accountId, clinic, typeId],
  );
  const pathOf = async (id: string) =>
    (
      await client.query(
        'SELECT path FROM georegistry.org_unit_path WHERE account_id = $1 AND unit_id = $2',
        [accountId, id],
      )
    ).rows[0].path as Buffer;
  let above = await pathOf(country);
  for (const id of [district, clinic]) {
    above = Buffer.concat([above, (await pathOf(id)).subarray(-4)]);
    await client.query(
      'UPDATE georegistry.org_unit_path SET path = $3 WHERE account_id = $1 AND unit_id = $2',
      [accountId, id, above],
    );
  }
  await client.query('SET session_replication_role = DEFAULT');
  client.release();
}

const member = (permissions: Permission[], unitIds: string[] | null) =>
  seedMember(identity.database, account.accountId, { permissions, scope: { unitIds } });
const call = (by: SeededMember, query: string, variables = {}) =>
  identity.ask(query, { token: by.accessToken, variables });

async function seen(filter: object, by = account.administrator): Promise<string[]> {
  const { data, errors } = await call(by, LIST, { filter });
  expect(errors).toEqual([]);
  const { totalCount, nodes } = (data as { users: { totalCount: number; nodes: { id: string }[] } }).users;
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ id }) => id).sort();
}
const ids = (...people: SeededMember[]) => people.map(({ userId }) => userId).sort();

it.each(['elod', 'ÉLODIE', 'goma', 'sante', 'ministère de la sa'])(
  'a search for %j finds a part of a name or organization, whatever case and accents',
  async (search) => {
    expect(await seen({ search })).toEqual(ids(ada));
  },
);

it('a search finds a part of an address, and an empty one everybody', async () => {
  expect(await seen({ search: grace.email.toUpperCase() })).toEqual(ids(grace));
  expect(await seen({ search: ' ' })).toHaveLength(4);
  expect(await seen({ search: '%' })).toEqual([]);
});

it('a person is found by their new name at once, and a forgotten name finds nobody', async () => {
  const person = await member([], null);
  await call(person, 'mutation { updateProfile(input: { lastName: "Zamenhof" }) { id } }');
  expect(await seen({ search: 'zamenhof' })).toEqual(ids(person));
  await call(person, 'mutation { updateProfile(input: { lastName: "Other" }) { id } }');
  expect(await seen({ search: 'zamenhof' })).toEqual([]);
  await call(account.administrator, 'mutation ($id: ID!) { endMembership(userId: $id) { id } }', {
    id: person.userId,
  });
});

it('permissions are held directly or by a role', async () => {
  expect(await seen({ permissions: ['forms.read'] })).toEqual(ids(ada, account.administrator));
});

it('by org unit, with those above and below when asked', async () => {
  const at = (orgUnits: object) => seen({ orgUnits: { ids: [district], ...orgUnits } });
  expect(await at({})).toEqual(ids(grace));
  expect(await at({ above: true })).toEqual(ids(ada, grace));
  expect(await at({ below: true })).toEqual(ids(grace, joan));
  expect(await at({ above: true, below: true })).toEqual(ids(ada, grace, joan));
});

it('by type of org units, and by having a limit to some', async () => {
  expect(await seen({ orgUnitTypeIds: [typeId] })).toEqual(ids(joan));
  expect(await seen({ everyOrgUnit: true })).toEqual(ids(account.administrator));
  expect(await seen({ everyOrgUnit: false })).toEqual(ids(ada, grace, joan));
});

it('by id, DHIS2 user, project, role and team; all conditions hold together', async () => {
  const made = async (field: string) => {
    const { data, errors } = await call(account.administrator, `mutation { made: ${field} }`);
    expect(errors).toEqual([]);
    return (data as { made: { id: string } }).made.id;
  };
  const project = await made('createProject(input: { name: "Surveys" }) { id }');
  const team = await made(
    `createTeam(input: { name: "Blue", kind: USERS, userIds: ["${joan.userId}"] }) { id }`,
  );
  const role = await made('createRole(input: { name: "Nothing", permissions: [] }) { id }');
  await made(`giveRole(userId: "${grace.userId}", roleId: "${role}") { id }`);
  await identity.database.pool.query(
    `UPDATE identity.membership SET project_ids = $2, dhis2_id = 'xE7jOejl9FI' WHERE user_id = $1`,
    [ada.userId, [project]],
  );
  expect(await seen({ ids: [ada.userId, joan.userId, newId()] })).toEqual(ids(ada, joan));
  expect(await seen({ dhis2Ids: ['xE7jOejl9FI', 'nobody'] })).toEqual(ids(ada));
  expect(await seen({ projectIds: [project] })).toEqual(ids(ada));
  expect(await seen({ teamIds: [team] })).toEqual(ids(joan));
  expect(await seen({ roleIds: [role, newId()] })).toEqual(ids(grace));
  expect(await seen({ roleId: role })).toEqual(ids(grace));
  expect(await seen({ roleIds: [role], teamIds: [team] })).toEqual([]);
  expect(await seen({ ids: [] })).toEqual([]);
});

it('no filter shows anybody of another account, or beyond the scope of whoever asks', async () => {
  expect(await seen({ ids: [twin.administrator.userId] })).toEqual([]);
  expect(await seen({ search: twin.administrator.email })).toEqual([]);
  const limited = await member(['users.read'], [clinic]);
  expect(await seen({ ids: ids(ada, grace, joan) }, limited)).toEqual(ids(joan));
  expect(await seen({ search: 'elodie' }, limited)).toEqual([]);
  await call(account.administrator, 'mutation ($id: ID!) { endMembership(userId: $id) { id } }', {
    id: limited.userId,
  });
});

it.each<[string, object, string]>([
  ['what is no id', { teamIds: ['x'] }, 'BAD_USER_INPUT'],
  ['a permission that there is not', { permissions: ['fly'] }, 'BAD_USER_INPUT'],
  ['201 ids', { ids: Array.from({ length: 201 }, newId) }, 'LIMIT_EXCEEDED'],
  ['a search of 201 characters', { search: 'x'.repeat(201) }, 'BAD_USER_INPUT'],
  ['one role and several', { roleId: newId(), roleIds: [newId()] }, 'BAD_USER_INPUT'],
])('%s is refused', async (_, filter, code) => {
  expect((await call(account.administrator, LIST, { filter })).code).toBe(code);
});

it('whatever text is searched for is text, and breaks nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 50 }), async (search) => {
      expect(() => userFilter({ search })).not.toThrow();
      await seen({ search });
    }),
    { numRuns: 30, examples: [['\0'], ['a\0b'], ['\ud800']] },
  );
});
