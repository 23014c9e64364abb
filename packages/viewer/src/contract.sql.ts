/**
 * Reads of identity's contract views, which say who may act and with which rights at this moment.
 */
import type { SystemDatabase, SystemTransaction } from '@iroko/database';

export interface RightsRow {
  accountId: string;
  userId: string;
  permissions: string[];
  everyPermission: boolean;
  /** Modules that are switched on in the account; null: all. */
  modules: string[] | null;
  unitIds: string[] | null;
  projectIds: string[] | null;
  writableTypeIds: string[] | null;
}

export interface SessionRow extends RightsRow {
  sessionId: string;
  expiresAt: Date;
  /** The sign-in provider of the account that opened it. */
  providerId: string | null;
}

export interface TokenRow {
  accountId: string;
  tokenId: string;
  /** Null for a service token, which is nobody's. */
  userId: string | null;
  tokenPermissions: string[];
  tokenUnitIds: string[] | null;
  tokenProjectIds: string[] | null;
  tokenWritableTypeIds: string[] | null;
  modules: string[] | null;
  expiresAt: Date;
  /** The rights of its member; those of a service token are its own alone. */
  member: Omit<RightsRow, 'accountId' | 'userId' | 'modules'> | null;
}

export interface VerificationKeyRow {
  kid: string;
  publicJwk: Record<string, string>;
}

const rightsColumns = (db: SystemDatabase) =>
  db.sql`r.account_id AS "accountId", r.user_id AS "userId", r.permissions, r.every_permission AS "everyPermission",
    r.modules, r.unit_ids AS "unitIds", r.project_ids AS "projectIds", r.writable_type_ids AS "writableTypeIds"`;

/** A token of a member is there only while its member is. */
const tokens = (db: SystemDatabase) => db.sql`
    SELECT t.account_id AS "accountId", t.token_id AS "tokenId", t.user_id AS "userId",
           t.permissions AS "tokenPermissions", t.unit_ids AS "tokenUnitIds", t.project_ids AS "tokenProjectIds",
           t.writable_type_ids AS "tokenWritableTypeIds", t.modules, t.expires_at AS "expiresAt",
           CASE WHEN r.user_id IS NOT NULL THEN json_build_object(
             'permissions', r.permissions, 'everyPermission', r.every_permission, 'unitIds', r.unit_ids,
             'projectIds', r.project_ids, 'writableTypeIds', r.writable_type_ids) END AS "member"
    FROM identity.viewer_token t
    LEFT JOIN identity.viewer_rights r ON r.account_id = t.account_id AND r.user_id = t.user_id
    WHERE (t.user_id IS NULL OR r.user_id IS NOT NULL)`;

/** The rights of the member who opened the session, while session and membership last. */
export const sessionById = (db: SystemDatabase, sessionId: string) =>
  db.maybe<SessionRow>(db.sql`
    SELECT ${rightsColumns(db)}, s.session_id AS "sessionId", s.expires_at AS "expiresAt",
           s.provider_id AS "providerId"
    FROM identity.viewer_session s
    JOIN identity.viewer_rights r ON r.account_id = s.account_id AND r.user_id = s.user_id
    WHERE s.session_id = ${sessionId}`);

/** The rights of an API token's member, and what the token narrows them to. */
export const tokenByHash = (db: SystemDatabase, hash: Buffer) =>
  db.maybe<TokenRow>(db.sql`${tokens(db)} AND t.token_hash = ${hash}`);

export const tokenById = (db: SystemDatabase, accountId: string, tokenId: string) =>
  db.maybe<TokenRow>(db.sql`${tokens(db)} AND t.account_id = ${accountId} AND t.token_id = ${tokenId}`);

/** Whether there ever was such an API token, also one that was revoked since. */
export const wasToken = (db: SystemDatabase, hash: Buffer) =>
  db.maybe<{ tokenId: string }>(db.sql`
    SELECT k.token_id AS "tokenId" FROM identity.known_token k WHERE k.token_hash = ${hash}`);

export const rightsOfMember = (db: SystemDatabase, accountId: string, userId: string) =>
  db.maybe<RightsRow>(db.sql`
    SELECT ${rightsColumns(db)}
    FROM identity.viewer_rights r
    WHERE r.account_id = ${accountId} AND r.user_id = ${userId}`);

export const verificationKeys = (db: SystemDatabase) =>
  db.rows<VerificationKeyRow>(db.sql`
    SELECT k.kid, k.public_jwk AS "publicJwk" FROM identity.verification_key k`);

/** What the log is to tell of this use, if anything. */
export type NotableUse = 'FIRST_USE' | 'NEW_SOURCE' | 'AFTER_PAUSE';

export const noteTokenUse = async (
  tx: SystemTransaction,
  use: { accountId: string; tokenId: string; source: string },
): Promise<NotableUse | null> => {
  const { reason } = await tx.one<{ reason: NotableUse | null }>(tx.sql`
    SELECT identity.note_token_use_from(${use.accountId}, ${use.tokenId}, ${use.source}) AS reason`);
  return reason;
};

/** Whose token it was, once a day. */
export const noteTokenRefusal = (tx: SystemTransaction, hash: Buffer) =>
  tx.maybe<{ accountId: string; tokenId: string; userId: string | null }>(tx.sql`
    SELECT r.account_id AS "accountId", r.token_id AS "tokenId", r.user_id AS "userId"
    FROM identity.note_token_refusal(${hash}) r`);

/** The open account of that slug. */
export const accountBySlug = (db: SystemDatabase, slug: string) =>
  db.maybe<{ accountId: string }>(db.sql`
    SELECT a.account_id AS "accountId" FROM identity.named_account a WHERE a.slug = ${slug}`);
