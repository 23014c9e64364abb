import { statementsMatching } from '@iroko/testing';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

let registry: TestRegistry;
let story: Story;
let source: { id: string; draft: { id: string } };
const units: Record<string, Data> = {};

beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
  source = await story.source();
  const group = await registry.data(
    'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }',
    {
      input: { dataSourceId: source.id, name: 'Rural' },
    },
  );
  const { createOrgUnitType: type } = await registry.data(
    'mutation { createOrgUnitType(input: { name: "Clinic" }) { id } }',
  );
  const add = async (key: string, input: Record<string, unknown>) => {
    units[key] = await story.unit(source.id, input);
  };
  await add('north', { name: 'Nord', code: 'N_1' });
  await add('south', { name: 'Süd', aliases: ['Midi'] });
  await add('clinic', { name: 'Clinique', parentId: units.north.unitId, typeId: type.id, status: 'VALID' });
  await add('école', {
    name: 'École',
    parentId: units.north.unitId,
    location: { longitude: 0, latitude: 0 },
  });
  await add('ward', { name: 'Ward 100%', parentId: units.clinic.unitId, groupIds: [group.createGroup.id] });
  await add('pacific', {
    name: 'Taveuni',
    reference: 'fj-1',
    location: { longitude: 179.9, latitude: -16.8 },
  });
  await add('area', {
    name: 'Area',
    shape: {
      type: 'Polygon',
      coordinates: [
        [
          [9, 9],
          [11, 9],
          [11, 11],
          [9, 11],
          [9, 9],
        ],
      ],
    },
  });
  units.type = type;
  units.group = group.createGroup;
});
afterAll(() => registry.close());

const named = (filter: Record<string, unknown>) => story.names(source.draft.id, filter);

it('a list sorts by name with accents folded, and tree order puts each unit before what is below it', async () => {
  expect(await named({})).toEqual(['Area', 'Clinique', 'École', 'Nord', 'Süd', 'Taveuni', 'Ward 100%']);
  const { orgUnits } = await registry.data(
    `query ($id: ID!) { orgUnits(dataSource: $id, sort: TREE, first: 4) { nodes { name depth } pageInfo { endCursor } } }`,
    { id: source.id },
  );
  expect(orgUnits.nodes).toEqual([
    { name: 'Nord', depth: 0 },
    { name: 'Clinique', depth: 1 },
    { name: 'Ward 100%', depth: 2 },
    { name: 'École', depth: 1 },
  ]);
});

it.each([
  ['a subtree', () => ({ subtree: units.north.unitId }), ['Clinique', 'École', 'Nord', 'Ward 100%']],
  ['children', () => ({ parent: units.north.unitId }), ['Clinique', 'École']],
  ['roots', () => ({ isRoot: true }), ['Area', 'Nord', 'Süd', 'Taveuni']],
  ['a type', () => ({ types: [units.type.id] }), ['Clinique']],
  ['a status', () => ({ statuses: ['VALID'] }), ['Clinique']],
  ['a group', () => ({ groups: [units.group.id] }), ['Ward 100%']],
  ['a reference', () => ({ references: ['fj-1', 'none'] }), ['Taveuni']],
  ['units with a location', () => ({ hasLocation: true }), ['École', 'Taveuni']],
  ['units without a location', () => ({ hasLocation: false, isRoot: true }), ['Area', 'Nord', 'Süd']],
  ['units with a shape', () => ({ hasShape: true }), ['Area']],
  ['defect 23: a box', () => ({ boundingBox: { west: -1, south: -1, east: 1, north: 1 } }), ['École']],
  [
    'a box that meets a shape',
    () => ({ boundingBox: { west: 10, south: 10, east: 20, north: 20 } }),
    ['Area'],
  ],
  [
    'a box over the 180th meridian',
    () => ({ boundingBox: { west: 170, south: -20, east: -170, north: 0 } }),
    ['Taveuni'],
  ],
  ['text in a name, accents ignored', () => ({ text: 'ÉCOLÉ' }), ['École']],
  ['text in an alias', () => ({ text: 'midi' }), ['Süd']],
  ['text in a code, the underscore as itself', () => ({ text: 'n_1' }), ['Nord']],
  ['text in a reference', () => ({ text: 'fj-1' }), ['Taveuni']],
  ['text with a per cent sign', () => ({ text: '0%' }), ['Ward 100%']],
  [
    'a subtree and a status and text',
    () => ({ subtree: units.north.unitId, statuses: ['VALID'], text: 'cli' }),
    ['Clinique'],
  ],
  ['types that are no ids', () => ({ types: ['x'] }), []],
])('a filter by %s keeps what it says', async (_what, filter, names) => {
  expect(await named(filter())).toEqual(names);
});

