import { newId } from '@iroko/database';
import { resultOf } from '../testing/jobs';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';
import { submitted } from '../testing/submitted';

let registry: TestRegistry;
let story: Story;
let source: { id: string; draft: { id: string; number: number } };
const units: Record<string, Data> = {};
let group: string;

const square = {
  type: 'Polygon',
  coordinates: [
    [
      [10, 0],
      [12, 0],
      [12, 2],
      [10, 2],
      [10, 0],
    ],
  ],
};

beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

/** A tree of its own for each test, released, so that edits open a draft. */
beforeEach(async () => {
  source = await story.source();
  const { createGroup } = await registry.data(
    'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }',
    { input: { dataSourceId: source.id, name: 'Rural' } },
  );
  group = createGroup.id;
  const add = async (key: string, input: Record<string, unknown>) => {
    units[key] = await story.unit(source.id, { name: key, ...input });
  };
  await add('north', { shape: square });
  await add('south', {});
  await add('clinic', { parentId: units.north.unitId, openingDate: '2010-01-01' });
  await add('ward', { parentId: units.clinic.unitId, attributes: [{ key: 'beds', value: '4' }] });
  await add('post', { parentId: units.north.unitId, location: { longitude: 1, latitude: 1 } });
  await story.release(source.id);
});

async function preview(input: Record<string, unknown>): Promise<Data> {
  const { previewBulkEdit } = await registry.data(
    `query ($input: BulkEditInputType!) { previewBulkEdit(input: $input) {
      selected changed moved unchanged skipped { reason count } units { unitId name before after }
      skippedUnits { name reason } } }`,
    { input: { dataSourceId: source.id, ...input } },
  );
  return previewBulkEdit;
}

/** Edits, having compared what the preview said with what the job did. */
async function edit(input: Record<string, unknown>, reason = 'because'): Promise<Data> {
  const expected = await preview(input);
  const { bulkEditOrgUnits } = await registry.data(
    `mutation ($input: BulkEditInputType!, $reason: String) { bulkEditOrgUnits(input: $input, reason: $reason) { id } }`,
    { input: { dataSourceId: source.id, ...input }, reason },
  );
  const result = await resultOf(registry, bulkEditOrgUnits.id);
  expect(result).toMatchObject({ ...expected, dryRun: false, skippedUnits: expect.anything() });
  return result;
}

async function newest(): Promise<Record<string, Data>> {
  const { dataSource } = await registry.data('query ($id: ID!) { dataSource(id: $id) { draft { id } } }', {
    id: source.id,
  });
  const states = await story.states(dataSource.draft.id);
  return Object.fromEntries(states.map((state: Data) => [state.name, state]));
}

it('all units get a status, and those that have it already are written no more', async () => {
  await edit({ changes: { status: 'VALID' }, filter: { ids: [units.ward.unitId] } });
  const result = await edit({ changes: { status: 'VALID' } });
  expect(result).toMatchObject({ selected: 5, changed: 4, unchanged: 1, moved: 0, skipped: [] });
  const after = await newest();
  expect(Object.values(after).map(({ status }) => status)).toEqual(Array(5).fill('VALID'));
  expect(after.ward.revision).toBe(2);
  const again = await edit({ changes: { status: 'VALID' } });
  expect(again).toMatchObject({ changed: 0, unchanged: 5 });
});

it('all but some units are edited', async () => {
  await edit({ changes: { status: 'REJECTED' }, filter: { excludedIds: [units.ward.unitId] } });
  const after = await newest();
  expect(after.ward.status).toBe('NEW');
  expect(after.north.status).toBe('REJECTED');
});

it('groups are added, removed and set; attributes are set and taken away', async () => {
  const filter = { ids: [units.ward.unitId] };
  await edit({
    changes: { addGroupIds: [group], setAttributes: [{ key: 'power', value: 'solar' }] },
    filter,
  });
  let { ward } = await newest();
  expect(ward.groups).toEqual([{ id: group, name: 'Rural' }]);
  expect(ward.attributes).toEqual([
    { key: 'beds', value: '4' },
    { key: 'power', value: 'solar' },
  ]);
  await edit({ changes: { removeGroupIds: [group], removeAttributes: ['beds', 'none'] }, filter });
  ({ ward } = await newest());
  expect(ward.groups).toEqual([]);
  expect(ward.attributes).toEqual([{ key: 'power', value: 'solar' }]);
  await edit({ changes: { groupIds: [group] } });
  expect(Object.values(await newest()).every(({ groups }) => groups.length === 1)).toBe(true);
});

