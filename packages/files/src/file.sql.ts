/**
 * The statements over platform.file. A file that is still arriving or has expired is not there.
 */
import type { AccountDatabase, SystemDatabase } from '@iroko/database';

export interface FileRow {
  id: string;
  accountId: string;
  name: string;
  /** As its bytes say. */
  contentType: string;
  /** In bytes. */
  size: number;
  sha256: Buffer;
  storageKey: string;
  createdBy: string | null;
  /** The API token by which it came, when one did. */
  createdByToken: string | null;
  createdAt: Date;
  /** When it is removed; null once something keeps it. */
  expiresAt: Date | null;
}

const columns = (db: AccountDatabase) =>
  db.sql.raw(`f.id, f.account_id AS "accountId", f.name, f.content_type AS "contentType", f.size, f.sha256,
    f.storage_key AS "storageKey", f.created_by AS "createdBy",
    f.created_by_token AS "createdByToken", f.created_at AS "createdAt",
    f.expires_at AS "expiresAt"`);

/** Before the bytes: should the process die, the clean-up finds the key. */
export const insertArriving = (db: AccountDatabase, id: string, name: string, storageKey: string) =>
  db.execute(db.sql`
    INSERT INTO platform.file (account_id, id, name, content_type, storage_key, created_by, created_by_token,
                               expires_at)
    VALUES (${db.account}, ${id}, ${name}, 'application/octet-stream', ${storageKey},
            ${db.actor.userId ?? null}, ${db.actor.tokenId ?? null}, now() + interval '1 day')`);

export interface Arrived {
  contentType: string;
  size: number;
  sha256: Buffer;
  /** Null to keep it. */
  expiresInHours: number | null;
}

export const markStored = (db: AccountDatabase, id: string, arrived: Arrived) =>
  db.one<FileRow>(db.sql`
    UPDATE platform.file f
    SET content_type = ${arrived.contentType}, size = ${arrived.size}, sha256 = ${arrived.sha256}, stored_at = now(),
        expires_at = now() + make_interval(hours => ${arrived.expiresInHours}::int)
    WHERE f.account_id = ${db.account} AND f.id = ${id} AND f.stored_at IS NULL
    RETURNING ${columns(db)}`);

export const filesById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<FileRow>(db.sql`
    SELECT ${columns(db)}
    FROM platform.file f
    WHERE f.account_id = ${db.account} AND f.id = ANY (${ids}::uuid[])
      AND f.stored_at IS NOT NULL AND (f.expires_at IS NULL OR f.expires_at > now())`);

export const setKept = (db: AccountDatabase, id: string) =>
  db.execute(db.sql`
    UPDATE platform.file f
    SET expires_at = NULL
    WHERE f.account_id = ${db.account} AND f.id = ${id}
      AND f.stored_at IS NOT NULL AND (f.expires_at IS NULL OR f.expires_at > now())`);

export const setExpiry = (db: AccountDatabase, id: string, hours: number) =>
  db.execute(db.sql`
    UPDATE platform.file f
    SET expires_at = now() + make_interval(hours => ${hours}::int)
    WHERE f.account_id = ${db.account} AND f.id = ${id} AND f.stored_at IS NOT NULL`);

/** Locked, so that nobody decides to keep a file while its bytes go; skips what another clean-up holds. */
export const takeExpired = (db: AccountDatabase, limit: number) =>
  db.rows<{ id: string; name: string; storageKey: string }>(db.sql`
    SELECT f.id, f.name, f.storage_key AS "storageKey"
    FROM platform.file f
    WHERE f.account_id = ${db.account} AND f.expires_at <= now()
    ORDER BY f.expires_at
    LIMIT ${limit}
    FOR UPDATE SKIP LOCKED`);

export const deleteRows = (db: AccountDatabase, ids: readonly string[]) =>
  db.execute(db.sql`
    DELETE FROM platform.file f WHERE f.account_id = ${db.account} AND f.id = ANY (${ids}::uuid[])`);

/** For the relay: where the clean-up has something to do. */
export const accountsWithExpired = (system: SystemDatabase) =>
  system.rows<{ accountId: string }>(system.sql`
    SELECT DISTINCT f.account_id AS "accountId" FROM platform.file f WHERE f.expires_at <= now()`);
