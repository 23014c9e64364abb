import { newId } from '@iroko/database';
import { type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';
import { endHold, holdDraft } from './drafts';

let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const SOURCE = `query ($id: ID!) { dataSource(id: $id) {
  revision draft { id number } currentVersion { id number status } versions { nodes { number status } totalCount } } }`;

it('an old version reads for ever as it was released, whatever is edited, moved, removed or released later', async () => {
  const source = await story.source();
  const a = await story.unit(source.id, { name: 'A' });
  const b = await story.unit(source.id, { name: 'B', parentId: a.unitId });
  const c = await story.unit(source.id, { name: 'C', parentId: b.unitId });
  const first = await story.release(source.id);
  const before = await story.states(first.id);
  const moved = await story.edit(c, { parentId: null, name: 'C2', location: { longitude: 0, latitude: 0 } });
  await story.remove(b);
  const second = await story.release(source.id);
  await story.remove(moved);
  await story.release(source.id);
  expect(await story.states(first.id)).toEqual(before);
  expect(await story.names(first.id, { subtree: a.unitId })).toEqual(['A', 'B', 'C']);
  expect(await story.names(second.id)).toEqual(['A', 'C2']);
});

it('the first edit after a release opens the next draft, and an edit that changes nothing does not', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A' });
  await story.release(source.id);
  await story.edit(unit, { name: 'A' });
  expect((await registry.data(SOURCE, { id: source.id })).dataSource.draft).toBeNull();
  const edited = await story.edit(unit, { name: 'B' });
  expect(edited.version).toMatchObject({ number: 2, status: 'DRAFT' });
  const { dataSource } = await registry.data(SOURCE, { id: source.id });
  expect(dataSource).toMatchObject({
    draft: { number: 2 },
    currentVersion: { number: 1, status: 'RELEASED' },
    versions: { nodes: [{ number: 2 }, { number: 1 }], totalCount: 2 },
  });
});

it('a discarded draft leaves no trace, and what it had removed is there again', async () => {
  const source = await story.source();
  const a = await story.unit(source.id, { name: 'A' });
  const b = await story.unit(source.id, { name: 'B', parentId: a.unitId });
  await story.unit(source.id, { name: 'C', parentId: b.unitId });
  const first = await story.release(source.id);
  const before = await story.states(first.id);
  await story.remove(b, true);
  await story.edit(a, { name: 'A2' });
  await story.unit(source.id, { name: 'D' });
  const { discardDraft } = await registry.data(
    'mutation ($id: ID!) { discardDraft(dataSource: $id) { changedUnits removedUnits } }',
    { id: source.id },
  );
  expect(discardDraft).toEqual({ changedUnits: 2, removedUnits: 2 });
  const { openDraft } = await registry.data(
    'mutation ($id: ID!) { openDraft(dataSource: $id) { id number } }',
    {
      id: source.id,
    },
  );
  expect(openDraft.number).toBe(2);
  const after = await story.states(openDraft.id);
  expect(after.map(({ name, parent }) => [name, parent?.name ?? null])).toEqual(
    before.map(({ name, parent }) => [name, parent?.name ?? null]),
  );
});

it('while a job holds the draft, edits, release and discard are CONFLICT and name the job', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A' });
  const jobId = newId();
  await registry.db.transaction((tx) => holdDraft(tx, source.id, jobId));
  const held = { code: 'CONFLICT', details: { jobId } };
  const mutations = [
    'releaseVersion(dataSource: $id) { id }',
    'discardDraft(dataSource: $id) { removedUnits }',
  ];
  for (const mutation of mutations) {
    const { errors } = await registry.ask(`mutation ($id: ID!) { ${mutation} }`, { id: source.id });
    expect(errors[0]?.extensions).toEqual(held);
  }
  expect((await story.tryEdit(unit, { name: 'B' })).errors[0]?.extensions).toEqual(held);
  await expect(registry.db.transaction((tx) => holdDraft(tx, source.id, newId()))).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  await registry.db.transaction((tx) => endHold(tx, source.id, newId()));
  expect((await story.tryEdit(unit, { name: 'B' })).code).toBe('CONFLICT');
  await registry.db.transaction((tx) => endHold(tx, source.id, jobId));
  expect((await story.edit(unit, { name: 'B' })).name).toBe('B');
});

