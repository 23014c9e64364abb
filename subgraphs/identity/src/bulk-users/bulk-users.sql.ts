/**
 * The statements of files of users: each for many rows at once, so that their number grows with the batches and not
 * with the rows. Org units and their types are georegistry's, read through its contract views.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import { type MemberSearch, memberMatching } from '../memberships/member-search.sql';
import type { TeamKind } from '../teams/teams.sql';

export interface NamedRow {
  id: string;
  name: string;
}

export const roleNames = (db: AccountDatabase) =>
  db.rows<NamedRow & { permissions: string[]; everyPermission: boolean }>(db.sql`
    SELECT r.id, r.name, r.permissions, r.every_permission AS "everyPermission"
    FROM identity.role r WHERE r.account_id = ${db.account}`);

export const projectNames = (db: AccountDatabase) =>
  db.rows<NamedRow & { appId: string | null }>(db.sql`
    SELECT p.id, p.name, p.app_id AS "appId"
    FROM identity.project p WHERE p.account_id = ${db.account} AND p.deleted_at IS NULL`);

export interface TeamName extends NamedRow {
  kind: TeamKind;
  /** How many people are in it. */
  people: number;
}

export const teamNames = (db: AccountDatabase) =>
  db.rows<TeamName>(db.sql`
    SELECT t.id, t.name, t.kind,
           (SELECT count(*) FROM identity.team_user u WHERE u.account_id = ${db.account} AND u.team_id = t.id) AS people
    FROM identity.team t WHERE t.account_id = ${db.account}`);

export const typeNames = (db: AccountDatabase) =>
  db.rows<NamedRow>(db.sql`
    SELECT t.type_id AS id, t.name FROM georegistry.known_org_unit_type t WHERE t.account_id = ${db.account}`);

export interface UnitFound {
  unitId: string;
  nameKey: string;
  reference: string | null;
}

/** Units of the current versions that have one of these ids, names or references. */
export const unitsNamed = (
  db: AccountDatabase,
  wanted: { ids: readonly string[]; nameKeys: readonly string[]; references: readonly string[] },
) =>
  db.rows<UnitFound>(db.sql`
    SELECT u.unit_id AS "unitId", u.name_key AS "nameKey", u.reference
    FROM georegistry.current_org_unit u
    WHERE u.account_id = ${db.account} AND u.status <> 'REJECTED'
      AND (u.unit_id = ANY(${wanted.ids}::uuid[]) OR u.name_key = ANY(${wanted.nameKeys}::text[])
           OR u.reference = ANY(${wanted.references}::text[]))`);

export interface MemberFound {
  userId: string;
  emailKey: string;
  permissions: string[];
  roleIds: string[];
  teamIds: string[];
  unitIds: string[] | null;
  projectIds: string[] | null;
  writableTypeIds: string[] | null;
  dhis2Id: string | null;
}

export const membersWithAddresses = (db: AccountDatabase, emailKeys: readonly string[]) =>
  db.rows<MemberFound>(db.sql`
    SELECT m.user_id AS "userId", u.email_key AS "emailKey", m.permissions, m.unit_ids AS "unitIds",
           m.project_ids AS "projectIds", m.writable_type_ids AS "writableTypeIds", m.dhis2_id AS "dhis2Id",
           ARRAY(SELECT mr.role_id FROM identity.membership_role mr
                 WHERE mr.account_id = ${db.account} AND mr.user_id = m.user_id ORDER BY mr.role_id) AS "roleIds",
           ARRAY(SELECT tu.team_id FROM identity.team_user tu
                 WHERE tu.account_id = ${db.account} AND tu.user_id = m.user_id ORDER BY tu.team_id) AS "teamIds"
    FROM identity.membership m
    JOIN identity."user" u ON u.id = m.user_id
    WHERE m.account_id = ${db.account} AND m.ended_at IS NULL AND u.email_key = ANY(${emailKeys}::text[])`);

export const openInvitations = (db: AccountDatabase, emailKeys: readonly string[]) =>
  db.rows<{ emailKey: string }>(db.sql`
    SELECT i.email_key AS "emailKey" FROM identity.invitation i
    WHERE i.account_id = ${db.account} AND i.email_key = ANY(${emailKeys}::text[])
      AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()`);

/** Which of these DHIS2 users are members, and who. */
export const membersWithDhis2Ids = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ userId: string; dhis2Id: string }>(db.sql`
    SELECT m.user_id AS "userId", m.dhis2_id AS "dhis2Id" FROM identity.membership m
    WHERE m.account_id = ${db.account} AND m.dhis2_id = ANY(${ids}::text[])`);

export interface BulkInvitation {
  id: string;
  email: string;
  emailKey: string;
  language: string | null;
  firstName: string;
  lastName: string;
  organization: string;
  phone: string | null;
  dhis2Id: string | null;
  permissions: readonly string[];
  roleIds: readonly string[];
  teamIds: readonly string[];
  unitIds: readonly string[] | null;
  projectIds: readonly string[] | null;
  writableTypeIds: readonly string[] | null;
}

