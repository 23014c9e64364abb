/**
 * Members of an account: the list of them, and changes to one.
 */
import type { AccountDatabase, AccountTransaction, SystemTransaction } from '@iroko/database';
import type { MemberScope } from '../scope/member-scope';
import { type MemberSearch, memberMatching } from './member-search.sql';

export interface MemberRow {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  language: string | null;
  organization: string;
  phone: string | null;
  homePage: string | null;
}

/** In the order of their ids, which is that in which the persons came to be. */
export const membersById = (db: AccountDatabase, search: MemberSearch, after: string | null, limit: number) =>
  db.rows<MemberRow>(db.sql`
    SELECT u.id, u.first_name AS "firstName", u.last_name AS "lastName", u.email, u.language,
           u.organization, u.phone, u.home_page AS "homePage"
    FROM identity.membership m
    JOIN identity."user" u ON u.id = m.user_id
    WHERE ${memberMatching(db, search)} AND (${after}::uuid IS NULL OR m.user_id > ${after}::uuid)
    ORDER BY m.user_id
    LIMIT ${limit}`);

export const countMembers = (db: AccountDatabase, search: MemberSearch) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM identity.membership m WHERE ${memberMatching(db, search)}`);

/** The ids of those who fit, but for some, in their order. */
export const memberIds = (
  db: AccountDatabase,
  search: MemberSearch,
  excludedIds: readonly string[],
  limit: number,
) =>
  db.rows<{ userId: string }>(db.sql`
    SELECT m.user_id AS "userId" FROM identity.membership m
    WHERE ${memberMatching(db, search)} AND m.user_id <> ALL(${excludedIds}::uuid[])
    ORDER BY m.user_id
    LIMIT ${limit}`);

export interface MembershipRow {
  userId: string;
  permissions: string[];
  revision: number;
  unitIds: string[] | null;
  projectIds: string[] | null;
  writableTypeIds: string[] | null;
}

export const lastingMembership = (tx: AccountTransaction, userId: string) =>
  tx.maybe<MembershipRow>(tx.sql`
    SELECT m.user_id AS "userId", m.permissions, m.revision, m.unit_ids AS "unitIds",
           m.project_ids AS "projectIds", m.writable_type_ids AS "writableTypeIds"
    FROM identity.membership m
    WHERE m.account_id = ${tx.account} AND m.user_id = ${userId} AND m.ended_at IS NULL
    FOR UPDATE`);

export const writeRights = (
  tx: AccountTransaction,
  userId: string,
  permissions: readonly string[],
  scope: MemberScope,
) =>
  tx.execute(tx.sql`
    UPDATE identity.membership AS m
    SET permissions = ${permissions}, unit_ids = ${scope.unitIds}, project_ids = ${scope.projectIds},
        writable_type_ids = ${scope.writableTypeIds}, revision = m.revision + 1, updated_at = now()
    WHERE m.account_id = ${tx.account} AND m.user_id = ${userId}`);

/** Returns 0 when the member had it. */
export const giveRoleTo = (tx: AccountTransaction, userId: string, roleId: string) =>
  tx.execute(tx.sql`
    INSERT INTO identity.membership_role (account_id, user_id, role_id)
    VALUES (${tx.account}, ${userId}, ${roleId})
    ON CONFLICT DO NOTHING`);

/** Returns 0 when the member had it not. */
export const takeRoleFrom = (tx: AccountTransaction, userId: string, roleId: string) =>
  tx.execute(tx.sql`
    DELETE FROM identity.membership_role AS mr
    WHERE mr.account_id = ${tx.account} AND mr.user_id = ${userId} AND mr.role_id = ${roleId}`);

export const takeAllRolesFrom = (tx: AccountTransaction, userId: string) =>
  tx.rows<{ roleId: string }>(tx.sql`
    DELETE FROM identity.membership_role AS mr
    WHERE mr.account_id = ${tx.account} AND mr.user_id = ${userId}
    RETURNING mr.role_id AS "roleId"`);

export const endMembershipRow = (tx: AccountTransaction, userId: string) =>
  tx.execute(tx.sql`
    UPDATE identity.membership AS m
    SET ended_at = now(), permissions = '{}', unit_ids = NULL, project_ids = NULL, writable_type_ids = NULL,
        dhis2_id = NULL, revision = m.revision + 1, updated_at = now()
    WHERE m.account_id = ${tx.account} AND m.user_id = ${userId}`);

export const revokeTokensOf = (tx: AccountTransaction, userId: string) =>
  tx.execute(tx.sql`
    UPDATE identity.api_token AS t SET revoked_at = now()
    WHERE t.account_id = ${tx.account} AND t.user_id = ${userId} AND t.revoked_at IS NULL`);

/** Sessions belong to persons, so they are ended without the account's handle. */
export const endSessionsIn = (tx: SystemTransaction, accountId: string, userId: string) =>
  tx.execute(tx.sql`
    UPDATE identity.session AS s SET ended_at = now(), end_reason = 'REVOKED'
    WHERE s.account_id = ${accountId} AND s.user_id = ${userId} AND s.ended_at IS NULL`);
