/**
 * An attempt to sign in is written down before the password is looked at, so that any number made at once are
 * counted, and one that dies midway counts as failed.
 */
import { createHash } from 'node:crypto';
import { type Database, newId } from '@iroko/database';
import { rateLimited } from '@iroko/errors';
import { countAttempts, deleteOldAttempts, insertAttempt, lockAttempts } from './attempts.sql';
import { waitSeconds } from './limits';

/** Begins an attempt and returns its id. Throws RATE_LIMITED when too many failed before. */
export async function beginAttempt(database: Database, addressKey: string, source: string): Promise<string> {
  const addressHash = hashOf(addressKey);
  const id = newId();
  const wait = await database.system.transaction(async (tx) => {
    await lockAttempts(tx, addressHash, source);
    const seconds = waitSeconds(await countAttempts(tx, addressHash, source));
    await insertAttempt(tx, { id, addressHash, source, outcome: seconds > 0 ? 'REFUSED' : 'PENDING' });
    await deleteOldAttempts(tx);
    return seconds;
  });
  if (wait > 0) throw rateLimited(`Too many sign-ins failed. Try again in ${wait} seconds.`, wait);
  return id;
}

/** Whether the next attempt for this address from this source would be refused now. */
export async function isLockedOut(database: Database, addressKey: string, source: string): Promise<boolean> {
  return waitSeconds(await countAttempts(database.system, hashOf(addressKey), source)) > 0;
}

function hashOf(addressKey: string): Buffer {
  return createHash('sha256').update(addressKey).digest();
}
