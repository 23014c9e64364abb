/**
 * Telling the sealer that there is work, without making a writer wait.
 *
 * A NOTIFY inside the writer's transaction would let commits through one at a time, since PostgreSQL orders its
 * notifications by a lock held until the commit is on disk. So it is sent after the commit, at most one per account
 * every few milliseconds. One that gets lost costs a delay: the sealer also looks by itself.
 */
import type { AccountDatabase } from '@iroko/database';

/** The payload is the account's id. */
export const WRITTEN_CHANNEL = 'change_written';
/** Told by the sealer, in its transaction; the payload is the account's id. */
export const SEALED_CHANNEL = 'change_sealed';

const GATHER_MS = 5;
const gathering = new Set<string>();

export function wakeSealer(db: AccountDatabase): void {
  if (gathering.has(db.account)) return;
  gathering.add(db.account);
  setTimeout(() => {
    gathering.delete(db.account);
    db.execute(db.sql`SELECT pg_notify(${WRITTEN_CHANNEL}, ${db.account})`).catch(() => undefined);
  }, GATHER_MS).unref();
}
