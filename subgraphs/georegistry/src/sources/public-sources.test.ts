import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const anonymously = (query: string, variables: Record<string, unknown> = {}) =>
  registry.ask(query, variables, { slug: registry.account.slug });

const setPublic = (id: string, isPublic: boolean, revision: number) =>
  registry.data(
    `mutation ($id: ID!, $revision: Int!, $input: UpdateDataSourceInput!) {
      updateDataSource(id: $id, expectedRevision: $revision, input: $input) { id } }`,
    { id, revision, input: { public: isPublic } },
  );

const EVERYTHING = `query ($source: ID!, $unit: ID!) {
  dataSource(id: $source) { name currentVersion { number status } draft { id } versions { nodes { number } totalCount } }
  orgUnit(id: $unit) {
    name reference attributes { key value } type { name creatorRoleIds } groups { name }
    parent { name } ancestors { name } depth childCount location { longitude }
    shape { geometry bounds { west } }
    children { nodes { name } }
  }
  orgUnits(dataSource: $source) { nodes { name } totalCount }
}`;

async function country() {
  const { createOrgUnitType: type } = await registry.data(
    'mutation ($input: CreateOrgUnitTypeInput!) { createOrgUnitType(input: $input) { id name } }',
    { input: { name: `District ${Math.random()}` } },
  );
  const source = await story.source();
  const land = await story.unit(source.id, { name: 'Land' });
  const ring = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ];
  const north = await story.unit(source.id, {
    name: 'North',
    parentId: land.unitId,
    typeId: type.id,
    location: { longitude: 0, latitude: 0 },
    attributes: [{ key: 'beds', value: '12' }],
    shape: { type: 'Polygon', coordinates: [ring] },
  });
  const version = await story.release(source.id);
  await story.edit(north, { name: 'North in the draft' });
  return { source, land, north, version, type };
}

it('an anonymous viewer reads released versions of public sources, and nothing of the draft', async () => {
  const { source, north, type } = await country();
  await setPublic(source.id, true, 1);
  const { data, errors } = await anonymously(EVERYTHING, { source: source.id, unit: north.unitId });
  expect(errors).toEqual([]);
  expect(data.dataSource).toMatchObject({
    currentVersion: { number: 1, status: 'RELEASED' },
    draft: null,
    versions: { nodes: [{ number: 1 }], totalCount: 1 },
  });
  expect(data.orgUnit).toMatchObject({
    name: 'North',
    type: { name: type.name, creatorRoleIds: null },
    parent: { name: 'Land' },
    ancestors: [{ name: 'Land' }],
    location: { longitude: 0 },
    shape: { geometry: { type: 'MultiPolygon' } },
  });
  expect(data.orgUnits).toEqual({ nodes: [{ name: 'Land' }, { name: 'North' }], totalCount: 2 });
});

it('an anonymous viewer searches public sources, by what needs no permission', async () => {
  const { source } = await country();
  await setPublic(source.id, true, 1);
  const LIST =
    'query ($source: ID!, $filter: OrgUnitFilter) { orgUnits(dataSource: $source, filter: $filter) { nodes { name } totalCount(atMost: 9) } }';
  const found = async (filter: Record<string, unknown>) => {
    const { data, errors } = await anonymously(LIST, { source: source.id, filter });
    expect(errors).toEqual([]);
    return data.orgUnits.nodes.map(({ name }: Data) => name);
  };
  expect(await found({ text: 'orth' })).toEqual(['North']);
  expect(await found({ search: 'nort' })).toEqual(['North']);
  expect(await found({ search: 'nroth' })).toEqual(['North']);
  const beds = (more: Record<string, unknown>) => ({ attributes: [{ key: 'beds', ...more }] });
  expect(await found(beds({ atLeast: 10, contains: '2' }))).toEqual(['North']);
  expect(await found(beds({ has: false }))).toEqual(['Land']);
  for (const filter of [{ projects: [source.id] }, { submissions: {} }, { links: {} }]) {
    expect((await anonymously(LIST, { source: source.id, filter })).code).toBe('UNAUTHENTICATED');
  }
});

it('a source that is not public is, for an anonymous viewer, one that never was', async () => {
  const { source, north, version } = await country();
  const answer = await anonymously(
    'query ($s: ID!, $u: ID!, $v: ID!) { dataSource(id: $s) { id } orgUnit(id: $u) { id } sourceVersion(id: $v) { id } }',
    { s: source.id, u: north.unitId, v: version.id },
  );
  expect(answer).toMatchObject({
    data: { dataSource: null, orgUnit: null, sourceVersion: null },
    errors: [],
  });
  const list = await anonymously('query ($s: ID!) { orgUnits(dataSource: $s) { nodes { id } } }', {
    s: source.id,
  });
  expect(list.code).toBe('NOT_FOUND');
});

it('a source that was public and is no more, or is deleted, is not read any more', async () => {
  const { source, north } = await country();
  const seen = async () => {
    const { data } = await anonymously('query ($u: ID!) { orgUnit(id: $u) { name } }', { u: north.unitId });
    return data.orgUnit;
  };
  await setPublic(source.id, true, 1);
  expect(await seen()).toEqual({ name: 'North' });
  await setPublic(source.id, false, 2);
  expect(await seen()).toBeNull();
});

it('an anonymous viewer changes nothing, and reads no jobs, links or settings', async () => {
  const { source, north } = await country();
  await setPublic(source.id, true, 1);
  const attempts = [
    ['mutation ($s: ID!) { createOrgUnit(input: { dataSourceId: $s, name: "x" }) { id } }', { s: source.id }],
    [
      'mutation ($u: ID!) { updateOrgUnit(id: $u, expectedRevision: 1, input: { name: "x" }) { id } }',
      { u: north.unitId },
    ],
    ['{ registrySettings { revision } }', {}],
    ['{ dataSources(deleted: true) { nodes { id } } }', {}],
  ] as const;
  for (const [query, variables] of attempts) {
    expect([query, (await anonymously(query, variables)).code]).toEqual([query, 'UNAUTHENTICATED']);
  }
});

it('an account that is not there answers like one that shows nothing', async () => {
  const ask = (slug: string): Promise<Data> =>
    registry.ask('{ dataSources { nodes { id } totalCount } }', {}, { slug });
  const nothing = await ask(registry.twin.slug);
  expect(nothing).toEqual({
    data: { dataSources: { nodes: [], totalCount: 0 } },
    errors: [],
    code: undefined,
  });
  expect(await ask('no-such-account')).toEqual(nothing);
  expect((await registry.ask('{ dataSources { nodes { id } } }', {}, null)).code).toBe('UNAUTHENTICATED');
});
