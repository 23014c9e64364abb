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
/** Accounts told of just now, and whether there was another commit since. */
const told = new Map<string, boolean>();

/** The first commit is told at once, so that a lone change is read soon; those right behind it are told together. */
export function wakeSealer(db: AccountDatabase): void {
  if (told.has(db.account)) told.set(db.account, true);
  else tell(db);
}

function tell(db: AccountDatabase): void {
  told.set(db.account, false);
  setTimeout(() => {
    const again = told.get(db.account);
    told.delete(db.account);
    if (again) tell(db);
  }, GATHER_MS).unref();
  db.execute(db.sql`SELECT pg_notify(${WRITTEN_CHANNEL}, ${db.account})`).catch(() => undefined);
}