it('a unit that would close before it opens is skipped with the reason, the others close', async () => {
  const result = await edit({ changes: { closedDate: '2005-01-01' } });
  expect(result.skipped).toEqual([{ reason: 'DATES_REVERSED', count: 1 }]);
  expect(result.skippedUnits).toEqual([
    { unitId: units.clinic.unitId, name: 'clinic', reason: 'DATES_REVERSED' },
  ]);
  const after = await newest();
  expect(after.clinic.closedDate).toBeNull();
  expect(after.ward.closedDate).toBe('2005-01-01');
});

it('units move with everything below them; one that stands above the new parent is skipped', async () => {
  const result = await edit({
    changes: { parentId: units.ward.unitId },
    filter: { ids: [units.clinic.unitId, units.post.unitId, units.south.unitId, units.ward.unitId] },
  });
  expect(result).toMatchObject({ changed: 2, moved: 2, skipped: [{ reason: 'BELOW_ITSELF', count: 2 }] });
  const after = await newest();
  expect(after.post.parent.name).toBe('ward');
  expect(after.south.parent.name).toBe('ward');
  expect(await story.names(after.ward.version.id, { subtree: units.clinic.unitId })).toEqual([
    'clinic',
    'post',
    'south',
    'ward',
  ]);
});

it('of a unit and one below it that are both moved, both come right below the new parent', async () => {
  await edit({
    changes: { parentId: units.south.unitId },
    filter: { ids: [units.clinic.unitId, units.ward.unitId] },
  });
  const after = await newest();
  expect([after.clinic.parent.name, after.ward.parent.name]).toEqual(['south', 'south']);
  await edit({ changes: { parentId: null }, filter: { ids: [units.ward.unitId] } });
  expect((await newest()).ward.parent).toBeNull();
});

it('locations come from the centroid of the shape, where there is none yet: a unit that has both keeps its own', async () => {
  await story.edit(units.post, { shape: square });
  const result = await edit({ changes: { locationFrom: 'SHAPE' } });
  expect(result.skipped).toEqual([
    { reason: 'HAS_LOCATION', count: 1 },
    { reason: 'NO_SHAPE', count: 3 },
  ]);
  const after = await newest();
  expect(after.north.location).toMatchObject({ longitude: 11, latitude: 1 });
  expect(after.post.location).toMatchObject({ longitude: 1, latitude: 1 });
});

it('locations come from submissions, over the 180th meridian too; others are overwritten when asked', async () => {
  const form = newId();
  const receivedAt = '2024-01-01T00:00:00Z';
  await submitted(registry, units.ward.unitId, { form, receivedAt, at: [179.9, -16] });
  await submitted(registry, units.ward.unitId, { form, receivedAt, at: [-179.9, -16] });
  await submitted(registry, units.post.unitId, { form, receivedAt, at: [0, 0] });
  await submitted(registry, units.clinic.unitId, { form, receivedAt });
  await edit({ changes: { locationFrom: 'SUBMISSIONS' } });
  let after = await newest();
  expect(Math.abs(after.ward.location.longitude)).toBeCloseTo(180, 6);
  expect(after.ward.location.latitude).toBeCloseTo(-16, 4);
  expect(after.post.location).toMatchObject({ longitude: 1, latitude: 1 });
  expect(after.clinic.location).toBeNull();
  await edit({ changes: { locationFrom: 'SUBMISSIONS', overwriteLocations: true } });
  after = await newest();
  expect(after.post.location).toMatchObject({ longitude: 0, latitude: 0 });
});

