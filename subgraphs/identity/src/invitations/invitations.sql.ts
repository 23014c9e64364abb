/**
 * Invitations of an account.
 */
import type {
  AccountDatabase,
  AccountTransaction,
  Statement,
  SystemDatabase,
  SystemTransaction,
} from '@iroko/database';
import { textKey } from '@iroko/text';
import { type MemberReach, scopeWithin } from '../scope/members-in-scope.sql';

export type InvitationStatus = 'OPEN' | 'ACCEPTED' | 'REVOKED' | 'EXPIRED';

export interface InvitationRow {
  id: string;
  email: string;
  emailKey: string;
  language: string | null;
  roleIds: string[];
  teamIds: string[];
  unitIds: string[] | null;
  projectIds: string[] | null;
  writableTypeIds: string[] | null;
  invitedBy: string | null;
  status: InvitationStatus;
  createdAt: Date;
  mailedAt: Date | null;
  expiresAt: Date;
  acceptedAt: Date | null;
  acceptedBy: string | null;
  /** Given directly, beside those of the roles. */
  permissions: string[];
  dhis2Id: string | null;
  /** What a new person starts with. */
  firstName: string;
  lastName: string;
  organization: string;
  phone: string | null;
}

const status = (db: AccountDatabase) => db.sql`
  CASE WHEN i.accepted_at IS NOT NULL THEN 'ACCEPTED' WHEN i.revoked_at IS NOT NULL THEN 'REVOKED'
       WHEN i.expires_at <= now() THEN 'EXPIRED' ELSE 'OPEN' END`;

const columns = (db: AccountDatabase) => db.sql`
  i.id, i.email, i.email_key AS "emailKey", i.language, i.role_ids AS "roleIds", i.team_ids AS "teamIds", i.unit_ids AS "unitIds",
  i.project_ids AS "projectIds", i.writable_type_ids AS "writableTypeIds", i.invited_by AS "invitedBy",
  ${status(db)} AS status, i.created_at AS "createdAt", i.mailed_at AS "mailedAt", i.expires_at AS "expiresAt",
  i.accepted_at AS "acceptedAt", i.accepted_by AS "acceptedBy", i.permissions, i.dhis2_id AS "dhis2Id",
  i.first_name AS "firstName", i.last_name AS "lastName", i.organization, i.phone`;

export const invitationById = (db: AccountDatabase, id: string) =>
  db.maybe<InvitationRow>(db.sql`
    SELECT ${columns(db)} FROM identity.invitation i WHERE i.account_id = ${db.account} AND i.id = ${id}`);

export const lockInvitation = (tx: AccountTransaction, id: string) =>
  tx.maybe<InvitationRow>(tx.sql`
    SELECT ${columns(tx)} FROM identity.invitation i
    WHERE i.account_id = ${tx.account} AND i.id = ${id} FOR UPDATE`);

const openFor = (tx: AccountTransaction, emailKey: string) => tx.sql`
  i.account_id = ${tx.account} AND i.email_key = ${emailKey} AND i.accepted_at IS NULL
  AND i.revoked_at IS NULL AND i.expires_at > now()`;

export const hasOpenInvitation = async (tx: AccountTransaction, emailKey: string): Promise<boolean> =>
  (await tx.maybe(tx.sql`
    SELECT 1 FROM identity.invitation i WHERE ${openFor(tx, emailKey)}`)) !== undefined;

/** The one that an address can accept now. */
export const lockOpenInvitation = (tx: AccountTransaction, emailKey: string) =>
  tx.maybe<InvitationRow>(tx.sql`
    SELECT ${columns(tx)} FROM identity.invitation i WHERE ${openFor(tx, emailKey)} FOR UPDATE`);

/** Which invitations: those that stand so (null: however), of those whose scope lies within `reach`. */
export interface InvitationSearch {
  status: InvitationStatus | null;
  reach: MemberReach | undefined;
}

const matching = (db: AccountDatabase, { status: wanted, reach }: InvitationSearch): Statement => db.sql`
  i.account_id = ${db.account} AND (${wanted}::text IS NULL OR ${status(db)} = ${wanted}::text)
  AND ${
    reach === undefined
      ? db.sql`true`
      : scopeWithin(db, reach, {
          unitIds: db.sql.raw('i.unit_ids'),
          projectIds: db.sql.raw('i.project_ids'),
        })
  }`;

/** The newest first. */
export const invitationsById = (
  db: AccountDatabase,
  search: InvitationSearch,
  before: string | null,
  limit: number,
) =>
  db.rows<InvitationRow>(db.sql`
    SELECT ${columns(db)} FROM identity.invitation i
    WHERE ${matching(db, search)} AND (${before}::uuid IS NULL OR i.id < ${before}::uuid)
    ORDER BY i.id DESC
    LIMIT ${limit}`);

