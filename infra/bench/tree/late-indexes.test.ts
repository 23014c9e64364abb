import { Database, testDatabaseUrl } from '@iroko/database';
import { withLateIndexes } from './late-indexes';
import { definitionsOf, type IndexDefinition } from './late-indexes.sql';

describe('indexes made after the rows', () => {
  let database: Database;
  beforeAll(async () => {
    database = new Database({ url: await testDatabaseUrl(), name: 'late indexes' });
  });
  afterAll(() => database.close());

  const indexes = async () => (await database.pool.query<IndexDefinition>(definitionsOf)).rows;

  it('are gone while rows are written and the same afterwards, also when writing fails', async () => {
    const before = await indexes();
    expect(before.map(({ name }) => name)).toContain('georegistry.org_unit_state_search');
    const meanwhile = await withLateIndexes(database, () => undefined, indexes);
    expect(meanwhile).toEqual([]);
    expect(await indexes()).toEqual(before);
    const failing = withLateIndexes(
      database,
      () => undefined,
      () => Promise.reject(new Error('no room')),
    );
    await expect(failing).rejects.toThrow('no room');
    expect(await indexes()).toEqual(before);
  });
});