it('types that the rules do not allow below the parent are skipped', async () => {
  const type = async (input: Record<string, unknown>) =>
    (
      await registry.data(
        'mutation ($input: CreateOrgUnitTypeInput!) { createOrgUnitType(input: $input) { id } }',
        {
          input: { name: `Type ${newId()}`, ...input },
        },
      )
    ).createOrgUnitType.id;
  const clinic = await type({});
  const school = await type({});
  const district = await type({ subTypeIds: [clinic] });
  await edit({ changes: { typeId: clinic }, filter: { ids: [units.clinic.unitId, units.post.unitId] } });
  await edit({ changes: { typeId: district }, filter: { ids: [units.north.unitId] } });
  const result = await edit({ changes: { typeId: school }, filter: { parent: units.north.unitId } });
  expect(result).toMatchObject({ changed: 0, skipped: [{ reason: 'TYPE_NOT_ALLOWED', count: 2 }] });
});

it('is one event that names the two versions and the counts', async () => {
  await edit({ changes: { status: 'VALID' }, filter: { subtree: units.clinic.unitId } }, 'visited');
  const { rows } = await registry.database.pool.query(
    `SELECT e.fields_after AS after, e.reason FROM platform.change_event e
     WHERE e.account_id = $1 AND e.action = 'BULK_EDIT' AND e.fields_after->>'dataSourceId' = $2`,
    [registry.db.account, source.id],
  );
  expect(rows).toHaveLength(1);
  const { dataSource } = await registry.data(
    'query ($id: ID!) { dataSource(id: $id) { draft { id } currentVersion { id } } }',
    {
      id: source.id,
    },
  );
  expect(rows[0].after).toMatchObject({
    fromVersionId: dataSource.currentVersion.id,
    toVersionId: dataSource.draft.id,
    units: { changed: 2, moved: 0, unchanged: 0 },
    changes: { status: 'VALID' },
  });
  expect(rows[0].reason).toBe('visited');
});

it('a dry run answers the same and leaves no draft behind', async () => {
  const { bulkEditOrgUnits } = await registry.data(
    `mutation ($input: BulkEditInputType!) { bulkEditOrgUnits(input: $input, dryRun: true) { id } }`,
    { input: { dataSourceId: source.id, changes: { status: 'VALID' } } },
  );
  expect(await resultOf(registry, bulkEditOrgUnits.id)).toMatchObject({
    changed: 5,
    dryRun: true,
    version: null,
  });
  const { dataSource } = await registry.data('query ($id: ID!) { dataSource(id: $id) { draft { id } } }', {
    id: source.id,
  });
  expect(dataSource.draft).toBeNull();
});

it('the released version stays as it was', async () => {
  await edit({ changes: { status: 'VALID', parentId: null, addGroupIds: [group] } });
  const { dataSource } = await registry.data(
    'query ($id: ID!) { dataSource(id: $id) { currentVersion { id } } }',
    {
      id: source.id,
    },
  );
  const states = await story.states(dataSource.currentVersion.id);
  expect(states.every(({ status, groups }: Data) => status === 'NEW' && groups.length === 0)).toBe(true);
  expect(states.filter(({ parent }: Data) => parent === null)).toHaveLength(2);
});

it.each([
  ['nothing to change', () => ({ changes: {} }), 'BAD_USER_INPUT'],
  ['a group of another source', () => ({ changes: { addGroupIds: [newId()] } }), 'BAD_USER_INPUT'],
  [
    'a group added and removed',
    () => ({ changes: { addGroupIds: [group], removeGroupIds: [group] } }),
    'BAD_USER_INPUT',
  ],
  ['a type that is not there', () => ({ changes: { typeId: 'x' } }), 'BAD_USER_INPUT'],
  ['a parent that is not there', () => ({ changes: { parentId: newId() } }), 'BAD_USER_INPUT'],
  [
    'dates the wrong way round',
    () => ({ changes: { openingDate: '2020-01-02', closedDate: '2020-01-01' } }),
    'BAD_USER_INPUT',
  ],
  [
    'a subtree that is not there',
    () => ({ changes: { status: 'VALID' }, filter: { subtree: newId() } }),
    'NOT_FOUND',
  ],
  [
    'a source that is not there',
    () => ({ changes: { status: 'VALID' }, dataSourceId: newId() }),
    'NOT_FOUND',
  ],
])('%s is refused', async (_what, input, expected) => {
  const { code } = await registry.ask(
    'query ($input: BulkEditInputType!) { previewBulkEdit(input: $input) { changed } }',
    { input: { dataSourceId: source.id, ...input() } },
  );
  expect(code).toBe(expected);
});
