import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const change = (id: string, revision: number, input: Record<string, unknown>) =>
  registry.data(
    `mutation ($id: ID!, $revision: Int!, $input: UpdateDataSourceInput!) {
      updateDataSource(id: $id, expectedRevision: $revision, input: $input) { id revision readOnly } }`,
    { id, revision, input },
  );

describe('a read-only source', () => {
  it('refuses edits, new groups and imports, and says how to change that', async () => {
    const source = await story.source();
    const unit = await story.unit(source.id, { name: 'A' });
    await change(source.id, 1, { readOnly: true });
    const file = { fileId: 'none', dataSourceId: source.id };
    const attempts = {
      edit: await story.tryEdit(unit, { name: 'B' }),
      create: await registry.ask(
        'mutation ($id: ID!) { createOrgUnit(input: { dataSourceId: $id, name: "B" }) { id } }',
        { id: source.id },
      ),
      remove: await story.remove(unit),
      group: await registry.ask(
        'mutation ($id: ID!) { createGroup(input: { dataSourceId: $id, name: "G" }) { id } }',
        { id: source.id },
      ),
      set: await registry.ask(
        'mutation ($id: ID!) { createGroupSet(input: { dataSourceId: $id, name: "G" }) { id } }',
        { id: source.id },
      ),
      open: await registry.ask('mutation ($id: ID!) { openDraft(dataSource: $id) { id } }', {
        id: source.id,
      }),
    };
    for (const [what, { code, errors }] of Object.entries(attempts)) {
      expect([what, code, errors[0]?.message]).toEqual([
        what,
        'CONFLICT',
        expect.stringMatching(/read-only: neither edits nor imports change it\. Set readOnly/),
      ]);
    }
    expect(file.dataSourceId).toBe(source.id);
    expect(await story.names(source.draft.id)).toEqual(['A']);
    await change(source.id, 2, { readOnly: false });
    expect(await story.edit(unit, { name: 'B' })).toMatchObject({ name: 'B' });
  });
});

describe('a deleted source', () => {
  const remove = (id: string, revision: number) =>
    registry.ask(
      'mutation ($id: ID!, $revision: Int!) { deleteDataSource(id: $id, expectedRevision: $revision) { deletedAt } }',
      { id, revision },
    );
  const seen = async (source: { id: string }, unit: Data, version: { id: string }) => {
    const { data } = await registry.ask(
      `query ($s: ID!, $u: ID!, $v: ID!) {
        dataSource(id: $s) { id } orgUnit(id: $u) { id } sourceVersion(id: $v) { id } }`,
      { s: source.id, u: unit.unitId, v: version.id },
    );
    return data;
  };

  it('is found nowhere with its units and versions, refuses edits, and comes back as it was', async () => {
    const source = await story.source();
    const unit = await story.unit(source.id, { name: 'A' });
    const version = await story.release(source.id);
    const before = await seen(source, unit, version);
    expect(before.orgUnit).toEqual({ id: unit.unitId });
    expect((await remove(source.id, 7)).code).toBe('CONFLICT');
    expect((await remove(source.id, 1)).data.deleteDataSource.deletedAt).not.toBeNull();
    expect(await seen(source, unit, version)).toEqual({
      dataSource: null,
      orgUnit: null,
      sourceVersion: null,
    });
    expect((await story.tryEdit(unit, { name: 'B' })).code).toBe('NOT_FOUND');
    const list = await registry.data(
      '{ dataSources(first: 1000) { nodes { id } } gone: dataSources(deleted: true, first: 1000) { nodes { id } } }',
    );
    expect(list.dataSources.nodes).not.toContainEqual({ id: source.id });
    expect(list.gone.nodes).toContainEqual({ id: source.id });
    const restored = await registry.ask('mutation ($id: ID!) { restoreDataSource(id: $id) { deletedAt } }', {
      id: source.id,
    });
    expect(restored.data.restoreDataSource).toEqual({ deletedAt: null });
    expect(await seen(source, unit, version)).toEqual(before);
  });
});
