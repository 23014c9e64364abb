/**
 * API tokens of one member, and those of nobody.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import type { MemberScope } from '../scope/member-scope';
import type { ApiTokenType } from './api-token-type';

export interface ApiTokenRow extends Omit<ApiTokenType, 'scope'>, MemberScope {}

const columns = (db: AccountDatabase) => db.sql`
  t.id, t.name, t.prefix, t.permissions, t.created_at AS "createdAt", t.expires_at AS "expiresAt",
  t.last_used_at AS "lastUsedAt", t.revoked_at AS "revokedAt", t.user_id IS NULL AS "isService",
  t.unit_ids AS "unitIds", t.project_ids AS "projectIds", t.writable_type_ids AS "writableTypeIds"`;

/** Of a person, or with null those of nobody. */
const ownedBy = (db: AccountDatabase, userId: string | null) =>
  userId === null ? db.sql`t.user_id IS NULL` : db.sql`t.user_id = ${userId}`;

/** Newest first: ids are in the order of time. */
export const tokensOf = (db: AccountDatabase, userId: string | null, before: string | null, limit: number) =>
  db.rows<ApiTokenRow>(db.sql`
    SELECT ${columns(db)}
    FROM identity.api_token t
    WHERE t.account_id = ${db.account} AND ${ownedBy(db, userId)}
      AND (${before}::uuid IS NULL OR t.id < ${before}::uuid)
    ORDER BY t.id DESC
    LIMIT ${limit}`);

export const countTokensOf = (db: AccountDatabase, userId: string | null) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM identity.api_token t
    WHERE t.account_id = ${db.account} AND ${ownedBy(db, userId)}`);

export const countLiveTokensOf = (db: AccountDatabase, userId: string | null) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM identity.api_token t
    WHERE t.account_id = ${db.account} AND ${ownedBy(db, userId)}
      AND t.revoked_at IS NULL AND t.expires_at > now()`);

export interface ApiTokenInsert extends MemberScope {
  id: string;
  /** Null for a service token. */
  userId: string | null;
  createdBy: string;
  name: string;
  prefix: string;
  hash: Buffer;
  permissions: string[];
  expiresAt: Date;
}

export const insertToken = (tx: AccountTransaction, token: ApiTokenInsert) =>
  tx.one<ApiTokenRow>(tx.sql`
    INSERT INTO identity.api_token AS t
      (account_id, id, user_id, created_by, name, prefix, token_hash, permissions, expires_at, unit_ids, project_ids,
       writable_type_ids)
    VALUES (${tx.account}, ${token.id}, ${token.userId}, ${token.createdBy}, ${token.name}, ${token.prefix},
            ${token.hash}, ${token.permissions}, ${token.expiresAt}, ${token.unitIds}, ${token.projectIds},
            ${token.writableTypeIds})
    RETURNING ${columns(tx)}`);

export const tokenOf = (db: AccountDatabase, userId: string | null, id: string) =>
  db.maybe<ApiTokenRow>(db.sql`
    SELECT ${columns(db)}
    FROM identity.api_token t
    WHERE t.account_id = ${db.account} AND ${ownedBy(db, userId)} AND t.id = ${id}`);

/** Undefined when there is none of that id, or it was revoked before. */
export const revokeTokenOf = (tx: AccountTransaction, userId: string | null, id: string) =>
  tx.maybe<ApiTokenRow>(tx.sql`
    UPDATE identity.api_token AS t SET revoked_at = now()
    WHERE t.account_id = ${tx.account} AND ${ownedBy(tx, userId)} AND t.id = ${id} AND t.revoked_at IS NULL
    RETURNING ${columns(tx)}`);