it('a chosen version is the current one until another is chosen; a draft cannot be', async () => {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'A' });
  const first = await story.release(source.id);
  await story.edit(unit, { name: 'B' });
  const choose = (version: string | null) =>
    registry.ask(
      `mutation ($id: ID!, $version: ID) { setCurrentVersion(dataSource: $id, version: $version) {
        currentVersion { number } } }`,
      { id: source.id, version },
    );
  const { dataSource } = await registry.data(SOURCE, { id: source.id });
  expect((await choose(dataSource.draft.id)).code).toBe('BAD_USER_INPUT');
  await choose(first.id);
  await story.release(source.id);
  const name = async () =>
    (await registry.data('query ($id: ID!) { orgUnit(id: $id) { name } }', { id: unit.unitId })).orgUnit.name;
  expect(await name()).toBe('A');
  await choose(null);
  expect(await name()).toBe('B');
});

it('changing a source without naming its current version keeps the chosen one', async () => {
  const source = await story.source();
  const first = await story.release(source.id);
  await registry.data(
    'mutation ($id: ID!, $v: ID!) { setCurrentVersion(dataSource: $id, version: $v) { id } }',
    {
      id: source.id,
      v: first.id,
    },
  );
  await registry.data('mutation ($id: ID!) { openDraft(dataSource: $id) { id } }', { id: source.id });
  await story.release(source.id);
  const { dataSource } = await registry.data(SOURCE, { id: source.id });
  await registry.data(
    `mutation ($id: ID!, $revision: Int!) {
      updateDataSource(id: $id, expectedRevision: $revision, input: { description: "x", name: null }) { id } }`,
    { id: source.id, revision: dataSource.revision },
  );
  expect((await registry.data(SOURCE, { id: source.id })).dataSource.currentVersion.number).toBe(1);
});

it('two sources of an account never bear one name but for accents; two accounts may', async () => {
  const create = (name: string, member = registry.account.administrator) =>
    registry.ask(
      'mutation ($name: String!) { createDataSource(input: { name: $name }) { id } }',
      { name },
      member,
    );
  expect((await create('Écoles')).code).toBeUndefined();
  expect((await create('ecoles')).code).toBe('CONFLICT');
  expect((await create('Écoles', registry.twin.administrator)).code).toBeUndefined();
});

describe('the database itself refuses', () => {
  const run = (sql: string, values: unknown[]) => registry.database.pool.query(sql, values);

  it('to change or delete what a released version holds', async () => {
    const source = await story.source();
    const unit = await story.unit(source.id, { name: 'A' });
    await story.release(source.id);
    await expect(
      run('UPDATE georegistry.org_unit_state SET name = $2 WHERE unit_id = $1', [unit.unitId, 'B']),
    ).rejects.toThrow();
    await registry.data('mutation ($id: ID!) { openDraft(dataSource: $id) { id } }', { id: source.id });
    for (const table of ['org_unit_state', 'org_unit_path']) {
      await expect(run(`DELETE FROM georegistry.${table} WHERE unit_id = $1`, [unit.unitId])).rejects.toThrow(
        'what a released version holds never changes',
      );
      await expect(
        run(`UPDATE georegistry.${table} SET to_version = 3 WHERE unit_id = $1`, [unit.unitId]),
      ).rejects.toThrow('at the draft only');
    }
    await expect(
      run('UPDATE georegistry.org_unit_state SET name = $2 WHERE unit_id = $1', [unit.unitId, 'B']),
    ).rejects.toThrow('what a released version holds never changes');
  });

  it('a released version to be deleted or to become a draft again', async () => {
    const source = await story.source();
    const version = await story.release(source.id);
    await expect(run('DELETE FROM georegistry.source_version WHERE id = $1', [version.id])).rejects.toThrow();
    await expect(
      run("UPDATE georegistry.source_version SET status = 'DRAFT', released_at = NULL WHERE id = $1", [
        version.id,
      ]),
    ).rejects.toThrow('never changes');
  });

  it('defects 1 and 2: a cycle, a parent of another source, a path that is not below the parent, and a unit in no tree', async () => {
    const [source, other] = [await story.source(), await story.source()];
    const a = await story.unit(source.id, { name: 'A' });
    const b = await story.unit(source.id, { name: 'B', parentId: a.unitId });
    const elsewhere = await story.unit(other.id, { name: 'C' });
    const setParent = 'UPDATE georegistry.org_unit_state SET parent_id = $2 WHERE unit_id = $1';
    await expect(run(setParent, [a.unitId, b.unitId])).rejects.toThrow('right below a parent');
    await expect(run(setParent, [b.unitId, elsewhere.unitId])).rejects.toThrow('right below a parent');
    await expect(run(setParent, [a.unitId, a.unitId])).rejects.toThrow('org_unit_state_not_own_parent');
    await expect(
      run('UPDATE georegistry.org_unit_path SET path = path || path WHERE unit_id = $1', [a.unitId]),
    ).rejects.toThrow();
    await expect(run('DELETE FROM georegistry.org_unit_path WHERE unit_id = $1', [b.unitId])).rejects.toThrow(
      'a unit that is there stands in the tree',
    );
  });
});
