import { COMPARE, CompareGround, square, UNITS } from '../testing/comparing';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import type { Story } from '../testing/story';

jest.setTimeout(60_000);
let registry: TestRegistry;
let story: Story;
let ground: CompareGround;
beforeAll(async () => {
  registry = await testRegistry();
  ground = new CompareGround(registry);
  story = ground.story;
});
afterAll(() => registry.close());

const byName = (comparison: Data) =>
  Object.fromEntries(comparison.units.nodes.map((node: Data) => [(node.after ?? node.before).name, node]));

it('two sources with the same content are the same, whatever their ids', async () => {
  const { one, other } = await ground.twoSources();
  const comparison = await ground.compared(one.source.draft.id, other.source.draft.id);
  expect(comparison.counts).toEqual({ new: 0, removed: 0, changed: 0, same: 4 });
  expect(comparison.units.nodes).toEqual([]);
  const withSame = await ground.compared(one.source.draft.id, other.source.draft.id, { listSame: true });
  expect(withSame.units.nodes.map((node: Data) => node.status)).toEqual(['SAME', 'SAME', 'SAME', 'SAME']);
});

it('says of each unit whether it is new, removed or changed, and in which fields', async () => {
  const { one, other } = await ground.twoSources();
  await story.edit(other.clinic, {
    name: 'Clinic II',
    parentId: other.root.unitId,
    location: { longitude: 0, latitude: 1 },
  });
  await story.edit(other.district, { shape: square(2) });
  await story.remove(other.post);
  await story.unit(other.source.id, { name: 'Ward', reference: 'ward', parentId: other.clinic.unitId });
  const comparison = await ground.compared(one.source.draft.id, other.source.draft.id);
  expect(comparison.counts).toEqual({ new: 1, removed: 1, changed: 2, same: 1 });
  const units = byName(comparison);
  expect(units.Ward).toMatchObject({ status: 'NEW', before: null, fields: [] });
  expect(units.Post).toMatchObject({ status: 'REMOVED', after: null, fields: [] });
  expect(units['Clinic II'].fields.map(({ field }: Data) => field)).toEqual(['NAME', 'PARENT', 'LOCATION']);
  // One degree of latitude at the equator on WGS 84.
  expect(units['Clinic II'].fields[2].distanceMetres).toBeCloseTo(110_574.3886, 3);
  expect(units.District.fields[0].areaChangeM2 / 1e6).toBeCloseTo(49_232 - 12_309, -2);
});

it('a unit with a point and an outline shows a change of the outline', async () => {
  const { one, other } = await ground.twoSources();
  for (const { district } of [one, other]) {
    const placed = await story.edit(district, { location: { longitude: 0.5, latitude: 0.5 } });
    if (district === other.district) await story.edit(placed, { shape: square(2) });
  }
  const { units } = await ground.compared(one.source.draft.id, other.source.draft.id);
  expect(units.nodes.map((node: Data) => node.fields.map(({ field }: Data) => field))).toEqual([['SHAPE']]);
});

it('defect 13: type, aliases, status, dates and attributes are compared', async () => {
  const { one, other } = await ground.twoSources();
  const { createOrgUnitType } = await registry.data(
    'mutation { createOrgUnitType(input: { name: "Post" }) { id } }',
  );
  await story.edit(other.post, {
    typeId: createOrgUnitType.id,
    aliases: ['P'],
    status: 'VALID',
    openingDate: '2001-01-01',
    closedDate: '2002-01-01',
    attributes: [{ key: 'beds', value: '3' }],
  });
  const { units } = await ground.compared(one.source.draft.id, other.source.draft.id);
  expect(units.nodes[0].fields.map(({ field }: Data) => field)).toEqual([
    'ALIASES',
    'TYPE',
    'STATUS',
    'OPENING_DATE',
    'CLOSED_DATE',
    'ATTRIBUTES',
  ]);
});

it('matched by code, units whose references differ are the same, and a code that stands twice matches nothing', async () => {
  const { one } = await ground.twoSources();
  const other = await story.source();
  const root = await story.unit(other.id, { name: 'Root', reference: 'x1', code: 'R' });
  await story.unit(other.id, {
    name: 'District',
    reference: 'x2',
    code: 'D',
    parentId: root.unitId,
    shape: square(1),
  });
  await story.unit(other.id, { name: 'Twice', reference: 'x3', code: 'C', parentId: root.unitId });
  await story.unit(other.id, { name: 'Twice too', reference: 'x4', code: 'C', parentId: root.unitId });
  const comparison = await ground.compared(one.source.draft.id, other.draft.id, { matchBy: 'CODE' });
  expect(comparison.counts).toEqual({ new: 2, removed: 2, changed: 0, same: 2 });
});

