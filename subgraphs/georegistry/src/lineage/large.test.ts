import { ended, resultOf } from '../testing/jobs';
import { LineageStory, named } from '../testing/lineage';
import { manyUnitsBelow } from '../testing/many-units';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

/** One more than a request does at once. */
const LEAVES = 1001;

let registry: TestRegistry;
let story: Story;
let lineage: LineageStory;
let source: { id: string; draft: { id: string } };
let district: Data;
let other: Data;

beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
  lineage = new LineageStory(registry);
});
afterAll(() => registry.close());

beforeEach(async () => {
  source = await story.source();
  const root = await story.unit(source.id, { name: 'Root' });
  district = await story.unit(source.id, { name: 'District', parentId: root.unitId });
  other = await story.unit(source.id, { name: 'Other', parentId: root.unitId });
  await manyUnitsBelow(registry, source.id, district.unitId, LEAVES);
});

const count = async (filter: Record<string, unknown>): Promise<number> => {
  const { orgUnitStates } = await registry.data(
    'query ($v: ID!, $filter: OrgUnitFilter) { orgUnitStates(version: $v, filter: $filter, first: 0) { totalCount } }',
    { v: source.draft.id, filter },
  );
  return orgUnitStates.totalCount;
};

it('what moves thousands is done by a job, with one event of the version, and taken back by one', async () => {
  const { data } = await lineage.try('mergeOrgUnits', {
    units: [named(district)],
    into: { unit: named(other) },
    ending: 'REMOVED',
  });
  expect(data.mergeOrgUnits).toMatchObject({ lineage: null, version: null });
  expect(await count({ parent: district.unitId })).toBe(LEAVES);
  const result = await resultOf(registry, data.mergeOrgUnits.job.id);
  expect(result).toMatchObject({ moved: LEAVES, closedAlong: 0, versionId: source.draft.id });
  expect(await count({ subtree: other.unitId })).toBe(LEAVES + 1);
  const { rows } = await registry.database.pool.query(
    `SELECT count(*)::integer AS events FROM platform.change_event e WHERE e.account_id = $1 AND e.job_id = $2`,
    [registry.db.account, data.mergeOrgUnits.job.id],
  );
  expect(rows).toEqual([{ events: 3 }]);
  const { undoLineage } = await registry.data('mutation ($id: ID!) { undoLineage(id: $id) { job { id } } }', {
    id: result.lineageId,
  });
  await resultOf(registry, undoLineage.job.id);
  expect(await count({ parent: district.unitId })).toBe(LEAVES);
  expect(await count({ parent: other.unitId })).toBe(0);
});

it('a closing with thousands below is a job as well; they all say how they ended', async () => {
  const { data } = await lineage.try('closeOrgUnit', { unit: named(district), children: 'CLOSE' });
  const result = await resultOf(registry, data.closeOrgUnit.job.id);
  expect(result).toMatchObject({ moved: 0, closedAlong: LEAVES });
  const [leaf] = await story.states(source.draft.id, { references: ['leaf 7'] });
  expect(leaf.closedDate).toBe('2026-05-01');
  expect(await lineage.of(leaf.unitId, source.draft.id)).toMatchObject({
    isStanding: false,
    endedBy: { kind: 'CLOSE' },
    standing: [],
  });
});

it('the job does nothing of units that changed meanwhile, and frees the draft', async () => {
  const { data } = await lineage.try('closeOrgUnit', { unit: named(district), children: 'CLOSE' });
  await story.edit(district, { name: 'District II' });
  const job = await ended(registry, data.closeOrgUnit.job.id);
  expect(job).toMatchObject({ status: 'FAILED', error: { code: 'CONFLICT' } });
  expect(await count({ parent: district.unitId })).toBe(LEAVES);
  await story.edit(other, { name: 'Other II' });
});