it.each(['NAME', 'NAME_DESC', 'TREE'])(
  'pages sorted by %s give every unit once, in the order of the whole',
  async (sort) => {
    const query = `query ($id: ID!, $sort: OrgUnitSort!, $first: Int!, $after: String) {
    orgUnits(dataSource: $id, sort: $sort, first: $first, after: $after) {
      nodes { name } pageInfo { hasNextPage endCursor } } }`;
    const whole = await registry.data(query, { id: source.id, sort, first: 100 });
    const paged: string[] = [];
    for (let after: string | null = null; ; ) {
      const { orgUnits }: Data = await registry.data(query, { id: source.id, sort, first: 2, after });
      paged.push(...orgUnits.nodes.map((node: Data) => node.name));
      after = orgUnits.pageInfo.endCursor;
      if (!orgUnits.pageInfo.hasNextPage) break;
    }
    expect(paged).toEqual(whole.orgUnits.nodes.map((node: Data) => node.name));
  },
);

it('a cursor of another filter, sort or version is BAD_USER_INPUT', async () => {
  const query = `query ($id: ID!, $filter: OrgUnitFilter, $after: String) {
    orgUnits(dataSource: $id, filter: $filter, first: 1, after: $after) { pageInfo { endCursor } } }`;
  const { orgUnits } = await registry.data(query, { id: source.id });
  const after = orgUnits.pageInfo.endCursor;
  const { code } = await registry.ask(query, { id: source.id, filter: { isRoot: true }, after });
  expect(code).toBe('BAD_USER_INPUT');
});

it('a unit knows its ancestors from the root down, its children and how many there are', async () => {
  const fields = `name depth hasChildren childCount ancestors { name } children { nodes { name } totalCount }`;
  const { orgUnit, orgUnitState } = await registry.data(
    `query ($ward: ID!, $north: ID!, $version: ID!) {
      orgUnit(id: $ward) { ${fields} } orgUnitState(unit: $north, version: $version) { ${fields} } }`,
    { ward: units.ward.unitId, north: units.north.unitId, version: source.draft.id },
  );
  expect(orgUnit).toMatchObject({
    depth: 2,
    hasChildren: false,
    ancestors: [{ name: 'Nord' }, { name: 'Clinique' }],
  });
  expect(orgUnitState).toMatchObject({
    hasChildren: true,
    childCount: 2,
    ancestors: [],
    children: { nodes: [{ name: 'Clinique' }, { name: 'École' }], totalCount: 2 },
  });
});

it('a page of units with parent and groups is three statements besides finding the version', async () => {
  const statements = statementsMatching(registry.database, /georegistry\./);
  await registry.data(
    'query ($id: ID!) { orgUnits(dataSource: $id, first: 50) { nodes { name parent { name } groups { name } } } }',
    { id: source.id },
  );
  const ofUnits = statements.filter(
    (text) =>
      !/FROM\s+georegistry\.(data_source d\s+WHERE|source_version)/.test(text) && !text.includes('AS wanted'),
  );
  expect(ofUnits).toHaveLength(3);
});

it('a reference from another subgraph finds the unit, and null for one that is not there', async () => {
  const { data } = await registry.ask(
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on OrgUnit { id name } } }`,
    {
      of: ['clinic', 'ward', 'type'].map((key) => ({
        __typename: 'OrgUnit',
        id: units[key].unitId ?? units[key].id,
      })),
    },
  );
  expect(data._entities).toEqual([
    { id: units.clinic.unitId, name: 'Clinique' },
    { id: units.ward.unitId, name: 'Ward 100%' },
    null,
  ]);
});

it('a shape is answered at every detail, with its area on the ellipsoid', async () => {
  const { orgUnit } = await registry.data(
    `query ($id: ID!) { orgUnit(id: $id) { shape { areaM2 vertexCount valid bounds { west north } full: geometry coarse: geometry(detail: COARSE) } } }`,
    { id: units.area.unitId },
  );
  expect(orgUnit.shape).toMatchObject({ vertexCount: 5, valid: true, bounds: { west: 9, north: 11 } });
  expect(orgUnit.shape.full.type).toBe('MultiPolygon');
  expect(orgUnit.shape.coarse.coordinates[0][0]).toHaveLength(5);
  expect(orgUnit.shape.areaM2 / 1e6).toBeCloseTo(48_520, -2);
});
