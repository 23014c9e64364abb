import { checkedReport, issuesOf } from '../testing/quality';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';
import { scoreOf } from './rules';

let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const check = (version: string): Promise<Data> => checkedReport(registry, version);

const ring = [
  [10, -5],
  [12, -5],
  [12, -3],
  [10, -3],
  [10, -5],
];
const SQUARE = { type: 'Polygon', coordinates: [ring] };

it('each rule finds its units and no others, in counts and in lists', async () => {
  const { createOrgUnitType: clinic } = await registry.data(
    'mutation { createOrgUnitType(input: { name: "Clinic", subTypeIds: [] }) { id revision } }',
  );
  const source = await story.source();
  const place = (longitude: number, latitude: number) => ({ location: { longitude, latitude } });
  const land = await story.unit(source.id, { name: 'Land', shape: SQUARE, closedDate: '2025-01-01' });
  const below = (name: string, input: object) =>
    story.unit(source.id, { name, parentId: land.unitId, closedDate: '2024-01-01', ...input });
  await below('good', place(11, -4));
  await below('on the border', place(10, -4));
  await below('far', place(20, -4));
  await below('swapped', place(-4, 11));
  await below('nowhere known', place(0, 0));
  await below('bare', {});
  await below('Twin', place(11, -4));
  await below('tw\u00edn', place(11, -4.5));
  await below('first', { ...place(11, -4.1), code: 'x' });
  await below('second', { ...place(11, -4.2), code: 'x' });
  await below('open', { ...place(11, -4.3), closedDate: null });
  await below('CAPITALS', place(11, -4.4));
  await below('DR C', place(11, -4.4));
  await below('Sant\u00c3\u00a9', place(11, -4.6));
  await below('refused', { status: 'REJECTED' });
  const report = await check(source.draft.id);
  const found: Record<string, string[]> = {};
  for (const { rule, unit } of report.issues.nodes) found[rule] = [...(found[rule] ?? []), unit.name];
  expect(found).toEqual({
    POINT_OUTSIDE_PARENT: ['far', 'nowhere known'],
    COORDINATES_SWAPPED: ['swapped'],
    COORDINATES_ZERO: ['nowhere known'],
    MISSING_GEOMETRY: ['bare'],
    DUPLICATE_NAME: ['Twin', 'tw\u00edn'],
    DUPLICATE_CODE: ['first', 'second'],
    OPEN_BELOW_CLOSED: ['open'],
    NAME_IN_CAPITALS: ['CAPITALS'],
    SUSPICIOUS_CHARACTERS: ['Sant\u00c3\u00a9'],
  });
  expect(report).toMatchObject({ units: 15, score: scoreOf(15, 6), issues: { totalCount: 12 } });
  expect(report.counts[0]).toMatchObject({ severity: 'ERROR', count: 2 });
  expect(clinic.revision).toBe(1);
});

it('a type that a rule made later does not allow stays, and is listed', async () => {
  const { createOrgUnitType: type } = await registry.data(
    'mutation { createOrgUnitType(input: { name: "Post" }) { id revision } }',
  );
  const source = await story.source();
  const top = await story.unit(source.id, { name: 'top', typeId: type.id });
  await story.unit(source.id, { name: 'below', typeId: type.id, parentId: top.unitId });
  await registry.data(
    'mutation ($id: ID!) { updateOrgUnitType(id: $id, expectedRevision: 1, input: { subTypeIds: [] }) { id } }',
    { id: type.id },
  );
  const report = await check(source.draft.id);
  expect(issuesOf(report, 'TYPE_NOT_ALLOWED')).toMatchObject([
    { rule: 'TYPE_NOT_ALLOWED', detail: 'Post < Post', unit: { name: 'below' } },
  ]);
});

it('a list goes page by page, of one rule, without losing or repeating a unit', async () => {
  const source = await story.source();
  for (let i = 0; i < 7; i++) await story.unit(source.id, { name: `unit ${i}` });
  const report = await check(source.draft.id);
  const names: string[] = [];
  let after: string | null = null;
  do {
    const { qualityReport }: Data = await registry.data(
      `query ($id: ID!, $after: String) { qualityReport(id: $id) {
        issues(rule: MISSING_GEOMETRY, first: 3, after: $after) { totalCount nodes { unit { name } } pageInfo { hasNextPage endCursor } } } }`,
      { id: report.id, after },
    );
    expect(qualityReport.issues.totalCount).toBe(7);
    names.push(...qualityReport.issues.nodes.map(({ unit }: Data) => unit.name));
    after = qualityReport.issues.pageInfo.hasNextPage ? qualityReport.issues.pageInfo.endCursor : null;
  } while (after);
  expect(names).toEqual(['unit 0', 'unit 1', 'unit 2', 'unit 3', 'unit 4', 'unit 5', 'unit 6']);
});

it('a release needs the score that the account asks, found after the last edit', async () => {
  const settings = async (requiredScore: number | null) => {
    const { registrySettings } = await registry.data('{ registrySettings { revision } }');
    return registry.ask(
      `mutation ($r: Int!, $s: Int) {
        updateRegistrySettings(expectedRevision: $r, input: { requiredScore: $s }) { requiredScore } }`,
      { r: registrySettings.revision, s: requiredScore },
    );
  };
  const weigh = (rule: string, severity: string) =>
    registry.data(
      'mutation ($r: QualityRule!, $s: QualitySeverity!) { setQualityRule(rule: $r, severity: $s) { rule } }',
      {
        r: rule,
        s: severity,
      },
    );
  const release = (id: string) =>
    registry.ask('mutation ($id: ID!) { releaseVersion(dataSource: $id) { number } }', { id });
  expect((await settings(101)).code).toBe('BAD_USER_INPUT');
  await settings(100);
  await weigh('MISSING_GEOMETRY', 'ERROR');
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'bare' });
  const without = await release(source.id);
  expect([without.code, without.errors[0]?.message]).toEqual([
    'CONFLICT',
    expect.stringMatching(/no quality report/),
  ]);
  expect((await check(source.draft.id)).score).toBe(0);
  expect((await release(source.id)).errors[0]?.message).toMatch(/says 0/);
  await story.edit(unit, { location: { longitude: 0, latitude: 1 } });
  expect((await release(source.id)).errors[0]?.message).toMatch(/edited since/);
  expect((await check(source.draft.id)).score).toBe(100);
  expect((await release(source.id)).data.releaseVersion).toEqual({ number: 1 });
  await settings(null);
  await weigh('MISSING_GEOMETRY', 'WARNING');
});

it('a score says 100 of a version without errors alone', () => {
  expect([scoreOf(0, 0), scoreOf(1000, 0), scoreOf(1000, 1), scoreOf(3, 1), scoreOf(1, 1)]).toEqual([
    100, 100, 99, 66, 0,
  ]);
});
