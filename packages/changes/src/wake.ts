/**
 * Telling the sealer that there is work, without making a writer wait.
 *
 * Whoever wrote and has a sealer in its own process tells that one, after the commit and without the database. A process
 * without one tells the others by NOTIFY: not inside the writer's transaction, which would let commits through one at a
 * time, since PostgreSQL orders its notifications by a lock held until the commit is on disk, but after the commit, at
 * most once per account every few milliseconds. What gets lost costs a delay: a sealer also looks by itself.
 */
import type { AccountDatabase } from '@iroko/database';

/** The payload is the account's id. */
export const WRITTEN_CHANNEL = 'change_written';
/** Told by the sealer, in its transaction; the payload is the account's id. */
export const SEALED_CHANNEL = 'change_sealed';

const GATHER_MS = 5;
/** Accounts told of just now, and whether there was another commit since. */
const told = new Map<string, boolean>();
/** Those of this process: one, unless tests run several databases in it. */
const sealers = new Set<(accountId: string) => void>();

/** From now on writers of this process wake this sealer; what it answers ends that. */
export function sealsHere(wake: (accountId: string) => void): () => void {
  sealers.add(wake);
  return () => {
    sealers.delete(wake);
  };
}

/** The first commit is told at once, so that a lone change is read soon; those right behind it are told together. */
export function wakeSealer(db: AccountDatabase): void {
  if (sealers.size > 0) for (const wake of sealers) wake(db.account);
  else if (told.has(db.account)) told.set(db.account, true);
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
