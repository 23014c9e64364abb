/** A database of its own with an account, for tests of the registry. */
import { type AccountDatabase, Database, newId, testDatabaseUrl } from '@iroko/database';

export interface TestRegistry {
  database: Database;
  db: AccountDatabase;
  /** Another account with nothing in it. */
  twin: AccountDatabase;
  close(): Promise<void>;
}

export async function testRegistry(): Promise<TestRegistry> {
  const database = new Database({ url: await testDatabaseUrl(), name: 'registry test' });
  const [db, twin] = await Promise.all([account(database), account(database)]);
  return { database, db, twin, close: () => database.close() };
}

async function account(database: Database): Promise<AccountDatabase> {
  const id = newId();
  await database.pool.query('INSERT INTO identity.account (id, slug, name) VALUES ($1, $2, $3)', [
    id,
    `account-${id}`,
    'Account',
  ]);
  return database.forAccount({ accountId: id, requestId: newId() });
}
