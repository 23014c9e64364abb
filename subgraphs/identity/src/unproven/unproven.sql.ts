/**
 * Requests of people who have proven nothing yet. They are about addresses, which belong to no account.
 */
import type { SystemDatabase, SystemTransaction } from '@iroko/database';
import { type RequestCounts, WINDOW_MINUTES } from './unproven-limits';

export type UnprovenKind = 'RESET_PASSWORD' | 'REGISTER' | 'SIGN_IN_FAILED';

export const UNPROVEN_CHANNEL = 'identity_unproven';

/** Until the transaction ends, requests about one address, or from one source, wait for one another. */
export async function lockUnproven(
  tx: SystemTransaction,
  addressHash: Buffer,
  source: string,
): Promise<void> {
  for (const key of [`unproven address ${addressHash.toString('hex')}`, `unproven source ${source}`]) {
    await tx.execute(tx.sql`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`);
  }
}

/** Requests for mails. Without a source (nobody told us) only the address counts. */
export const countUnproven = (tx: SystemTransaction, addressHash: Buffer, source: string) =>
  tx.one<RequestCounts>(tx.sql`
    SELECT count(*) FILTER (WHERE r.address_hash = ${addressHash}) AS "ofAddress",
           count(*) FILTER (WHERE r.source = ${source} AND r.source <> '') AS "ofSource",
           coalesce(extract(epoch FROM min(r.at) FILTER (WHERE r.address_hash = ${addressHash})
             + make_interval(mins => ${WINDOW_MINUTES}) - now()), 0)::float8 AS "secondsOfAddress",
           coalesce(extract(epoch FROM min(r.at) FILTER (WHERE r.source = ${source})
             + make_interval(mins => ${WINDOW_MINUTES}) - now()), 0)::float8 AS "secondsOfSource"
    FROM identity.unproven_request r
    WHERE (r.address_hash = ${addressHash} OR (r.source = ${source} AND r.source <> ''))
      AND r.at > now() - make_interval(mins => ${WINDOW_MINUTES})
      AND r.kind <> 'SIGN_IN_FAILED'`);

export interface UnprovenInsert {
  id: string;
  kind: UnprovenKind;
  addressHash: Buffer;
  source: string;
  /** JSON text. */
  details: string;
  requestId: string;
}

/** Also removes some of those older than a day. */
export const insertUnproven = (tx: SystemTransaction, request: UnprovenInsert) =>
  tx.execute(tx.sql`
    WITH old AS (
      DELETE FROM identity.unproven_request
      WHERE id IN (SELECT r.id FROM identity.unproven_request r
                   WHERE r.at < now() - interval '1 day' AND r.done_at IS NOT NULL
                   ORDER BY r.at LIMIT 20 FOR UPDATE SKIP LOCKED)
    )
    INSERT INTO identity.unproven_request (id, kind, address_hash, source, details, request_id)
    VALUES (${request.id}, ${request.kind}, ${request.addressHash}, ${request.source},
            ${request.details}::jsonb, ${request.requestId})`);

export interface DueRequest {
  id: string;
  kind: UnprovenKind;
  details: unknown;
  source: string;
  requestId: string;
  attempts: number;
}

/** How long requests rest before they are looked into, in seconds. */
export interface Rest {
  failures: number;
  mails: number;
}

/** Takes those that are due and have rested; nobody else does before `leaseSeconds` are over. */
export const takeUnproven = (db: SystemDatabase, limit: number, leaseSeconds: number, rest: Rest) =>
  db.rows<DueRequest>(db.sql`
    UPDATE identity.unproven_request AS u
    SET attempts = u.attempts + 1, next_at = now() + make_interval(secs => ${leaseSeconds})
    WHERE u.id IN (
      SELECT r.id FROM identity.unproven_request r
      WHERE r.done_at IS NULL AND r.next_at <= now()
        AND r.at <= now() - make_interval(
              secs => CASE r.kind WHEN 'SIGN_IN_FAILED' THEN ${rest.failures}::float8 ELSE ${rest.mails}::float8 END)
      ORDER BY r.next_at LIMIT ${limit}
      FOR UPDATE SKIP LOCKED
    )
    RETURNING u.id, u.kind, u.details, u.source, u.request_id AS "requestId", u.attempts`);

export const endUnproven = (db: SystemDatabase, id: string) =>
  db.execute(db.sql`
    UPDATE identity.unproven_request SET done_at = now(), details = NULL WHERE id = ${id}`);

export const postponeUnproven = (db: SystemDatabase, id: string, delayMs: number) =>
  db.execute(db.sql`
    UPDATE identity.unproven_request SET next_at = now() + make_interval(secs => ${delayMs / 1000})
    WHERE id = ${id}`);
