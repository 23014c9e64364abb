/** Finding and cancelling the statement of a connection. */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';

export const backendOf = (tx: AccountTransaction) =>
  tx.one<{ pid: number }>(tx.sql`SELECT pg_backend_pid() AS pid`);

export const cancelBackend = (db: AccountDatabase, pid: number) =>
  db.execute(db.sql`SELECT platform.cancel_statement(${pid}::integer)`);
