/**
 * Attempts to sign in. They are kept in the database, so that limits hold whichever process answers.
 */
import type { SystemDatabase, SystemTransaction } from '@iroko/database';
import { type AttemptCounts, KNOWN_SOURCE_DAYS, WINDOW_MINUTES } from './limits';

export type AttemptOutcome = 'FAILED' | 'SUCCEEDED' | 'REFUSED';

/**
 * Until the transaction ends, attempts for the same address, or from the same source, wait for one another; the
 * count is exact then. Always the address first, so that no two wait for each other.
 */
export async function lockAttempts(
  tx: SystemTransaction,
  addressHash: Buffer,
  source: string,
): Promise<void> {
  await tx.execute(
    tx.sql`SELECT pg_advisory_xact_lock(hashtextextended(${`sign-in address ${addressHash.toString('hex')}`}, 0))`,
  );
  if (source !== '') {
    await tx.execute(
      tx.sql`SELECT pg_advisory_xact_lock(hashtextextended(${`sign-in source ${source}`}, 0))`,
    );
  }
}

/** Without a source (nobody told us) only the address counts. */
export const countAttempts = (db: SystemDatabase, addressHash: Buffer, source: string) =>
  db.one<AttemptCounts>(db.sql`
    SELECT count(*) FILTER (WHERE a.address_hash = ${addressHash} AND a.outcome = 'FAILED') AS "addressFailures",
           count(*) FILTER (WHERE a.address_hash = ${addressHash} AND a.outcome = 'FAILED'
                              AND a.source = ${source}) AS "addressFailuresHere",
           count(*) FILTER (WHERE a.address_hash = ${addressHash} AND a.outcome = 'PENDING') AS "addressPending",
           count(*) FILTER (WHERE a.source = ${source} AND a.source <> '' AND a.outcome = 'FAILED')
             AS "sourceFailures",
           coalesce(extract(epoch FROM min(a.at) + make_interval(mins => ${WINDOW_MINUTES}) - now()), 0)::float8
             AS "secondsToOldest",
           EXISTS (
             SELECT 1 FROM identity.sign_in_attempt k
             WHERE k.address_hash = ${addressHash} AND k.source = ${source} AND k.outcome = 'SUCCEEDED'
               AND k.at > now() - make_interval(days => ${KNOWN_SOURCE_DAYS})
           ) AS "knownSource"
    FROM identity.sign_in_attempt a
    WHERE (a.address_hash = ${addressHash} OR (a.source = ${source} AND a.source <> ''))
      AND a.at > now() - make_interval(mins => ${WINDOW_MINUTES})
      AND a.outcome IN ('PENDING', 'FAILED')`);

export const insertAttempt = (
  tx: SystemTransaction,
  attempt: { id: string; addressHash: Buffer; source: string; outcome: 'PENDING' | 'REFUSED' | 'SUCCEEDED' },
) =>
  tx.execute(tx.sql`
    INSERT INTO identity.sign_in_attempt (id, address_hash, source, outcome)
    VALUES (${attempt.id}, ${attempt.addressHash}, ${attempt.source}, ${attempt.outcome})`);

export const closeAttempt = (db: SystemDatabase, id: string, outcome: AttemptOutcome) =>
  db.execute(db.sql`UPDATE identity.sign_in_attempt SET outcome = ${outcome} WHERE id = ${id}`);

/** A few at each sign-in: no job of its own, and the table does not grow. */
export const deleteOldAttempts = (tx: SystemTransaction) =>
  tx.execute(tx.sql`
    DELETE FROM identity.sign_in_attempt
    WHERE id IN (
      SELECT a.id FROM identity.sign_in_attempt a
      WHERE a.at < now() - make_interval(days => ${KNOWN_SOURCE_DAYS})
      ORDER BY a.at
      LIMIT 20
      FOR UPDATE SKIP LOCKED
    )`);
