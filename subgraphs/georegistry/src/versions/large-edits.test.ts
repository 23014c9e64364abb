import { ended, resultOf } from '../testing/jobs';
import { manyUnitsBelow } from '../testing/many-units';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

/** One more than a request does at once, the unit above them counted. */
const LEAVES = 1000;

let registry: TestRegistry;
let story: Story;
let source: { id: string; draft: { id: string } };
let district: Data;
let other: Data;

beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

beforeEach(async () => {
  source = await story.source();
  district = await story.unit(source.id, { name: 'District' });
  other = await story.unit(source.id, { name: 'Other' });
  await manyUnitsBelow(registry, source.id, district.unitId, LEAVES);
});

const count = async (filter: Record<string, unknown> = {}): Promise<number> => {
  const { orgUnits } = await registry.data(
    'query ($id: ID!, $filter: OrgUnitFilter) { orgUnits(dataSource: $id, filter: $filter, first: 0) { totalCount } }',
    { id: source.id, filter },
  );
  return orgUnits.totalCount;
};

const REMOVE = `mutation ($id: ID!, $revision: Int!) {
  removeOrgUnit(id: $id, expectedRevision: $revision, withDescendants: true, reason: "gone") {
    removedUnits job { id } version { id } } }`;
const remove = async () =>
  (await registry.data(REMOVE, { id: district.unitId, revision: district.revision })).removeOrgUnit;

it('a large subtree is removed by a job, with one event', async () => {
  const { removedUnits, job } = await remove();
  expect(removedUnits).toBe(LEAVES + 1);
  expect(await count()).toBe(LEAVES + 2);
  expect(await resultOf(registry, job.id)).toMatchObject({ removedUnits: LEAVES + 1 });
  expect(await count()).toBe(1);
  const { rows } = await registry.database.pool.query(
    `SELECT e.reason FROM platform.change_event e
     WHERE e.account_id = $1 AND e.subject_id = $2 AND e.action = 'REMOVE'`,
    [registry.db.account, district.unitId],
  );
  expect(rows).toEqual([{ reason: 'gone' }]);
});

it('the job removes nothing of a unit that changed meanwhile', async () => {
  const { job } = await remove();
  await story.edit(district, { name: 'District II' });
  expect(await ended(registry, job.id)).toMatchObject({ status: 'FAILED', error: { code: 'CONFLICT' } });
  expect(await count()).toBe(LEAVES + 2);
  // The draft is free again.
  await story.edit(other, { name: 'Other II' });
});

it('a small subtree is removed at once', async () => {
  const { data } = await registry.ask(REMOVE, { id: other.unitId, revision: other.revision });
  expect(data.removeOrgUnit).toMatchObject({ removedUnits: 1, job: null });
});

it('a move of a large subtree is LIMIT_EXCEEDED in a request, and done by a bulk edit', async () => {
  expect((await story.tryEdit(district, { parentId: other.unitId })).code).toBe('LIMIT_EXCEEDED');
  const { bulkEditOrgUnits } = await registry.data(
    'mutation ($input: BulkEditInputType!) { bulkEditOrgUnits(input: $input) { id } }',
    {
      input: {
        dataSourceId: source.id,
        filter: { ids: [district.unitId] },
        changes: { parentId: other.unitId },
      },
    },
  );
  expect(await resultOf(registry, bulkEditOrgUnits.id)).toMatchObject({ changed: 1, moved: 1 });
  expect(await count({ subtree: other.unitId })).toBe(LEAVES + 2);
  expect(await count({ depths: [2] })).toBe(LEAVES);
});

describe('a large draft', () => {
  const discard = async () =>
    (
      await registry.data(
        'mutation ($id: ID!) { discardDraft(dataSource: $id) { changedUnits removedUnits job { id } } }',
        { id: source.id },
      )
    ).discardDraft;

  it('is discarded by a job', async () => {
    const { changedUnits, removedUnits, job } = await discard();
    expect({ changedUnits, removedUnits }).toEqual({ changedUnits: LEAVES + 2, removedUnits: 0 });
    expect(await resultOf(registry, job.id)).toEqual({ changedUnits: LEAVES + 2, removedUnits: 0 });
    const { dataSource } = await registry.data('query ($id: ID!) { dataSource(id: $id) { draft { id } } }', {
      id: source.id,
    });
    expect(dataSource.draft).toBeNull();
  });

  it('that was released meanwhile stays, and so does the next one', async () => {
    const { job } = await discard();
    await story.release(source.id);
    await story.edit(other, { name: 'Other II' });
    expect(await resultOf(registry, job.id)).toEqual({ changedUnits: 0, removedUnits: 0 });
    expect(await count()).toBe(LEAVES + 2);
    expect((await discard()).job).toBeNull();
  });
});
