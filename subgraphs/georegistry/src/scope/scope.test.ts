/**
 * A viewer whose scope ends at org units sees of a tree what lies at or below them, in every version by itself, and
 * edits nothing else. What lies outside is, to them, what never was.
 */
import { newId } from '@iroko/database';
import { type SeededMember, seedMember } from '@iroko/testing';
import { ALL_PERMISSIONS } from '@iroko/viewer';
import { type Answer, type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

let registry: TestRegistry;
let story: Story;
let source: { id: string; draft: { id: string } };
let released: string;
let typeId: string;
/** Country > north > clinic > ward, and country > south > market, by the names of the units. */
const units: Record<string, Data> = {};
let northerner: SeededMember;
let clinicEditor: SeededMember;

beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
  source = await story.source();
  const { createOrgUnitType } = await registry.data(
    'mutation { createOrgUnitType(input: { name: "Clinic" }) { id } }',
  );
  typeId = createOrgUnitType.id;
  const add = async (name: string, parent?: string, more: object = {}) => {
    units[name] = await story.unit(source.id, { name, parentId: parent && units[parent].unitId, ...more });
  };
  await add('country');
  await add('north', 'country');
  await add('south', 'country');
  await add('clinic', 'north', { typeId });
  await add('ward', 'clinic');
  await add('market', 'south');
  const { releaseVersion } = await registry.data(
    'mutation ($source: ID!) { releaseVersion(dataSource: $source) { id } }',
    { source: source.id },
  );
  released = releaseVersion.id;
  const member = (scope: object) =>
    seedMember(registry.database, registry.account.accountId, { permissions: ALL_PERMISSIONS, scope });
  northerner = await member({ unitIds: [units.north.unitId] });
  clinicEditor = await member({ unitIds: [units.north.unitId], writableTypeIds: [typeId] });
});
afterAll(() => registry.close());

const asked = (query: string, variables: object = {}, member = northerner): Promise<Answer> =>
  registry.ask(query, { source: source.id, version: released, ...variables }, member);

async function answered(query: string, variables: object = {}, member = northerner): Promise<Data> {
  const { data, errors } = await asked(query, variables, member);
  expect(errors).toEqual([]);
  return data;
}

const LIST = `query ($version: ID!, $filter: OrgUnitFilter, $sort: OrgUnitSort = NAME) {
  orgUnitStates(version: $version, filter: $filter, sort: $sort) { totalCount nodes { name } } }`;

async function names(filter: object = {}, sort = 'NAME'): Promise<string[]> {
  const { orgUnitStates } = await answered(LIST, { filter, sort });
  expect(orgUnitStates.totalCount).toBe(orgUnitStates.nodes.length);
  return orgUnitStates.nodes.map(({ name }: Data) => name);
}

it('lists, trees, searches and their counts hold what is in scope', async () => {
  expect(await names()).toEqual(['clinic', 'north', 'ward']);
  expect(await names({}, 'TREE')).toEqual(['north', 'clinic', 'ward']);
  expect(await names({ text: 'mark' })).toEqual([]);
  expect(await names({ text: 'ward' })).toEqual(['ward']);
  expect(await names({ references: [units.south.reference] })).toEqual([]);
  expect(await names({ subtree: units.clinic.unitId })).toEqual(['clinic', 'ward']);
});

it('the tree begins at the roots of the scope', async () => {
  expect(await names({ isRoot: true })).toEqual(['north']);
  expect(await names({ isRoot: false })).toEqual(['clinic', 'ward']);
  // Nor is the unit above known by its children.
  expect(await names({ parent: units.country.unitId })).toEqual([]);
  expect(await names({ parent: units.north.unitId })).toEqual(['clinic']);
});

it('a unit leads upwards to the root of the scope and no further', async () => {
  const { orgUnit } = await answered(
    'query ($id: ID!) { orgUnit(id: $id) { name parent { name } ancestors { name } } }',
    { id: units.ward.unitId },
  );
  expect(orgUnit).toEqual({
    name: 'ward',
    parent: { name: 'clinic' },
    ancestors: [{ name: 'north' }, { name: 'clinic' }],
  });
  const top = await answered(
    'query ($id: ID!, $version: ID!) { orgUnitState(unit: $id, version: $version) { childCount parent { name } ancestors { name } } }',
    { id: units.north.unitId },
  );
  expect(top.orgUnitState).toEqual({ childCount: 1, parent: null, ancestors: [] });
});

const ONE_UNIT = [
  'query ($id: ID!) { orgUnit(id: $id) { name } }',
  'query ($id: ID!, $version: ID!) { orgUnitState(unit: $id, version: $version) { name } }',
  'query ($id: ID!, $version: ID!) { orgUnitStates(version: $version, filter: { subtree: $id }) { totalCount } }',
  'query ($id: ID!, $version: ID!) { orgUnitStates(version: $version, filter: { parent: $id }) { totalCount } }',
  'query ($id: ID!) { _entities(representations: [{ __typename: "OrgUnit", id: $id }]) { ... on OrgUnit { name } } }',
  'mutation ($id: ID!) { updateOrgUnit(id: $id, expectedRevision: 1, input: { name: "Mine" }) { name } }',
  'mutation ($id: ID!) { rejectOrgUnit(id: $id, expectedRevision: 1, reason: "no") { name } }',
  'mutation ($id: ID!) { removeOrgUnit(id: $id, expectedRevision: 1, withDescendants: true) { removedUnits } }',
  'mutation ($id: ID!, $source: ID!) { createOrgUnit(input: { dataSourceId: $source, name: "New", parentId: $id }) { name } }',
];

