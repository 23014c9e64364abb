import { newId } from '@iroko/database';
import { seedMember } from '@iroko/testing';
import { ListedUnits } from '../testing/listed-units';
import type { Data } from '../testing/registry';

let tree: ListedUnits;
let malaria: string;
let polio: string;
let clinic: Data;

async function project(name: string, accountId = tree.registry.account.accountId): Promise<string> {
  const id = newId();
  await tree.registry.database.pool.query(
    'INSERT INTO identity.project (account_id, id, name, name_key) VALUES ($1, $2, $3, $3)',
    [accountId, id, name],
  );
  return id;
}

const create = (input: Record<string, unknown>, member?: { accessToken: string }) =>
  tree.registry.ask(
    'mutation ($input: CreateOrgUnitTypeInput!) { createOrgUnitType(input: $input) { id revision projectIds } }',
    { input: { name: `Type ${newId()}`, ...input } },
    member,
  );
const update = (type: Data, input: Record<string, unknown>, member?: { accessToken: string }) =>
  tree.registry.ask(
    `mutation ($id: ID!, $revision: Int!, $input: UpdateOrgUnitTypeInput!) {
      updateOrgUnitType(id: $id, expectedRevision: $revision, input: $input) { id revision projectIds } }`,
    { id: type.id, revision: type.revision, input },
    member,
  );

beforeAll(async () => {
  tree = await ListedUnits.seed();
  [malaria, polio] = [await project('malaria'), await project('polio')];
  clinic = (await create({ projectIds: [malaria] })).data.createOrgUnitType;
  const open = (await create({})).data.createOrgUnitType;
  const { unitId } = tree.units.goma;
  await tree.story.unit(tree.source.id, { name: 'of malaria', typeId: clinic.id, parentId: unitId });
  await tree.story.unit(tree.source.id, { name: 'of all', typeId: open.id, parentId: unitId });
});
afterAll(() => tree.registry.close());

const keptBelowGoma = (projects: string[]) => tree.named({ projects, parent: tree.units.goma.unitId });

it('a type says which projects work with it, sorted, and all do where it says none', async () => {
  expect(clinic.projectIds).toEqual([malaria]);
  const both = await create({ projectIds: [polio, malaria, malaria] });
  expect(both.data.createOrgUnitType.projectIds).toEqual([malaria, polio].sort());
  const all = await update(both.data.createOrgUnitType, { projectIds: null });
  expect(all.data.updateOrgUnitType.projectIds).toBeNull();
});

it('lists are filtered by projects: units of their types, and of types for all projects', async () => {
  expect(await keptBelowGoma([malaria])).toEqual(['of all', 'of malaria']);
  expect(await keptBelowGoma([polio])).toEqual(['of all']);
  expect(await keptBelowGoma([polio, malaria])).toEqual(['of all', 'of malaria']);
});

it('a project that is not there keeps nothing, be it another account’s', async () => {
  const theirs = await project('theirs', tree.registry.twin.accountId);
  for (const id of [newId(), 'x', theirs]) expect(await keptBelowGoma([id])).toEqual([]);
  for (const id of [newId(), 'x', theirs]) {
    expect((await create({ projectIds: [id] })).code).toBe('BAD_USER_INPUT');
  }
});

it('a member of some projects sees those of a type, asks for those, and changes none', async () => {
  const member = await seedMember(tree.registry.database, tree.registry.account.accountId, {
    permissions: ['org_units.read', 'org_units.edit', 'types.edit'],
    scope: { projectIds: [polio] },
  });
  const TYPE = 'query ($id: ID!) { orgUnitType(id: $id) { projectIds } }';
  const { data } = await tree.registry.ask(TYPE, { id: clinic.id }, member);
  expect(data.orgUnitType.projectIds).toEqual([]);
  const LIST =
    'query ($source: ID!, $filter: OrgUnitFilter) { orgUnits(dataSource: $source, filter: $filter) { totalCount } }';
  const asked = { source: tree.source.id, filter: { projects: [malaria] } };
  expect((await tree.registry.ask(LIST, asked, member)).data.orgUnits.totalCount).toBe(0);
  expect((await update(clinic, { projectIds: [polio] }, member)).code).toBe('FORBIDDEN');
  expect((await create({ projectIds: [polio] }, member)).code).toBe('FORBIDDEN');
  expect((await update(clinic, { shortName: 'C' }, member)).code).toBeUndefined();
});
