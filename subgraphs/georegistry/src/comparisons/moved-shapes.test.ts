/** Shapes by the ground that they cover, and one measure wherever it is asked for. */
import { fileOf, resultOf } from '../testing/jobs';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

jest.setTimeout(60_000);
let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const box = (west: number, south: number, size = 1) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ],
  ],
});

/** The same ground, drawn with one position more and begun elsewhere. */
const redrawn = {
  type: 'Polygon',
  coordinates: [
    [
      [11, 1],
      [10.5, 1],
      [10, 1],
      [10, 0],
      [11, 0],
      [11, 1],
    ],
  ],
};

async function twoVersions(...shapes: [before: object, after: object][]) {
  const source = await story.source();
  const units: Data[] = [];
  for (const [index, [before]] of shapes.entries()) {
    units.push(await story.unit(source.id, { name: `unit ${index}`, shape: before }));
  }
  const first = await story.release(source.id);
  for (const [index, [, after]] of shapes.entries())
    await story.edit(units[index] as never, { shape: after });
  return { from: first.id, to: (await story.release(source.id)).id };
}

async function compared(
  versions: { from: string; to: string },
  shapeAreaTolerance: number | null,
  compare = ['SHAPE'],
) {
  const { compareVersions } = await registry.data(
    'mutation ($input: CompareVersionsInput!) { compareVersions(input: $input) { id job { id } } }',
    { input: { ...versions, compare, shapeAreaTolerance } },
  );
  await resultOf(registry, compareVersions.job.id);
  const { comparison } = await registry.data(
    `query ($id: ID!) { comparison(id: $id) { units(first: 100) {
      nodes { before { name } fields { distanceMetres areaChangeM2 areaDifferingM2 } } } } }`,
    { id: compareVersions.id },
  );
  return { id: compareVersions.id, units: comparison.units.nodes as Data[] };
}

it('a shape that moved differs by both its areas although it has the same, one drawn anew by none', async () => {
  const versions = await twoVersions(
    [box(10, 0), box(12, 0)],
    [box(10, 0), redrawn],
    [box(10, 0), box(10.5, 0)],
  );
  const { units } = await compared(versions, null);
  const [moved, drawn, shifted] = units.map(({ fields }) => fields[0]);
  expect(moved.areaDifferingM2 / 1e6).toBeCloseTo(2 * 12308.8, -2);
  expect(shifted.areaDifferingM2 / 1e6).toBeCloseTo(12308.8, -2);
  expect(drawn.areaDifferingM2).toBe(0);
  expect(Math.abs(moved.areaChangeM2)).toBeLessThan(1);
  expect(moved.distanceMetres).toBeCloseTo(222_635, -2);
  const { versionDiff } = await registry.data(
    `query ($from: ID!, $to: ID!) { versionDiff(from: $from, to: $to) {
      units(first: 10) { nodes { reference fields { field areaDifferingM2 } } } } }`,
    versions,
  );
  const areas = versionDiff.units.nodes.map(({ fields }: Data) => fields[0].areaDifferingM2);
  expect(areas.sort((a: number, b: number) => a - b)[2]).toBe(moved.areaDifferingM2);
});

it('with a tolerance, a shape of the same area is the same only where it covers the same ground', async () => {
  const versions = await twoVersions(
    [box(10, 0), box(12, 0)],
    [box(10, 0), redrawn],
    [box(10, 0), box(10.001, 0)],
    [box(10, 0), box(10.02, 0)],
    [box(10, 0), box(10, 0, 1.1)],
  );
  const names = async (tolerance: number) =>
    (await compared(versions, tolerance)).units.map(({ before }) => before.name);
  expect(await names(0.01)).toEqual(['unit 0', 'unit 3', 'unit 4']);
  expect(await names(0.05)).toEqual(['unit 0', 'unit 4']);
  expect(await names(1)).toEqual(['unit 0']);
});

it('defect 21: page and file measure alike, distances in metres and areas in square metres over the ellipsoid', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, {
    name: 'unit',
    shape: box(10, 0),
    location: { longitude: 0, latitude: 0 },
  });
  const first = await story.release(source.id);
  await story.edit(unit as never, { shape: box(12, 0), location: { longitude: 1, latitude: 0 } });
  const versions = { from: first.id, to: (await story.release(source.id)).id };
  const { id, units } = await compared(versions, null, ['LOCATION', 'SHAPE']);
  const [location, shape] = units[0]?.fields ?? [];
  const { exportComparison } = await registry.data(
    'mutation ($input: ExportComparisonInput!) { exportComparison(input: $input) { id } }',
    { input: { comparisonId: id, format: 'CSV' } },
  );
  const { fileId } = await resultOf(registry, exportComparison.id);
  const [header = '', row = ''] = (await fileOf(registry, fileId)).toString().split('\r\n');
  const cells = new Map(header.split(',').map((name, index) => [name, Number(row.split(',')[index])]));
  expect(cells.get('distance_m')).toBe(location.distanceMetres);
  expect(location.distanceMetres).toBeCloseTo(111_319.491, 3);
  expect(cells.get('area_differing_m2')).toBe(shape.areaDifferingM2);
  expect(shape.areaDifferingM2 / 1e6).toBeCloseTo(2 * 12308.8, -2);
  expect(cells.get('area_change_m2')).toBe(shape.areaChangeM2);
});
