import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const QUERY = `query ($from: ID!, $to: ID!, $filter: VersionDiffFilter, $first: Int, $after: String) {
  versionDiff(from: $from, to: $to, filter: $filter) {
    counts { added removed changed }
    units(first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { kind reference before { name } after { name }
        fields { field before after distanceMetres areaChangeM2 } } } } }`;

async function diff(from: string, to: string, more: Record<string, unknown> = {}): Promise<Data> {
  const { versionDiff } = await registry.data(QUERY, { from, to, first: 100, ...more });
  return versionDiff;
}

const square = (size: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [size, 0],
      [size, size],
      [0, size],
      [0, 0],
    ],
  ],
});

async function edited() {
  const source = await story.source();
  const [a, b] = [
    await story.unit(source.id, {
      name: 'A',
      reference: 'a',
      shape: square(1),
      location: { longitude: 0, latitude: 0 },
    }),
    await story.unit(source.id, { name: 'B', reference: 'b' }),
  ];
  const child = await story.unit(source.id, { name: 'Child', reference: 'child', parentId: b.unitId });
  const grandchild = await story.unit(source.id, { name: 'G', reference: 'g', parentId: child.unitId });
  await story.unit(source.id, { name: 'Same', reference: 'same' });
  const first = await story.release(source.id);
  const a2 = await story.edit(a, {
    shape: square(2),
    location: { longitude: 0, latitude: 1 },
    status: 'VALID',
  });
  await story.edit(child, { parentId: a.unitId });
  await story.unit(source.id, { name: 'New', reference: 'new' });
  const gone = await story.unit(source.id, { name: 'Came and went', reference: 'gone' });
  await story.remove(gone);
  const back = await story.edit(b, { name: 'B2' });
  await story.edit(back, { name: 'B' });
  await story.remove(grandchild);
  const second = await story.release(source.id);
  return { source, first, second, a: a2, b, child };
}

it('a difference shows what was added, removed and changed, with distances and areas, and nothing else', async () => {
  const { first, second, a, b } = await edited();
  const { counts, units } = await diff(first.id, second.id);
  expect(counts).toEqual({ added: 1, removed: 1, changed: 2 });
  expect(units.totalCount).toBe(4);
  const byReference = Object.fromEntries(units.nodes.map((node: Data) => [node.reference, node]));
  expect(Object.keys(byReference).sort()).toEqual(['a', 'child', 'g', 'new']);
  expect(byReference.new).toMatchObject({ kind: 'ADDED', before: null, after: { name: 'New' }, fields: [] });
  expect(byReference.g).toMatchObject({ kind: 'REMOVED', before: { name: 'G' }, after: null });
  expect(byReference.child.fields).toEqual([
    {
      field: 'PARENT',
      before: { id: b.unitId, reference: 'b', name: 'B' },
      after: { id: a.unitId, reference: 'a', name: 'A' },
      distanceMetres: null,
      areaChangeM2: null,
    },
  ]);
  const fields = Object.fromEntries(byReference.a.fields.map((field: Data) => [field.field, field]));
  expect(Object.keys(fields).sort()).toEqual(['LOCATION', 'SHAPE', 'STATUS']);
  expect(fields.STATUS).toMatchObject({ before: 'NEW', after: 'VALID' });
  // One degree of latitude at the equator on WGS 84, as PostGIS gives it.
  expect(fields.LOCATION.distanceMetres).toBeCloseTo(110_574.3886, 3);
  expect(fields.SHAPE.areaChangeM2 / 1e6).toBeCloseTo(49_232 - 12_309, -2);
});

it('read backwards, a difference says the opposite', async () => {
  const { first, second } = await edited();
  const { counts, units } = await diff(second.id, first.id);
  expect(counts).toEqual({ added: 1, removed: 1, changed: 2 });
  expect(units.nodes.find((node: Data) => node.kind === 'ADDED').reference).toBe('g');
  expect(await diff(first.id, first.id)).toMatchObject({ counts: { added: 0, removed: 0, changed: 0 } });
});

it.each([
  ['kind', () => ({ kinds: ['ADDED', 'REMOVED'] }), ['g', 'new']],
  ['field', () => ({ fields: ['PARENT'] }), ['child']],
  ['type', () => ({ types: [] }), []],
])('a difference is filtered by %s', async (_what, filter, references) => {
  const { first, second } = await edited();
  const { units } = await diff(first.id, second.id, { filter: filter() });
  expect(units.nodes.map((node: Data) => node.reference).sort()).toEqual(references);
  expect(units.totalCount).toBe(references.length);
});

it('a difference below a unit counts what stood or stands there', async () => {
  const { first, second, a, b } = await edited();
  const below = async (unit: Data) =>
    (await diff(first.id, second.id, { filter: { subtree: unit.unitId } })).units.nodes
      .map((node: Data) => node.reference)
      .sort();
  expect(await below(a)).toEqual(['a', 'child']);
  expect(await below(b)).toEqual(['child', 'g']);
});

it('pages give every difference once', async () => {
  const { first, second } = await edited();
  const seen: string[] = [];
  for (let after: string | null = null; ; ) {
    const { units }: Data = await diff(first.id, second.id, { first: 1, after });
    seen.push(...units.nodes.map((node: Data) => node.reference));
    if (!units.pageInfo.hasNextPage) break;
    after = units.pageInfo.endCursor;
  }
  expect(seen.sort()).toEqual(['a', 'child', 'g', 'new']);
});

it('two sources are compared by reference, also parents and groups', async () => {
  const [one, other] = [await story.source(), await story.source()];
  for (const { id } of [one, other]) {
    const { createGroup } = await registry.data(
      'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }',
      { input: { dataSourceId: id, name: 'Rural', reference: 'rural' } },
    );
    const root = await story.unit(id, { name: 'Root', reference: 'root' });
    const parent = await story.unit(id, { name: 'P', reference: 'p', parentId: root.unitId });
    await story.unit(id, { name: 'X', reference: 'x', parentId: parent.unitId, groupIds: [createGroup.id] });
  }
  expect((await diff(one.draft.id, other.draft.id)).counts).toEqual({ added: 0, removed: 0, changed: 0 });
  const [x] = await story.states(other.draft.id, { references: ['x'] });
  const [root] = await story.states(other.draft.id, { references: ['root'] });
  await story.edit(x, { parentId: root.unitId, groupIds: [] });
  await story.unit(other.id, { name: 'Y', reference: 'y' });
  const { counts, units } = await diff(one.draft.id, other.draft.id);
  expect(counts).toEqual({ added: 1, removed: 0, changed: 1 });
  expect(units.nodes[0].fields.map((field: Data) => field.field)).toEqual(['PARENT', 'GROUPS']);
  expect(units.nodes[0].fields[0]).toMatchObject({
    before: { reference: 'p' },
    after: { reference: 'root' },
  });
});

it('a version of another account cannot be compared', async () => {
  const source = await story.source();
  const { code } = await registry.ask(
    QUERY,
    { from: source.draft.id, to: source.draft.id },
    registry.twin.administrator,
  );
  expect(code).toBe('NOT_FOUND');
});
