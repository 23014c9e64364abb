import { Database, newId, testDatabaseUrl } from '@iroko/database';
import { makeTree } from './make-tree';

describe('the tree of a benchmark', () => {
  let database: Database;
  beforeAll(async () => {
    database = new Database({ url: await testDatabaseUrl(), name: 'bench tree' });
  });
  afterAll(() => database.close());

  async function account() {
    const id = newId();
    await database.system.execute(database.system.sql`
      INSERT INTO identity.account (id, slug, name) VALUES (${id}, ${`a-${id}`}, 'Benchmark')`);
    return database.forAccount({ accountId: id, requestId: 'test' });
  }

  it('has as many units as asked, on levels of sixteen each, and as many changes', async () => {
    const db = await account();
    const tree = await makeTree(db, { rows: 5000, seed: 'a', changes: 10 });
    const count = (version: number) =>
      db.one<{ units: number; names: number; depth: number }>(db.sql`
        SELECT count(*) AS units, count(DISTINCT s.name) AS names, max(octet_length(p.path)) / 4 AS depth
        FROM georegistry.org_unit_state s
        JOIN georegistry.org_unit_path p ON p.account_id = s.account_id AND p.unit_id = s.unit_id
        WHERE s.account_id = ${db.account} AND s.data_source_id = ${tree.sourceId}
          AND s.from_version <= ${version} AND (s.to_version IS NULL OR s.to_version > ${version})`);
    const first = await count(1);
    expect(first).toMatchObject({ units: 5000, depth: 5 });
    expect(first.names).toBeGreaterThan(4990);
    expect(await count(2)).toMatchObject({ units: 5000 });
    const renamed = await db.one<{ units: number }>(db.sql`
      SELECT count(*) AS units FROM georegistry.org_unit_state s
      WHERE s.account_id = ${db.account} AND s.from_version = 2 AND s.name LIKE '% II'`);
    expect(renamed.units).toBe(10);
  });

  it('is the same for the same seed and another for another', async () => {
    const names = async (seed: string) => {
      const db = await account();
      const { sourceId } = await makeTree(db, { rows: 100, seed });
      const rows = await db.rows<{ name: string; longitude: number }>(db.sql`
        SELECT s.name, s.longitude FROM georegistry.org_unit_state s
        JOIN georegistry.org_unit u ON u.account_id = s.account_id AND u.id = s.unit_id
        WHERE s.account_id = ${db.account} AND s.data_source_id = ${sourceId} ORDER BY u.number`);
      return JSON.stringify(rows);
    };
    expect(await names('a')).toBe(await names('a'));
    expect(await names('a')).not.toBe(await names('b'));
  });
});
