/**
 * What tests of jobs stand on: a migrated database with an account, and a table to which handlers write.
 */
import { type AccountDatabase, Database, newId, testDatabaseUrl } from '@iroko/database';

export interface Ground {
  url: string;
  database: Database;
  accountId: string;
  userId: string;
  db: AccountDatabase;
  close(): Promise<void>;
}

export async function makeGround(): Promise<Ground> {
  const url = await testDatabaseUrl();
  const database = new Database({ url, name: 'jobs test', maxConnections: 8 });
  const accountId = newId();
  const userId = newId();
  const slug = `a${accountId.slice(-8)}`;
  await database.pool.query('INSERT INTO identity.account (id, slug, name) VALUES ($1, $2, $2)', [
    accountId,
    slug,
  ]);
  await database.pool.query('CREATE TABLE platform.written (account_id uuid, word text)');
  const db = database.forAccount({ accountId, userId, requestId: 'request-of-test' });
  return { url, database, accountId, userId, db, close: () => database.close() };
}

export const words = async ({ db }: Ground) =>
  (
    await db.rows<{ word: string }>(
      db.sql`SELECT w.word FROM platform.written w WHERE w.account_id = ${db.account} ORDER BY w.word`,
    )
  ).map((row) => row.word);

export interface JobState {
  status: string;
  attempt: number;
  result: unknown;
  error: { code: string; message: string } | null;
  progressDone: number | null;
  progressMessage: string | null;
  cancelRequestedAt: Date | null;
}

export const stateOf = ({ db }: Ground, id: string) =>
  db.one<JobState>(db.sql`
    SELECT j.status, j.attempt, j.result, j.error, j.progress_done AS "progressDone",
           j.progress_message AS "progressMessage", j.cancel_requested_at AS "cancelRequestedAt"
    FROM platform.job j WHERE j.account_id = ${db.account} AND j.id = ${id}`);

export const logOf = async ({ db }: Ground, id: string) =>
  (
    await db.rows<{ message: string }>(db.sql`
      SELECT l.message FROM platform.job_log l
      WHERE l.account_id = ${db.account} AND l.job_id = ${id} ORDER BY l.at, l.id`)
  ).map((row) => row.message);

/** Looks until it is so; fails after the time. */
export async function until(isSo: () => Promise<boolean> | boolean, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`This did not come about within ${withinMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const untilStatus = (ground: Ground, id: string, status: string, withinMs?: number) =>
  until(async () => (await stateOf(ground, id)).status === status, withinMs);