it('matched by links, those that were accepted say which units are the same', async () => {
  const { one } = await ground.twoSources();
  const other = await story.source();
  const root = await story.unit(other.id, { name: 'Root of the others', reference: 'x1' });
  const clinic = await story.unit(other.id, { name: 'Clinic', reference: 'x2', parentId: root.unitId });
  const link = async (first: Data, second: Data, status: string) =>
    registry.db.execute(registry.db.sql`
      INSERT INTO georegistry.link (account_id, id, first_source_id, second_source_id, first_unit_id, second_unit_id,
        status, score, origin, decided_at)
      SELECT ${registry.db.account}::uuid, platform.uuid_v7(), f.data_source_id, s.data_source_id, f.id, s.id,
        ${status}::text, 1, 'MANUAL', CASE WHEN ${status}::text <> 'PROPOSED' THEN now() END
      FROM georegistry.org_unit f, georegistry.org_unit s
      WHERE f.account_id = ${registry.db.account} AND s.account_id = ${registry.db.account}
        AND f.id IN (${first.unitId}, ${second.unitId}) AND s.id IN (${first.unitId}, ${second.unitId})
        AND f.data_source_id < s.data_source_id`);
  await link(one.root, root, 'ACCEPTED');
  await link(one.clinic, clinic, 'ACCEPTED');
  await link(one.post, clinic, 'REJECTED');
  const comparison = await ground.compared(one.source.draft.id, other.draft.id, {
    matchBy: 'LINKS',
    compare: ['NAME', 'PARENT'],
  });
  expect(comparison.counts).toEqual({ new: 0, removed: 2, changed: 2, same: 0 });
  const fields = Object.fromEntries(
    comparison.units.nodes.map((node: Data) => [
      node.before.name,
      node.fields.map(({ field }: Data) => field),
    ]),
  );
  expect(fields).toMatchObject({ Root: ['NAME'], Clinic: ['PARENT'] });
  const backwards = await ground.compared(other.draft.id, one.source.draft.id, {
    matchBy: 'LINKS',
    compare: ['NAME', 'PARENT'],
  });
  expect(backwards.counts).toEqual({ new: 2, removed: 0, changed: 2, same: 0 });
});

it('groups are the same by reference, or by their name, and one of a colon in its reference too', async () => {
  const { one, other } = await ground.twoSources();
  const group = async (dataSourceId: string, name: string, reference: string) => {
    const { createGroup } = await registry.data(
      'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }',
      { input: { dataSourceId, name, reference } },
    );
    return createGroup.id;
  };
  await story.edit(one.post, {
    groupIds: [await group(one.source.id, 'Rural', 'a:b'), await group(one.source.id, 'Large', 'l1')],
  });
  await story.edit(other.post, {
    groupIds: [
      await group(other.source.id, 'Rural areas', 'a:b'),
      await group(other.source.id, 'Large', 'l2'),
    ],
  });
  const { counts } = await ground.compared(one.source.draft.id, other.source.draft.id);
  expect(counts).toMatchObject({ changed: 0, same: 4 });
});

