import { readChanges, sealAll } from '@iroko/changes';
import { newId } from '@iroko/database';
import { type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const UPDATE = `mutation ($id: ID!, $revision: Int!, $input: UpdateOrgUnitInput!) {
  updateOrgUnit(id: $id, expectedRevision: $revision, input: $input) { revision } }`;
const REVERT = `mutation ($event: ID!) { revertOrgUnitChange(event: $event, reason: "a mistake") {
  name code revision location { longitude latitude altitude } attributes { key value } } }`;

async function clinic() {
  const source = await story.source();
  return story.unit(source.id, {
    name: 'Clinic',
    code: 'C',
    location: { longitude: 1, latitude: 2, altitude: 3 },
    attributes: [{ key: 'beds', value: '12' }],
  });
}

async function update(id: string, revision: number, input: object): Promise<void> {
  await registry.data(UPDATE, { id, revision, input });
}

async function lastEvent(subjectId: string) {
  await sealAll(registry.database.system, registry.account.accountId);
  const db = registry.database.forAccount(registry.account.actor);
  const events = await readChanges(db, 0, 100, { subjectType: 'OrgUnit', subjectId });
  const event = events.at(-1);
  if (!event) throw new Error('There is no event.');
  return event;
}

it('an edit is taken back as a new change; what it did not touch stays as it is now', async () => {
  const unit = await clinic();
  await update(unit.unitId, 1, {
    name: 'Hospital',
    location: { longitude: 5, latitude: 6 },
    attributes: [{ key: 'beds', value: '40' }],
  });
  const edit = await lastEvent(unit.unitId);
  await update(unit.unitId, 2, { code: 'H' });
  const { revertOrgUnitChange } = await registry.data(REVERT, { event: edit.id });
  expect(revertOrgUnitChange).toEqual({
    name: 'Clinic',
    code: 'H',
    revision: 4,
    location: { longitude: 1, latitude: 2, altitude: 3 },
    attributes: [{ key: 'beds', value: '12' }],
  });
  const revert = await lastEvent(unit.unitId);
  expect(revert).toMatchObject({ action: 'REVERT', reason: 'a mistake', before: { name: 'Hospital' } });
  // The taking back is an edit like another, and can be taken back.
  expect((await registry.data(REVERT, { event: revert.id })).revertOrgUnitChange.name).toBe('Hospital');
});

it('what was changed again since answers CONFLICT and names the fields', async () => {
  const unit = await clinic();
  await update(unit.unitId, 1, { name: 'Hospital', code: 'H' });
  const edit = await lastEvent(unit.unitId);
  await update(unit.unitId, 2, { name: 'Great hospital' });
  const { errors } = await registry.ask(REVERT, { event: edit.id });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', details: { fields: ['name'] } });
});

it('a creation is no edit; an event that never was, or of something else, is not found', async () => {
  const unit = await clinic();
  const created = await lastEvent(unit.unitId);
  expect((await registry.ask(REVERT, { event: created.id })).errors?.[0]?.extensions?.code).toBe(
    'BAD_USER_INPUT',
  );
  for (const event of [newId(), 'none']) {
    expect((await registry.ask(REVERT, { event })).errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
  }
});
