/** Edits of what a tree is made of, apart from its units, are taken back alike. */
import { lastChange } from './testing/last-change';
import { type Data, type TestRegistry, testRegistry } from './testing/registry';
import { Story } from './testing/story';

let registry: TestRegistry;
let story: Story;
let source: string;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
  source = (await story.source('Registry')).id;
});
afterAll(() => registry.close());

interface Kind {
  type: string;
  noun: string;
  create: () => Promise<{ id: string }>;
  /** An edit of two fields, one of them the name, and what the fields are before and after. */
  edit: Record<string, unknown>;
  was: Record<string, unknown>;
  fields: string;
}

const made = async (query: string, variables: Record<string, unknown>): Promise<{ id: string }> =>
  Object.values((await registry.data(query, variables)) as Data)[0] as { id: string };

const KINDS: Kind[] = [
  {
    type: 'Group',
    noun: 'Group',
    create: () =>
      made('mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }', {
        input: { dataSourceId: source, name: 'Urban', reference: 'u' },
      }),
    edit: { name: 'Town', reference: 't' },
    was: { name: 'Urban', reference: 'u' },
    fields: 'name reference',
  },
  {
    type: 'GroupSet',
    noun: 'GroupSet',
    create: () =>
      made('mutation ($input: CreateGroupSetInput!) { createGroupSet(input: $input) { id } }', {
        input: { dataSourceId: source, name: 'Setting', membership: 'SINGLE' },
      }),
    edit: { name: 'Surroundings', membership: 'MULTIPLE' },
    was: { name: 'Setting', membership: 'SINGLE' },
    fields: 'name membership',
  },
  {
    type: 'OrgUnitType',
    noun: 'OrgUnitType',
    create: () =>
      made('mutation ($input: CreateOrgUnitTypeInput!) { createOrgUnitType(input: $input) { id } }', {
        input: { name: 'Clinic', depth: 3 },
      }),
    edit: { name: 'Health centre', depth: null },
    was: { name: 'Clinic', depth: 3 },
    fields: 'name depth',
  },
  {
    type: 'DataSource',
    noun: 'DataSource',
    create: () => story.source('Census'),
    edit: { name: 'Census 2020', timeZone: 'Africa/Kinshasa' },
    was: { name: 'Census', timeZone: null },
    fields: 'name timeZone',
  },
];

describe.each(KINDS)('an edit of a $type', ({ type, noun, create, edit, was, fields }) => {
  const update = (id: string, revision: number, input: object) =>
    registry.data(
      `mutation ($id: ID!, $revision: Int!, $input: Update${noun}Input!) {
        update${noun}(id: $id, expectedRevision: $revision, input: $input) { id } }`,
      { id, revision, input },
    );
  const revert = (event: string) =>
    registry.ask(
      `mutation ($event: ID!) { revert${noun}Change(event: $event, reason: "a mistake") { ${fields} revision } }`,
      { event },
    );

  it('is taken back as a new change that names it, unless it was changed again; a creation is none', async () => {
    const { id } = await create();
    const created = await lastChange(registry, type, id);
    await update(id, 1, edit);
    const edited = await lastChange(registry, type, id);
    const { data } = await revert(edited.id);
    expect(Object.values(data ?? {})).toEqual([{ ...was, revision: 3 }]);
    const reverted = await lastChange(registry, type, id);
    expect(reverted).toMatchObject({
      action: 'REVERT',
      reason: 'a mistake',
      before: edit,
      after: { ...was, reverts: edited.id },
    });
    // What was taken back is no longer what the edit made of it.
    const again = await revert(edited.id);
    expect(again.errors?.[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      details: { fields: expect.arrayContaining(Object.keys(was)) },
    });
    // The taking back is an edit like another.
    expect(Object.values((await revert(reverted.id)).data ?? {})).toEqual([{ ...edit, revision: 4 }]);
    const refused = await revert(created.id);
    expect(refused.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['event'] },
    });
  });

  it('is not found under the mutation of another kind', async () => {
    const unit = await story.unit(source, { name: 'A place' });
    const { id } = await lastChange(registry, 'OrgUnit', unit.unitId);
    for (const event of [id, 'none']) {
      expect((await revert(event)).errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
    }
  });
});
