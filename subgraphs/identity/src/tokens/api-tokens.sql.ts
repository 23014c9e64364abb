/**
 * API tokens of one member.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import type { ApiTokenType } from './api-token-type';

const columns = (db: AccountDatabase) => db.sql`
  t.id, t.name, t.prefix, t.permissions, t.created_at AS "createdAt", t.expires_at AS "expiresAt",
  t.last_used_at AS "lastUsedAt", t.revoked_at AS "revokedAt"`;

/** Newest first: ids are in the order of time. */
export const tokensOfUser = (db: AccountDatabase, userId: string, before: string | null, limit: number) =>
  db.rows<ApiTokenType>(db.sql`
    SELECT ${columns(db)}
    FROM identity.api_token t
    WHERE t.account_id = ${db.account} AND t.user_id = ${userId}
      AND (${before}::uuid IS NULL OR t.id < ${before}::uuid)
    ORDER BY t.id DESC
    LIMIT ${limit}`);

export const countTokensOfUser = (db: AccountDatabase, userId: string) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM identity.api_token t
    WHERE t.account_id = ${db.account} AND t.user_id = ${userId}`);

export const countLiveTokensOfUser = (db: AccountDatabase, userId: string) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM identity.api_token t
    WHERE t.account_id = ${db.account} AND t.user_id = ${userId}
      AND t.revoked_at IS NULL AND t.expires_at > now()`);

export interface ApiTokenInsert {
  id: string;
  userId: string;
  name: string;
  prefix: string;
  hash: Buffer;
  permissions: string[];
  expiresAt: Date;
}

export const insertToken = (tx: AccountTransaction, token: ApiTokenInsert) =>
  tx.one<ApiTokenType>(tx.sql`
    INSERT INTO identity.api_token AS t
      (account_id, id, user_id, name, prefix, token_hash, permissions, expires_at)
    VALUES (${tx.account}, ${token.id}, ${token.userId}, ${token.name}, ${token.prefix}, ${token.hash},
            ${token.permissions}, ${token.expiresAt})
    RETURNING ${columns(tx)}`);

export const tokenOfUser = (db: AccountDatabase, userId: string, id: string) =>
  db.maybe<ApiTokenType>(db.sql`
    SELECT ${columns(db)}
    FROM identity.api_token t
    WHERE t.account_id = ${db.account} AND t.user_id = ${userId} AND t.id = ${id}`);

/** Undefined when there is none of that id, or it was revoked before. */
export const revokeTokenOfUser = (tx: AccountTransaction, userId: string, id: string) =>
  tx.maybe<ApiTokenType>(tx.sql`
    UPDATE identity.api_token AS t SET revoked_at = now()
    WHERE t.account_id = ${tx.account} AND t.user_id = ${userId} AND t.id = ${id} AND t.revoked_at IS NULL
    RETURNING ${columns(tx)}`);
