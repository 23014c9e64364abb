/** What a report says of shapes, and how it knows that it is out of date. */
import { checkedReport, issuesOf, reportOf } from '../../testing/quality';
import { type Data, type TestRegistry, testRegistry } from '../../testing/registry';
import { Story } from '../../testing/story';

let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const square = (west: number, south: number, wide = 1, high = wide) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + wide, south],
      [west + wide, south + high],
      [west, south + high],
      [west, south],
    ],
  ],
});

const told = (issues: Data[]) => issues.map(({ unit, otherUnit }) => [unit?.name, otherUnit?.name ?? null]);

it('siblings that overlap and the parent that they leave a part of are listed with the area and the place', async () => {
  const source = await story.source();
  const land = await story.unit(source.id, { name: 'Land', shape: square(0, 0, 4, 1) });
  const below = (name: string, shape: object) =>
    story.unit(source.id, { name, parentId: land.unitId, shape });
  await below('West', square(0, 0));
  await below('Middle', square(0.5, 0, 1.5, 1));
  await below('East', square(3, 0));
  await story.unit(source.id, { name: 'Elsewhere', shape: square(0, 0) });
  const report = await checkedReport(registry, source.draft.id);
  const overlaps = issuesOf(report, 'OVERLAPPING_SIBLINGS');
  expect(told(overlaps)).toEqual([
    ['Elsewhere', 'Land'],
    ['Land', 'Elsewhere'],
    ['Middle', 'West'],
    ['West', 'Middle'],
  ]);
  expect(overlaps[2]).toMatchObject({
    detail: expect.stringMatching(/^West: 615\d{7} m², 33\.3 %$/),
    areaM2: expect.closeTo(6154e6, -7),
    place: { longitude: 0.75, latitude: 0.5 },
    isOutdated: false,
  });
  const gaps = issuesOf(report, 'GAP_BETWEEN_SIBLINGS');
  expect(told(gaps)).toEqual([['Land', null]]);
  expect(gaps[0]).toMatchObject({
    areaM2: expect.closeTo(12308e6, -8),
    place: { longitude: 2.5, latitude: 0.5 },
  });
  const counted = report.counts.find(({ rule }: Data) => rule === 'OVERLAPPING_SIBLINGS');
  expect(counted).toEqual({ rule: 'OVERLAPPING_SIBLINGS', severity: 'WARNING', count: 4 });
});

it('a rule that is off is not looked for, and a version without shapes has none', async () => {
  const weigh = (rule: string, severity: string) =>
    registry.data(
      'mutation ($r: QualityRule!, $s: QualitySeverity!) { setQualityRule(rule: $r, severity: $s) { rule } }',
      { r: rule, s: severity },
    );
  const source = await story.source();
  await story.unit(source.id, { name: 'one', shape: square(0, 0) });
  await story.unit(source.id, { name: 'two', shape: square(0, 0) });
  await weigh('OVERLAPPING_SIBLINGS', 'OFF');
  expect(issuesOf(await checkedReport(registry, source.draft.id), 'OVERLAPPING_SIBLINGS')).toEqual([]);
  await weigh('GAP_BETWEEN_SIBLINGS', 'OFF');
  expect(issuesOf(await checkedReport(registry, source.draft.id), 'OVERLAPPING_SIBLINGS')).toEqual([]);
  await weigh('OVERLAPPING_SIBLINGS', 'ERROR');
  expect((await checkedReport(registry, source.draft.id)).score).toBe(0);
  await weigh('OVERLAPPING_SIBLINGS', 'WARNING');
  await weigh('GAP_BETWEEN_SIBLINGS', 'WARNING');
  const bare = await story.source();
  expect((await checkedReport(registry, bare.draft.id)).issues.totalCount).toBe(0);
});

it('a report is stale once a unit is edited, added or removed, and tells of which units it is out of date', async () => {
  const source = await story.source();
  const names = ['edited', 'removed', 'untouched'];
  const units = new Map<string, Data>();
  for (const name of names) units.set(name, await story.unit(source.id, { name }));
  const first = await checkedReport(registry, source.draft.id);
  expect(first.isStale).toBe(false);
  await story.edit(units.get('edited') as never, { code: 'x' });
  const after = await reportOf(registry, first.id);
  expect(after.isStale).toBe(true);
  const second = await checkedReport(registry, source.draft.id);
  await story.remove(units.get('removed') as never);
  expect((await reportOf(registry, second.id)).isStale).toBe(true);
  const outdated = issuesOf(await reportOf(registry, first.id), 'MISSING_GEOMETRY');
  expect(outdated.map(({ unit, isOutdated }) => [unit?.name ?? null, isOutdated])).toEqual([
    ['edited', true],
    [null, true],
    ['untouched', false],
  ]);
  const third = await checkedReport(registry, source.draft.id);
  await story.unit(source.id, { name: 'added' });
  expect((await reportOf(registry, third.id)).isStale).toBe(true);
});

it('a report of a released version stays true, and a draft after a removal needs a new one to be released', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'one' });
  const report = await checkedReport(registry, source.draft.id);
  const released = await story.release(source.id);
  await story.remove(unit as never);
  expect((await reportOf(registry, report.id)).isStale).toBe(false);
  const settings = async (requiredScore: number | null) => {
    const { registrySettings } = await registry.data('{ registrySettings { revision } }');
    await registry.data(
      `mutation ($r: Int!, $s: Int) {
        updateRegistrySettings(expectedRevision: $r, input: { requiredScore: $s }) { requiredScore } }`,
      { r: registrySettings.revision, s: requiredScore },
    );
  };
  await settings(0);
  const release = () =>
    registry.ask('mutation ($id: ID!) { releaseVersion(dataSource: $id) { number } }', { id: source.id });
  expect((await release()).errors[0]?.message).toMatch(/no quality report/);
  const { dataSource } = await registry.data('query ($id: ID!) { dataSource(id: $id) { draft { id } } }', {
    id: source.id,
  });
  await story.unit(source.id, { name: 'two' });
  const two = await story.unit(source.id, { name: 'three' });
  await checkedReport(registry, dataSource.draft.id);
  await story.remove(two as never);
  expect((await release()).errors[0]?.message).toMatch(/edited since/);
  await checkedReport(registry, dataSource.draft.id);
  expect((await release()).data.releaseVersion).toEqual({ number: released.number + 1 });
  await settings(null);
});