describe('what is ignored', () => {
  it('fields, the style of names, small distances and small changes of area', async () => {
    const { one, other } = await ground.twoSources();
    await story.edit(other.clinic, {
      name: 'CLÍNIC',
      location: { longitude: 0.0001, latitude: 0 },
      code: 'C2',
    });
    await story.edit(other.district, { shape: square(1.001) });
    const compare = async (more: Record<string, unknown>) =>
      (await ground.compared(one.source.draft.id, other.source.draft.id, more)).units.nodes.flatMap(
        (node: Data) => node.fields.map(({ field }: Data) => field),
      );
    expect(await compare({})).toEqual(['SHAPE', 'NAME', 'CODE', 'LOCATION']);
    expect(await compare({ ignore: ['CODE', 'SHAPE'] })).toEqual(['NAME', 'LOCATION']);
    expect(await compare({ compare: ['NAME', 'CODE'], ignore: ['CODE'] })).toEqual(['NAME']);
    expect(await compare({ ignoreNameStyle: true })).toEqual(['SHAPE', 'CODE', 'LOCATION']);
    // 0.0001 degrees on the equator are 11.13 m.
    expect(await compare({ locationToleranceMetres: 11.12 })).toContain('LOCATION');
    expect(await compare({ locationToleranceMetres: 11.14 })).not.toContain('LOCATION');
    expect(await compare({ shapeAreaTolerance: 0.01 })).not.toContain('SHAPE');
  });

  it('nothing else: coordinates on both sides of 0 and of a rounding differ, and -0 is 0', async () => {
    const { one, other } = await ground.twoSources();
    const place = async (longitude: number, latitude: number) => {
      await story.edit(
        {
          ...other.clinic,
          revision: (await story.states(other.source.draft.id, { references: ['clinic'] }))[0].revision,
        },
        { location: { longitude, latitude } },
      );
      return (await ground.compared(one.source.draft.id, other.source.draft.id)).counts.changed;
    };
    expect(await place(0.0000001, 0)).toBe(1);
    expect(await place(-0.0000001, 0)).toBe(1);
    expect(await place(-0, -0)).toBe(0);
  });

  it('to ignore every field is a mistake, and a tolerance has bounds', async () => {
    const { one, other } = await ground.twoSources();
    const versions = { from: one.source.draft.id, to: other.source.draft.id };
    const wrong = (more: object) => registry.ask(COMPARE, { input: { ...versions, ...more } });
    expect(await wrong({ compare: ['NAME'], ignore: ['NAME'] })).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await wrong({ locationToleranceMetres: -1 })).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await wrong({ shapeAreaTolerance: 2 })).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

it('only units below a unit, or below its counterpart in the other source, are compared when asked', async () => {
  const { one, other } = await ground.twoSources();
  await story.edit(other.post, { name: 'Elsewhere' });
  await story.unit(other.source.id, { name: 'Ward', reference: 'ward', parentId: other.clinic.unitId });
  const below = async (...subtrees: string[]) =>
    (await ground.compared(one.source.draft.id, other.source.draft.id, { subtrees })).counts;
  expect(await below(one.district.unitId)).toEqual({ new: 1, removed: 0, changed: 0, same: 2 });
  expect(await below(other.district.unitId)).toEqual({ new: 1, removed: 0, changed: 0, same: 2 });
  const versions = { from: one.source.draft.id, to: other.source.draft.id };
  for (const nowhere of [{ subtrees: ['no id'] }, { types: [one.district.unitId] }])
    expect(await registry.ask(COMPARE, { input: { ...versions, ...nowhere } })).toMatchObject({
      code: 'NOT_FOUND',
    });
  const { compareVersions } = await registry.data(COMPARE, { input: versions });
  const { comparison } = await registry.data(UNITS, { id: compareVersions.id });
  expect(comparison).toMatchObject({ counts: null, units: null });
});

it('pages give every unit once, and filters keep their counts', async () => {
  const { one, other } = await ground.twoSources();
  for (const unit of [other.clinic, other.post, other.district])
    await story.edit(unit, { name: `${unit.name} II` });
  const { id } = await ground.compared(one.source.draft.id, other.source.draft.id);
  const names: string[] = [];
  for (let after: string | null = null; ; ) {
    const { comparison }: Data = await registry.data(UNITS, { id, first: 1, after, fields: ['NAME'] });
    expect(comparison.units.totalCount).toBe(3);
    names.push(...comparison.units.nodes.map((node: Data) => node.after.name));
    if (!comparison.units.pageInfo.hasNextPage) break;
    after = comparison.units.pageInfo.endCursor;
  }
  expect(names).toEqual(['District II', 'Clinic II', 'Post II']);
  const { comparison } = await registry.data(UNITS, { id, statuses: ['NEW'] });
  expect(comparison.units).toMatchObject({ totalCount: 0, nodes: [] });
});

it('versions of one source are compared by their units, also when a reference changed', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A', reference: 'a' });
  const first = await story.release(source.id);
  await story.edit(unit, { name: 'B' });
  const second = await story.release(source.id);
  const comparison = await ground.compared(first.id, second.id, { matchBy: 'CODE' });
  expect(comparison.counts).toEqual({ new: 0, removed: 0, changed: 1, same: 0 });
});
