/** Which tree an account and its projects work with. */
import { newId } from '@iroko/database';
import { seedMember } from '@iroko/testing';
import { type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

const CHOOSE = `mutation ($source: ID, $project: ID) {
  setMainSource(dataSource: $source, project: $project) { mainSource { id } }
}`;
const READ = 'query ($project: ID) { registrySettings { revision mainSource(project: $project) { id } } }';

let registry: TestRegistry;
let story: Story;
let project: string;
let foreignProject: string;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());
beforeEach(async () => {
  project = await seedProject(registry.account.accountId);
  foreignProject = await seedProject(registry.twin.accountId);
});

async function seedProject(accountId: string): Promise<string> {
  const id = newId();
  await registry.database.pool.query(
    'INSERT INTO identity.project (account_id, id, name, name_key) VALUES ($1, $2, $3, $3)',
    [accountId, id, id],
  );
  return id;
}

const choose = (source: string | null, of: string | null = null) =>
  registry.ask(CHOOSE, { source, project: of });
const mainOf = async (of: string | null = null): Promise<string | undefined> =>
  (await registry.data(READ, { project: of })).registrySettings.mainSource?.id;

it('an account has none until it is chosen; a project follows it until it has its own', async () => {
  expect(await mainOf()).toBeUndefined();
  const one = await story.source();
  const other = await story.source();
  expect((await choose(one.id)).data).toEqual({ setMainSource: { mainSource: { id: one.id } } });
  expect(await mainOf(project)).toBe(one.id);
  await choose(other.id, project);
  expect([await mainOf(), await mainOf(project)]).toEqual([one.id, other.id]);
  await choose(null, project);
  expect(await mainOf(project)).toBe(one.id);
  await choose(null);
  expect(await mainOf()).toBeUndefined();
});

it('each choice stands in the log once, and choosing the same again changes nothing', async () => {
  const source = await story.source();
  await choose(source.id, project);
  await choose(source.id, project);
  const { rows } = await registry.database.pool.query(
    `SELECT fields_after FROM platform.change_event
     WHERE account_id = $1 AND action = 'SET_MAIN_SOURCE' AND project_id = $2`,
    [registry.account.accountId, project],
  );
  expect(rows).toEqual([{ fields_after: { projectId: project, mainSourceId: source.id } }]);
});

it('what was set before stays when the main source is chosen', async () => {
  const { registrySettings } = await registry.data(READ);
  await registry.data(
    `mutation ($r: Int!) { updateRegistrySettings(expectedRevision: $r, input: { requiredScore: 70 }) { revision } }`,
    { r: registrySettings.revision },
  );
  await choose((await story.source()).id);
  const { registrySettings: after } = await registry.data('{ registrySettings { requiredScore } }');
  expect(after).toEqual({ requiredScore: 70 });
});

it('a deleted source is nobody’s main source until it is restored', async () => {
  const source = await story.source();
  await choose(source.id);
  const { dataSource } = await registry.data('query ($id: ID!) { dataSource(id: $id) { revision } }', source);
  await registry.data(
    'mutation ($id: ID!, $r: Int!) { deleteDataSource(id: $id, expectedRevision: $r) { id } }',
    { id: source.id, r: dataSource.revision },
  );
  expect(await mainOf()).toBeUndefined();
  expect((await choose(source.id, project)).code).toBe('NOT_FOUND');
  await registry.data('mutation ($id: ID!) { restoreDataSource(id: $id) { id } }', { id: source.id });
  expect(await mainOf()).toBe(source.id);
});

it.each<[string, () => [string, string | null]]>([
  ['a source that never was', () => [newId(), null]],
  ['a source that is no id', () => ['x', null]],
  ['a project that never was', () => [newId(), newId()]],
  ['a project of another account', () => [newId(), foreignProject]],
])('%s is not found', async (_, choice) => {
  expect((await choose(...choice())).code).toBe('NOT_FOUND');
});

it('the choice of a project that one does not reach is neither read nor made', async () => {
  const { id } = await story.source();
  const member = await seedMember(registry.database, registry.account.accountId, {
    permissions: ['sources.read', 'sources.release'],
    scope: { projectIds: [project] },
  });
  const as = (query: string, variables: Record<string, unknown>) => registry.ask(query, variables, member);
  expect((await as(CHOOSE, { source: id, project })).errors).toEqual([]);
  expect((await as(CHOOSE, { source: id })).code).toBe('FORBIDDEN');
  const other = await seedProject(registry.account.accountId);
  expect((await as(CHOOSE, { source: id, project: other })).code).toBe('NOT_FOUND');
  expect((await as(READ, { project: other })).code).toBe('NOT_FOUND');
});
