import { Database } from './database';
import { newId } from './ids';
import { testDatabaseUrl } from './testing/test-database';

it('a connection that is cut between two statements of a transaction fails that transaction, and nothing else', async () => {
  const database = new Database({ url: await testDatabaseUrl(), name: 'lost connection', maxConnections: 2 });
  const db = database.forAccount({ accountId: newId(), requestId: 'request-of-test' });
  const work = db.transaction(async (tx) => {
    const { pid } = await tx.one<{ pid: number }>(tx.sql`SELECT pg_backend_pid() AS pid`);
    await database.pool.query('SELECT pg_terminate_backend($1)', [pid]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return tx.one(tx.sql`SELECT 1 AS one`);
  });
  await expect(work).rejects.toThrow();
  expect(await db.one(db.sql`SELECT 1 AS one`)).toEqual({ one: 1 });
  await database.close();
});
