/**
 * Reads of identity's contract views, which say who may act and with which rights at this moment.
 */
import type { SystemDatabase } from '@iroko/database';

export interface RightsRow {
  accountId: string;
  userId: string;
  permissions: string[];
  everyPermission: boolean;
}

export interface SessionRow extends RightsRow {
  sessionId: string;
  expiresAt: Date;
}

export interface TokenRow extends RightsRow {
  tokenId: string;
  tokenPermissions: string[];
  expiresAt: Date;
}

export interface VerificationKeyRow {
  kid: string;
  publicJwk: Record<string, string>;
}

const rightsColumns = (db: SystemDatabase) =>
  db.sql`r.account_id AS "accountId", r.user_id AS "userId", r.permissions, r.every_permission AS "everyPermission"`;

/** The rights of the member who opened the session, while session and membership last. */
export const sessionById = (db: SystemDatabase, sessionId: string) =>
  db.maybe<SessionRow>(db.sql`
    SELECT ${rightsColumns(db)}, s.session_id AS "sessionId", s.expires_at AS "expiresAt"
    FROM identity.viewer_session s
    JOIN identity.viewer_rights r ON r.account_id = s.account_id AND r.user_id = s.user_id
    WHERE s.session_id = ${sessionId}`);

/** The rights of an API token's member, and what the token narrows them to. */
export const tokenByHash = (db: SystemDatabase, hash: Buffer) =>
  db.maybe<TokenRow>(db.sql`
    SELECT ${rightsColumns(db)}, t.token_id AS "tokenId", t.permissions AS "tokenPermissions",
           t.expires_at AS "expiresAt"
    FROM identity.viewer_token t
    JOIN identity.viewer_rights r ON r.account_id = t.account_id AND r.user_id = t.user_id
    WHERE t.token_hash = ${hash}`);

export const tokenById = (db: SystemDatabase, accountId: string, tokenId: string) =>
  db.maybe<TokenRow>(db.sql`
    SELECT ${rightsColumns(db)}, t.token_id AS "tokenId", t.permissions AS "tokenPermissions",
           t.expires_at AS "expiresAt"
    FROM identity.viewer_token t
    JOIN identity.viewer_rights r ON r.account_id = t.account_id AND r.user_id = t.user_id
    WHERE t.account_id = ${accountId} AND t.token_id = ${tokenId}`);

export const rightsOfMember = (db: SystemDatabase, accountId: string, userId: string) =>
  db.maybe<RightsRow>(db.sql`
    SELECT ${rightsColumns(db)}
    FROM identity.viewer_rights r
    WHERE r.account_id = ${accountId} AND r.user_id = ${userId}`);

export const verificationKeys = (db: SystemDatabase) =>
  db.rows<VerificationKeyRow>(db.sql`
    SELECT k.kid, k.public_jwk AS "publicJwk" FROM identity.verification_key k`);

export const noteTokenUse = (db: SystemDatabase, accountId: string, tokenId: string) =>
  db.execute(db.sql`SELECT identity.note_token_use(${accountId}, ${tokenId})`);
