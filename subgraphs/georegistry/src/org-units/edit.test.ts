import { newId } from '@iroko/database';
import { seedMember } from '@iroko/testing';
import { type TestRegistry, testRegistry } from '../testing/registry';
import { STATE, Story } from '../testing/story';

let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

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

it('defect 7: a unit keeps all that is said of it, exactly 0 of longitude and latitude included', async () => {
  const source = await story.source();
  const group = await registry.data(
    'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }',
    { input: { dataSourceId: source.id, name: 'Rural' } },
  );
  const type = await registry.data('mutation { createOrgUnitType(input: { name: "Clinique" }) { id } }');
  const unit = await story.unit(source.id, {
    name: '  Hôpital  Général ',
    aliases: ['HG', '', 'HG'],
    code: 'H-1',
    reference: 'ref 1',
    status: 'VALID',
    typeId: type.createOrgUnitType.id,
    groupIds: [group.createGroup.id],
    location: { longitude: 0, latitude: -0, altitude: 12.5 },
    shape: square(1),
    openingDate: '2020-02-29',
    closedDate: '2024-01-01',
    attributes: [
      { key: 'beds', value: '12' },
      { key: '__proto__', value: null },
    ],
  });
  expect(unit).toMatchObject({
    name: 'Hôpital  Général',
    aliases: ['HG'],
    code: 'H-1',
    reference: 'ref 1',
    status: 'VALID',
    revision: 1,
    location: { longitude: 0, latitude: 0, altitude: 12.5 },
    hasShape: true,
    openingDate: '2020-02-29',
    closedDate: '2024-01-01',
    groups: [{ name: 'Rural' }],
    type: { name: 'Clinique' },
    attributes: [
      { key: '__proto__', value: null },
      { key: 'beds', value: '12' },
    ],
    version: { number: 1, status: 'DRAFT' },
  });
});

it('what an edit does not name stays, and null takes away only where a unit can be without', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A', code: 'c', location: { longitude: 1, latitude: 2 } });
  const renamed = await story.edit(unit, { name: 'B' });
  expect(renamed).toMatchObject({
    name: 'B',
    code: 'c',
    location: { longitude: 1, latitude: 2 },
    revision: 2,
  });
  const emptied = await story.edit(renamed, { name: null, code: null, location: null });
  expect(emptied).toMatchObject({ name: 'B', code: 'c', location: null, revision: 3 });
});

it('an edit from an old revision is CONFLICT with both revisions and the fields, and changes nothing', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A' });
  await story.edit(unit, { name: 'B', code: 'x' });
  const { errors } = await story.tryEdit(unit, { name: 'C', code: 'x' });
  expect(errors[0]?.extensions).toEqual({
    code: 'CONFLICT',
    details: { expectedRevision: 1, actualRevision: 2, fields: ['name'] },
  });
  expect(await story.names(source.draft.id)).toEqual(['B']);
});

it('of two edits at once from one revision one is CONFLICT', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A' });
  const answers = await Promise.all([story.tryEdit(unit, { name: 'B' }), story.tryEdit(unit, { name: 'C' })]);
  expect(answers.map(({ code }) => code ?? 'ok').sort()).toEqual(['CONFLICT', 'ok']);
});

it('defect 2: of two moves at once that would close a circle the second is refused', async () => {
  for (let round = 0; round < 5; round++) {
    const source = await story.source();
    const a = await story.unit(source.id, { name: 'A' });
    const b = await story.unit(source.id, { name: 'B' });
    const answers = await Promise.all([
      story.tryEdit(a, { parentId: b.unitId }),
      story.tryEdit(b, { parentId: a.unitId }),
    ]);
    expect(answers.map(({ code }) => code ?? 'ok').sort()).toEqual(['BAD_USER_INPUT', 'ok']);
  }
});

it('a unit moves with everything below it, and lists of subtrees follow', async () => {
  const source = await story.source();
  const [a, b] = [await story.unit(source.id, { name: 'A' }), await story.unit(source.id, { name: 'B' })];
  const child = await story.unit(source.id, { name: 'child', parentId: a.unitId });
  await story.unit(source.id, { name: 'grandchild', parentId: child.unitId });
  await story.edit(child, { parentId: b.unitId });
  expect(await story.names(source.draft.id, { subtree: a.unitId })).toEqual(['A']);
  expect(await story.names(source.draft.id, { subtree: b.unitId })).toEqual(['B', 'child', 'grandchild']);
});

it('a unit with children goes only together with them', async () => {
  const source = await story.source();
  const a = await story.unit(source.id, { name: 'A' });
  const child = await story.unit(source.id, { name: 'child', parentId: a.unitId });
  await story.unit(source.id, { name: 'grandchild', parentId: child.unitId });
  expect((await story.remove(child)).code).toBe('CONFLICT');
  const { data } = await story.remove(child, true);
  expect(data.removeOrgUnit.removedUnits).toBe(2);
  expect(await story.names(source.draft.id)).toEqual(['A']);
});

