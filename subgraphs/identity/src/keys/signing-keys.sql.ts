/**
 * The keys that sign access tokens. They belong to no account.
 */
import type { SystemDatabase, SystemTransaction } from '@iroko/database';

export interface SigningKeyRow {
  kid: string;
  privateSealed: Buffer;
}

export interface PublishedKeyRow {
  kid: string;
  publicJwk: Record<string, string>;
}

export const newestSigningKey = (db: SystemDatabase) =>
  db.maybe<SigningKeyRow>(db.sql`
    SELECT k.kid, k.private_sealed AS "privateSealed"
    FROM identity.signing_key k
    WHERE k.retired_at IS NULL
    ORDER BY k.created_at DESC, k.kid
    LIMIT 1`);

export const publishedKeys = (db: SystemDatabase) =>
  db.rows<PublishedKeyRow>(db.sql`
    SELECT k.kid, k.public_jwk AS "publicJwk" FROM identity.verification_key k ORDER BY k.created_at DESC, k.kid`);

/** Held to the end of the transaction, so that of processes that start at once only one makes the first key. */
export const lockSigningKeys = (tx: SystemTransaction) =>
  tx.execute(tx.sql`SELECT pg_advisory_xact_lock(hashtextextended('identity.signing_key', 0))`);

export const insertSigningKey = (
  tx: SystemTransaction,
  key: { kid: string; publicJwk: object; privateSealed: Buffer },
) =>
  tx.execute(tx.sql`
    INSERT INTO identity.signing_key (kid, public_jwk, private_sealed, created_at)
    VALUES (${key.kid}, ${JSON.stringify(key.publicJwk)}::jsonb, ${key.privateSealed}, clock_timestamp())`);

export const retireOtherKeys = (tx: SystemTransaction, kid: string) =>
  tx.execute(tx.sql`
    UPDATE identity.signing_key SET retired_at = now() WHERE kid <> ${kid} AND retired_at IS NULL`);

/** Whether the key that signs was made so many days ago. */
export const hasOldSigningKey = (db: SystemDatabase, days: number) =>
  db.one<{ old: boolean }>(db.sql`
    SELECT coalesce(max(k.created_at) < now() - make_interval(days => ${days}::int), false) AS old
    FROM identity.signing_key k
    WHERE k.retired_at IS NULL`);

/** The oldest account that is open, when the key that signs was made so many days ago. */
export const accountToRotateFor = (db: SystemDatabase, days: number) =>
  db.maybe<{ id: string }>(db.sql`
    SELECT a.id FROM identity.account a
    WHERE a.closed_at IS NULL
      AND (SELECT max(k.created_at) FROM identity.signing_key k WHERE k.retired_at IS NULL)
          < now() - make_interval(days => ${days}::int)
    ORDER BY a.created_at, a.id
    LIMIT 1`);