/** A JSON list as an array of the database; null stays null. */
const uuids = (tx: AccountTransaction, name: string) =>
  tx.sql.raw(
    `CASE WHEN jsonb_typeof(r.row->'${name}') = 'array'
        THEN ARRAY(SELECT jsonb_array_elements_text(r.row->'${name}')::uuid) END`,
  );

/** Ends those whose time is over and adds these; answers which were added: others invited some at this moment. */
export const insertInvitations = async (
  tx: AccountTransaction,
  rows: readonly BulkInvitation[],
  invitedBy: string | null,
): Promise<{ id: string }[]> => {
  await tx.execute(tx.sql`
    UPDATE identity.invitation AS i SET revoked_at = now()
    WHERE i.account_id = ${tx.account} AND i.email_key = ANY(${rows.map(({ emailKey }) => emailKey)}::text[])
      AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at <= now()`);
  return tx.rows<{ id: string }>(tx.sql`
    INSERT INTO identity.invitation (account_id, id, email, email_key, language, first_name, last_name, organization,
      phone, dhis2_id, permissions, role_ids, team_ids, unit_ids, project_ids, writable_type_ids, invited_by, expires_at)
    SELECT ${tx.account}::uuid, (r.row->>'id')::uuid, r.row->>'email', r.row->>'emailKey', r.row->>'language',
           r.row->>'firstName', r.row->>'lastName', r.row->>'organization', r.row->>'phone', r.row->>'dhis2Id',
           ARRAY(SELECT jsonb_array_elements_text(r.row->'permissions')), ${uuids(tx, 'roleIds')},
           ${uuids(tx, 'teamIds')}, ${uuids(tx, 'unitIds')}, ${uuids(tx, 'projectIds')},
           ${uuids(tx, 'writableTypeIds')}, ${invitedBy}::uuid, now() + interval '14 days'
    FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) AS r (row)
    ON CONFLICT DO NOTHING
    RETURNING id`);
};

export interface BulkMembership {
  userId: string;
  permissions: readonly string[];
  roleIds: readonly string[];
  teamIds: readonly string[];
  unitIds: readonly string[] | null;
  projectIds: readonly string[] | null;
  writableTypeIds: readonly string[] | null;
  dhis2Id: string | null;
}

export const updateMemberships = async (
  tx: AccountTransaction,
  rows: readonly BulkMembership[],
): Promise<void> => {
  const json = JSON.stringify(rows);
  const userIds = rows.map(({ userId }) => userId);
  await tx.execute(tx.sql`
    UPDATE identity.membership AS m
    SET permissions = ARRAY(SELECT jsonb_array_elements_text(r.row->'permissions')),
        unit_ids = ${uuids(tx, 'unitIds')}, project_ids = ${uuids(tx, 'projectIds')},
        writable_type_ids = ${uuids(tx, 'writableTypeIds')}, dhis2_id = r.row->>'dhis2Id',
        revision = m.revision + 1, updated_at = now()
    FROM jsonb_array_elements(${json}::jsonb) AS r (row)
    WHERE m.account_id = ${tx.account} AND m.user_id = (r.row->>'userId')::uuid AND m.ended_at IS NULL`);
  await tx.execute(tx.sql`
    DELETE FROM identity.membership_role AS mr
    WHERE mr.account_id = ${tx.account} AND mr.user_id = ANY(${userIds}::uuid[])`);
  await tx.execute(tx.sql`
    INSERT INTO identity.membership_role (account_id, user_id, role_id)
    SELECT ${tx.account}::uuid, (r.row->>'userId')::uuid, role_id::uuid
    FROM jsonb_array_elements(${json}::jsonb) AS r (row), jsonb_array_elements_text(r.row->'roleIds') AS role_id`);
};

export interface ExportedMember extends MemberFound {
  email: string;
  firstName: string;
  lastName: string;
  language: string | null;
  organization: string;
  phone: string | null;
}

/** Members in the order of their ids. */
export const membersToExport = (
  db: AccountDatabase,
  search: MemberSearch,
  after: string | null,
  limit: number,
) =>
  db.rows<ExportedMember>(db.sql`
    SELECT m.user_id AS "userId", u.email, u.email_key AS "emailKey", u.first_name AS "firstName",
           u.last_name AS "lastName", u.language, u.organization, u.phone, m.permissions,
           m.unit_ids AS "unitIds", m.project_ids AS "projectIds", m.writable_type_ids AS "writableTypeIds",
           m.dhis2_id AS "dhis2Id",
           ARRAY(SELECT mr.role_id FROM identity.membership_role mr
                 WHERE mr.account_id = ${db.account} AND mr.user_id = m.user_id ORDER BY mr.role_id) AS "roleIds",
           ARRAY(SELECT tu.team_id FROM identity.team_user tu
                 WHERE tu.account_id = ${db.account} AND tu.user_id = m.user_id ORDER BY tu.team_id) AS "teamIds"
    FROM identity.membership m
    JOIN identity."user" u ON u.id = m.user_id
    WHERE ${memberMatching(db, search)} AND (${after}::uuid IS NULL OR m.user_id > ${after}::uuid)
    ORDER BY m.user_id
    LIMIT ${limit}`);