it.each([
  ['an empty name', { name: ' ' }, 'name'],
  ['a name of 10,000 characters', { name: 'x'.repeat(10_000) }, 'name'],
  ['a longitude out of range', { location: { longitude: 181, latitude: 0 } }, 'location'],
  ['swapped coordinates', { location: { longitude: -4, latitude: 114 } }, 'location'],
  [
    'a shape that crosses itself',
    {
      shape: {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 1],
            [1, 0],
            [0, 1],
            [0, 0],
          ],
        ],
      },
    },
    'shape',
  ],
  ['a shape that is a point', { shape: { type: 'Point', coordinates: [0, 0] } }, 'shape'],
  [
    'defect 8: a closing date that is not after the opening date',
    { openingDate: '2020-01-02', closedDate: '2020-01-02' },
    'closedDate',
  ],
  ['a parent that never was', { parentId: newId() }, 'parentId'],
  ['a parent id that is no id', { parentId: "x' OR 1=1" }, 'parentId'],
  ['a type that never was', { typeId: newId() }, 'typeId'],
  ['a group that never was', { groupIds: [newId()] }, 'groupIds'],
  ['an attribute given twice', { attributes: [{ key: 'a' }, { key: 'a' }] }, 'attributes'],
])('%s is BAD_USER_INPUT that names the field, and nothing is written', async (_what, fields, field) => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A' });
  const { errors } = await story.tryEdit(unit, fields);
  expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', details: { path: [field] } });
  expect(await story.states(source.draft.id)).toMatchObject([{ name: 'A', revision: 1 }]);
});

it.each([
  ['the 31st of February', { openingDate: '2020-02-31' }],
  ['defect 6: the status CLOSED', { status: 'CLOSED' }],
])('%s is refused before anything is written', async (_what, fields) => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A', openingDate: '2020-01-01' });
  const { errors } = await story.tryEdit(unit, fields);
  expect(errors).not.toEqual([]);
  expect(await story.states(source.draft.id)).toMatchObject([{ openingDate: '2020-01-01', status: 'NEW' }]);
});

it('defect 1: a parent of another source is refused, of a new unit and of one that moves', async () => {
  const [one, other] = [await story.source(), await story.source()];
  const parent = await story.unit(other.id, { name: 'A' });
  const unit = await story.unit(one.id, { name: 'U' });
  expect((await story.tryEdit(unit, { parentId: parent.unitId })).code).toBe('BAD_USER_INPUT');
  const { code } = await registry.ask(
    `mutation ($input: CreateOrgUnitInput!) { createOrgUnit(input: $input) { id } }`,
    { input: { dataSourceId: one.id, name: 'B', parentId: parent.unitId } },
  );
  expect(code).toBe('BAD_USER_INPUT');
});

it('defect 3: a reference is taken once per source, also when its unit was removed; another source may use it', async () => {
  const [one, other] = [await story.source(), await story.source()];
  const unit = await story.unit(one.id, { name: 'A', reference: 'R' });
  await story.remove(unit);
  const again = await registry.ask(
    'mutation ($input: CreateOrgUnitInput!) { createOrgUnit(input: $input) { id } }',
    { input: { dataSourceId: one.id, name: 'B', reference: 'R' } },
  );
  expect(again.code).toBe('CONFLICT');
  await story.unit(other.id, { name: 'C', reference: 'R' });
});

it('a read-only source is not edited by hand', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A' });
  await registry.data(
    'mutation ($id: ID!) { updateDataSource(id: $id, expectedRevision: 1, input: { readOnly: true }) { id } }',
    { id: source.id },
  );
  expect((await story.tryEdit(unit, { name: 'B' })).code).toBe('CONFLICT');
});

it('every edit writes its event in the same transaction, with the fields before and after', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A' });
  await story.edit(unit, { name: 'B' });
  await story.tryEdit(unit, { name: 'C' });
  const { rows } = await registry.database.pool.query(
    `SELECT action, fields_before AS before, fields_after AS after FROM platform.change_event WHERE subject_id = $1 ORDER BY id`,
    [unit.unitId],
  );
  expect(rows).toMatchObject([
    { action: 'CREATE', before: null, after: { name: 'A' } },
    { action: 'UPDATE', before: { name: 'A' }, after: { name: 'B' } },
  ]);
});

it('a unit is rejected with a reason and stays in the tree', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A' });
  const { rejectOrgUnit } = await registry.data(
    `mutation ($id: ID!) { rejectOrgUnit(id: $id, expectedRevision: 1, reason: "twice in the list") { ${STATE} } }`,
    { id: unit.unitId },
  );
  expect(rejectOrgUnit).toMatchObject({ status: 'REJECTED', revision: 2 });
});

it('for another account, a unit, a source and a version are as if they never were', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A' });
  const stranger = registry.twin.administrator;
  const asked = await registry.ask(
    `query ($unit: ID!, $source: ID!, $version: ID!) {
      orgUnit(id: $unit) { id } dataSource(id: $source) { id } sourceVersion(id: $version) { id } }`,
    { unit: unit.unitId, source: source.id, version: source.draft.id },
    stranger,
  );
  expect(asked.data).toEqual({ orgUnit: null, dataSource: null, sourceVersion: null });
  const edited = await registry.ask(
    'mutation ($id: ID!) { updateOrgUnit(id: $id, expectedRevision: 1, input: { name: "B" }) { id } }',
    { id: unit.unitId },
    stranger,
  );
  expect(edited.code).toBe('NOT_FOUND');
});

it('without the permission nothing is read or edited, and drafts are for those who edit', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A' });
  const reader = await seedMember(registry.database, registry.account.accountId, {
    permissions: ['org_units.read', 'sources.read'],
  });
  const query = 'query ($unit: ID!) { orgUnit(id: $unit) { name } }';
  const before = await registry.ask(query, { unit: unit.unitId }, reader);
  expect(before.data).toEqual({ orgUnit: null });
  await story.release(source.id);
  const after = await registry.ask(query, { unit: unit.unitId }, reader);
  expect(after.data).toEqual({ orgUnit: { name: 'A' } });
  expect((await registry.ask(query, { unit: unit.unitId }, null)).code).toBe('UNAUTHENTICATED');
  const edited = await registry.ask(
    'mutation ($id: ID!) { updateOrgUnit(id: $id, expectedRevision: 1, input: { name: "B" }) { id } }',
    { id: unit.unitId },
    reader,
  );
  expect(edited.code).toBe('FORBIDDEN');
});
