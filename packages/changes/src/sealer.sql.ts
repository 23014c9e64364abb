/**
 * The statements of the sealer, the one part of the log that looks across accounts.
 */
import type { SystemDatabase, SystemTransaction } from '@iroko/database';
import type { ChainEnd } from './chain';

export const accountsWithUnsealed = (db: SystemDatabase) =>
  db.rows<{ accountId: string }>(db.sql`
    SELECT DISTINCT e.account_id AS "accountId" FROM platform.change_event e WHERE e.position IS NULL`);

/** Held until the transaction ends; false when another process is sealing this account. */
export const tryLockAccount = (tx: SystemTransaction, accountId: string) =>
  tx.one<{ locked: boolean }>(tx.sql`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`change_chain ${accountId}`}, 0)) AS locked`);

export interface UnsealedEvent {
  id: string;
  digest: Buffer;
  at: Date;
  /** The end of the chain; null before its first event. */
  endPosition: number | null;
  endHash: Buffer | null;
}

/** A statement of its own after the lock: its snapshot must be younger than the last sealer's commit. */
export const unsealedEvents = (tx: SystemTransaction, accountId: string, limit: number) =>
  tx.rows<UnsealedEvent>(tx.sql`
    SELECT u.id, u.digest, u.at, c.position AS "endPosition", c.hash AS "endHash"
    FROM (
      SELECT e.account_id, e.id, e.entry, platform.change_digest(e) AS digest, e.at
      FROM platform.change_event e
      WHERE e.account_id = ${accountId} AND e.position IS NULL
      ORDER BY e.entry
      LIMIT ${limit}
    ) u
    LEFT JOIN platform.change_chain c ON c.account_id = u.account_id
    ORDER BY u.entry`);

export interface Seal extends ChainEnd {
  id: string;
  previousHash: Buffer;
}

/**
 * Seals, moves the end of the chain and tells of it in one statement: a reader waits for each way to the database.
 */
export const sealEvents = (
  tx: SystemTransaction,
  accountId: string,
  seals: readonly Seal[],
  end: ChainEnd,
  channel: string,
) =>
  tx.one<{ sealed: number }>(tx.sql`
    WITH sealed AS (
      UPDATE platform.change_event e
      SET position = s.position, previous_hash = s.previous_hash, hash = s.hash
      FROM unnest(${seals.map((seal) => seal.id)}::uuid[], ${seals.map((seal) => seal.position)}::bigint[],
                  ${seals.map((seal) => seal.previousHash)}::bytea[], ${seals.map((seal) => seal.hash)}::bytea[])
           AS s (id, position, previous_hash, hash)
      WHERE e.account_id = ${accountId} AND e.id = s.id
      RETURNING e.id
    ), ended AS (
      INSERT INTO platform.change_chain (account_id, position, hash)
      VALUES (${accountId}, ${end.position}, ${end.hash})
      ON CONFLICT (account_id) DO UPDATE
      SET position = EXCLUDED.position, hash = EXCLUDED.hash, sealed_at = now()
    )
    SELECT (SELECT count(*) FROM sealed) AS sealed, pg_notify(${channel}, ${accountId}::text)`);
