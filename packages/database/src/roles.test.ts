import { Database, newId, subgraphRole, testDatabaseUrl, usableRoles } from './index';

describe('the role of a subgraph', () => {
  let url: string;
  let georegistry: Database;
  beforeAll(async () => {
    url = await testDatabaseUrl();
    georegistry = new Database({ url, name: 'georegistry', role: subgraphRole('georegistry') });
  });
  afterAll(() => georegistry.close());

  const system = () => georegistry.system;

  it('exists for each subgraph where the migrating user may make roles', async () => {
    expect([...(await usableRoles(url))].sort()).toEqual(
      ['datasets', 'georegistry', 'identity', 'submissions'].map(subgraphRole),
    );
  });

  it('writes its own schema and the log', async () => {
    const { sql } = system();
    await expect(
      system().execute(sql`DELETE FROM georegistry.org_unit WHERE account_id = ${newId()}`),
    ).resolves.toBe(0);
    await expect(
      system().execute(sql`DELETE FROM platform.file WHERE account_id = ${newId()}`),
    ).resolves.toBe(0);
  });

  it('neither reads nor writes the tables of another subgraph', async () => {
    const { sql } = system();
    for (const statement of [
      sql`SELECT id FROM submissions.form`,
      sql`DELETE FROM datasets.dataset`,
      sql`UPDATE identity.account SET name = 'mine'`,
      sql`SELECT password_hash FROM identity.user`,
    ]) {
      await expect(system().execute(statement)).rejects.toThrow(/permission denied/);
    }
  });
});