export const countInvitations = (db: AccountDatabase, search: InvitationSearch) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM identity.invitation i WHERE ${matching(db, search)}`);

export interface InvitationInsert {
  id: string;
  email: string;
  emailKey: string;
  language: string | null;
  permissions: readonly string[];
  roleIds: readonly string[];
  teamIds: readonly string[];
  unitIds: readonly string[] | null;
  projectIds: readonly string[] | null;
  writableTypeIds: readonly string[] | null;
  invitedBy: string | null;
}

export const insertInvitation = (tx: AccountTransaction, row: InvitationInsert) =>
  tx.execute(tx.sql`
    INSERT INTO identity.invitation (account_id, id, email, email_key, language, permissions, role_ids, team_ids,
      unit_ids, project_ids, writable_type_ids, invited_by, expires_at)
    VALUES (${tx.account}, ${row.id}, ${row.email}, ${row.emailKey}, ${row.language}, ${row.permissions}::text[],
      ${row.roleIds}::uuid[], ${row.teamIds}::uuid[], ${row.unitIds}::uuid[], ${row.projectIds}::uuid[],
      ${row.writableTypeIds}::uuid[], ${row.invitedBy}, now() + interval '14 days')`);

/** Ends those of an address whose time is over, so that a new one can take their place. */
export const endExpired = (tx: AccountTransaction, emailKey: string) =>
  tx.execute(tx.sql`
    UPDATE identity.invitation AS i SET revoked_at = now()
    WHERE i.account_id = ${tx.account} AND i.email_key = ${emailKey} AND i.accepted_at IS NULL
      AND i.revoked_at IS NULL AND i.expires_at <= now()`);

/** As if `invitedBy` made it now: at its acceptance it is they who must still hold what it gives. */
export const extendInvitation = (tx: AccountTransaction, id: string, invitedBy: string | null) =>
  tx.execute(tx.sql`
    UPDATE identity.invitation AS i SET expires_at = now() + interval '14 days', invited_by = ${invitedBy}
    WHERE i.account_id = ${tx.account} AND i.id = ${id}`);

export const revokeInvitationRow = (tx: AccountTransaction, id: string) =>
  tx.execute(tx.sql`
    UPDATE identity.invitation AS i SET revoked_at = now()
    WHERE i.account_id = ${tx.account} AND i.id = ${id}`);

export const acceptInvitationRow = (tx: AccountTransaction, id: string, userId: string) =>
  tx.execute(tx.sql`
    UPDATE identity.invitation AS i SET accepted_at = now(), accepted_by = ${userId}
    WHERE i.account_id = ${tx.account} AND i.id = ${id}`);

export const noteMailed = (tx: AccountTransaction, id: string) =>
  tx.execute(tx.sql`
    UPDATE identity.invitation AS i SET mailed_at = now()
    WHERE i.account_id = ${tx.account} AND i.id = ${id}`);

export const memberWithAddress = (db: AccountDatabase, emailKey: string) =>
  db.maybe<{ userId: string }>(db.sql`
    SELECT m.user_id AS "userId"
    FROM identity.membership m JOIN identity."user" u ON u.id = m.user_id
    WHERE m.account_id = ${db.account} AND m.ended_at IS NULL AND u.email_key = ${emailKey}`);

/** Whose invitation it is, asked by somebody who has only its link. */
export const accountOfInvitation = (db: SystemDatabase, id: string) =>
  db.maybe<{ accountId: string; slug: string; name: string; language: string; open: boolean }>(db.sql`
    SELECT a.id AS "accountId", a.slug, a.name, a.language, a.closed_at IS NULL AS open
    FROM identity.invitation i JOIN identity.account a ON a.id = i.account_id
    WHERE i.id = ${id}`);

/** Unless another member is that DHIS2 user by now. */
export const linkInvitedDhis2User = (tx: AccountTransaction, userId: string, dhis2Id: string) =>
  tx.execute(tx.sql`
    UPDATE identity.membership AS m SET dhis2_id = ${dhis2Id}
    WHERE m.account_id = ${tx.account} AND m.user_id = ${userId}
      AND NOT EXISTS (SELECT 1 FROM identity.membership o
                      WHERE o.account_id = ${tx.account} AND o.dhis2_id = ${dhis2Id})`);

/** What a new person starts with beside their name. */
export const writeFirstProfile = (
  tx: SystemTransaction,
  userId: string,
  { organization, phone }: Pick<InvitationRow, 'organization' | 'phone'>,
) =>
  tx.execute(tx.sql`
    UPDATE identity."user" AS u
    SET organization = ${organization}, phone = ${phone},
        search_key = btrim(u.search_key || ' ' || ${textKey(organization)})
    WHERE u.id = ${userId}`);