it.each(ONE_UNIT)('a unit out of scope is one that never was: %s', async (query) => {
  const never = newId();
  const text = (answer: Answer, id: string) => JSON.stringify(answer).replaceAll(id, '<id>');
  const nothing = text(await asked(query, { id: never }), never);
  for (const name of ['south', 'market', 'country']) {
    const id = units[name].unitId;
    expect(text(await asked(query, { id }), id)).toBe(nothing);
  }
});

it('units in scope are edited and moved within it, not out of it', async () => {
  const made = await answered(
    'mutation ($source: ID!, $parent: ID!) { createOrgUnit(input: { dataSourceId: $source, name: "post", parentId: $parent }) { unitId revision } }',
    { parent: units.north.unitId },
  );
  const MOVE = `mutation ($id: ID!, $revision: Int!, $parent: ID) {
    updateOrgUnit(id: $id, expectedRevision: $revision, input: { parentId: $parent }) { revision } }`;
  const { unitId: id, revision } = made.createOrgUnit;
  const within = await answered(MOVE, { id, revision, parent: units.clinic.unitId });
  const outside = { id, revision: within.updateOrgUnit.revision, parent: units.south.unitId };
  expect((await asked(MOVE, outside)).code).toBe('BAD_USER_INPUT');
  expect((await asked(MOVE, { ...outside, parent: null })).code).toBe('FORBIDDEN');
});

it('a difference is that of what each version shows', async () => {
  const { updateOrgUnit: moved } = await registry.data(
    'mutation ($id: ID!, $revision: Int!, $parent: ID!) { updateOrgUnit(id: $id, expectedRevision: $revision, input: { parentId: $parent }) { version { id } } }',
    { id: units.ward.unitId, revision: units.ward.revision, parent: units.south.unitId },
  );
  await story.unit(source.id, { name: 'school', parentId: units.south.unitId });
  const DIFF = `query ($version: ID!, $draft: ID!) { versionDiff(from: $version, to: $draft) {
    counts { added removed changed } units { totalCount nodes { kind before { name } after { name } } } } }`;
  const { versionDiff } = await answered(DIFF, { draft: moved.version.id });
  const gone = { kind: 'REMOVED', before: { name: 'ward' }, after: null };
  expect(versionDiff.units.nodes).toContainEqual(gone);
  expect(JSON.stringify(versionDiff)).not.toMatch(/school|south/);
  expect(versionDiff.units.totalCount).toBe(versionDiff.units.nodes.length);
  const { added, removed, changed } = versionDiff.counts;
  expect(added + removed + changed).toBe(versionDiff.units.totalCount);
});

it.each([
  ['importOrgUnits', '(input: { fileId: "x", dataSourceId: $source }) { id }'],
  ['releaseVersion', '(dataSource: $source) { id }'],
  ['discardDraft', '(dataSource: $source) { changedUnits }'],
  ['setCurrentVersion', '(dataSource: $source) { id }'],
  ['updateDataSource', '(id: $source, expectedRevision: 1, input: {}) { id }'],
])('%s concerns the whole tree, so it is refused', async (field, rest) => {
  const { errors } = await asked(`mutation ($source: ID!) { ${field}${rest} }`);
  expect(errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', details: { scope: 'ORG_UNITS' } });
});

describe('an editor of some types', () => {
  const RENAME = `mutation ($id: ID!, $revision: Int!, $input: UpdateOrgUnitInput!) {
    updateOrgUnit(id: $id, expectedRevision: $revision, input: $input) { revision } }`;

  it('edits units of those types and makes no other of them', async () => {
    const id = units.clinic.unitId;
    const edit = (revision: number, input: object) => asked(RENAME, { id, revision, input }, clinicEditor);
    const { data } = await edit(units.clinic.revision, { name: 'clinic of the north' });
    const { revision } = data.updateOrgUnit;
    expect((await edit(revision, { typeId: null })).errors[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      details: { scope: 'ORG_UNIT_TYPES' },
    });
  });

  it('edits and makes no unit of another type', async () => {
    const { unitId: id, revision } = units.north;
    expect((await asked(RENAME, { id, revision, input: { name: 'x' } }, clinicEditor)).code).toBe(
      'FORBIDDEN',
    );
    const CREATE = `mutation ($input: CreateOrgUnitInput!) { createOrgUnit(input: $input) { name } }`;
    const input = { dataSourceId: source.id, name: 'new', parentId: id };
    expect((await asked(CREATE, { input }, clinicEditor)).code).toBe('FORBIDDEN');
    expect((await asked(CREATE, { input: { ...input, typeId } }, clinicEditor)).errors).toEqual([]);
  });

  it('removes no subtree that holds a unit of another type', async () => {
    const CREATE = `mutation ($input: CreateOrgUnitInput!) { createOrgUnit(input: $input) { unitId revision } }`;
    const parent = { dataSourceId: source.id, name: 'short-lived', parentId: units.north.unitId, typeId };
    const { createOrgUnit: made } = await answered(CREATE, { input: parent }, clinicEditor);
    await story.unit(source.id, { name: 'below', parentId: made.unitId });
    const REMOVE = `mutation ($id: ID!, $revision: Int!) {
      removeOrgUnit(id: $id, expectedRevision: $revision, withDescendants: true) { removedUnits } }`;
    const removed = { id: made.unitId, revision: made.revision };
    expect((await asked(REMOVE, removed, clinicEditor)).code).toBe('FORBIDDEN');
    expect((await answered(REMOVE, removed)).removeOrgUnit.removedUnits).toBe(2);
  });
});
