/**
 * Tokens of operators, who belong to no account.
 */
import type { SystemDatabase } from '@iroko/database';

export interface OperatorTokenRow {
  id: string;
  name: string;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const columns = (db: SystemDatabase) => db.sql`
  t.id, t.name, t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.last_used_at AS "lastUsedAt",
  t.revoked_at AS "revokedAt"`;

export const insertOperatorToken = (
  db: SystemDatabase,
  token: { id: string; name: string; hash: Buffer; days: number },
) =>
  db.one<OperatorTokenRow>(db.sql`
    INSERT INTO identity.operator_token AS t (id, name, token_hash, expires_at)
    VALUES (${token.id}, ${token.name}, ${token.hash}, now() + make_interval(days => ${token.days}))
    RETURNING ${columns(db)}`);

export const operatorTokens = (db: SystemDatabase) =>
  db.rows<OperatorTokenRow>(db.sql`
    SELECT ${columns(db)} FROM identity.operator_token t ORDER BY t.created_at, t.id`);

/** Returns 0 when there is none of that id. */
export const revokeOperatorTokenRow = (db: SystemDatabase, id: string) =>
  db.execute(db.sql`
    UPDATE identity.operator_token AS t SET revoked_at = coalesce(t.revoked_at, now()) WHERE t.id = ${id}`);

export interface OperatorTokenState {
  revoked: boolean;
  expired: boolean;
}

/** Notes the use, too. */
export const useOperatorToken = (db: SystemDatabase, hash: Buffer) =>
  db.maybe<OperatorTokenState>(db.sql`
    UPDATE identity.operator_token AS t SET last_used_at = now()
    WHERE t.token_hash = ${hash}
    RETURNING t.revoked_at IS NOT NULL AS revoked, t.expires_at <= now() AS expired`);
