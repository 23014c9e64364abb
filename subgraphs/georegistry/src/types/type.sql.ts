/** Statements on types of org units. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import { listed } from '../deletion';
import type { TypeCategory } from './type-category';

export interface TypeFields {
  name: string;
  shortName: string;
  depth: number | null;
  category: TypeCategory | null;
  /** Which types may stand right below one of this; null when any may. Sorted. */
  subTypeIds: string[] | null;
  /** Whose members may create units of it; null when all who may edit units. Sorted. */
  creatorRoleIds: string[] | null;
  referenceFormIds: string[];
  /** The projects that work with units of it; null when all do. Sorted. */
  projectIds: string[] | null;
}

export interface TypeRow extends TypeFields {
  id: string;
  nameKey: string;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

const columns = (db: AccountDatabase): Statement => db.sql`
  t.id, t.name, t.name_key AS "nameKey", t.short_name AS "shortName", t.depth, t.category,
  CASE WHEN t.limits_sub_types THEN ARRAY(
    SELECT e.child_type_id FROM georegistry.org_unit_sub_type e
    WHERE e.account_id = ${db.account} AND e.parent_type_id = t.id ORDER BY 1) END AS "subTypeIds",
  t.creator_role_ids AS "creatorRoleIds", t.reference_form_ids AS "referenceFormIds",
  t.project_ids AS "projectIds", t.revision,
  t.created_at AS "createdAt", t.updated_at AS "updatedAt", t.deleted_at AS "deletedAt"`;

/** Deleted ones too: versions of old still show them. */
export const typesById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<TypeRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.org_unit_type t WHERE t.account_id = ${db.account} AND t.id = ANY(${ids})`);

/** Locks the type against other edits until the transaction ends; to delete it, also against units that would take it. */
export const typeForWriting = (tx: AccountTransaction, id: string, toDelete = false) =>
  tx.maybe<TypeRow>(tx.sql`
    SELECT ${columns(tx)} FROM georegistry.org_unit_type t
    WHERE t.account_id = ${tx.account} AND t.id = ${id} ${toDelete ? tx.sql`FOR UPDATE` : tx.sql`FOR NO KEY UPDATE`}`);

export const typesByName = (
  db: AccountDatabase,
  deleted: boolean,
  after: { nameKey: string; id: string } | undefined,
  limit: number,
) =>
  db.rows<TypeRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.org_unit_type t
    WHERE t.account_id = ${db.account} AND ${listed(db, 't', deleted)}
      ${after ? db.sql`AND (t.name_key, t.id) > (${after.nameKey}, ${after.id})` : db.sql``}
    ORDER BY t.name_key, t.id LIMIT ${limit}`);

export const countTypes = (db: AccountDatabase, deleted: boolean) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.org_unit_type t
    WHERE t.account_id = ${db.account} AND ${listed(db, 't', deleted)}`);

export interface WrittenType extends TypeFields {
  id: string;
  nameKey: string;
}

export const insertType = (tx: AccountTransaction, type: WrittenType) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.org_unit_type (account_id, id, name, name_key, short_name, depth, category,
      limits_sub_types, creator_role_ids, reference_form_ids, project_ids)
    VALUES (${tx.account}, ${type.id}, ${type.name}, ${type.nameKey}, ${type.shortName}, ${type.depth},
      ${type.category}, ${type.subTypeIds !== null}, ${type.creatorRoleIds}::uuid[], ${type.referenceFormIds}::uuid[],
      ${type.projectIds}::uuid[])`);

export const saveType = (tx: AccountTransaction, type: WrittenType) =>
  tx.execute(tx.sql`
    UPDATE georegistry.org_unit_type t
    SET name = ${type.name}, name_key = ${type.nameKey}, short_name = ${type.shortName}, depth = ${type.depth},
      category = ${type.category}, limits_sub_types = ${type.subTypeIds !== null},
      creator_role_ids = ${type.creatorRoleIds}::uuid[], reference_form_ids = ${type.referenceFormIds}::uuid[],
      project_ids = ${type.projectIds}::uuid[],
      revision = t.revision + 1, updated_at = now()
    WHERE t.account_id = ${tx.account} AND t.id = ${type.id}`);

/** The database refuses a list that would close a circle. */
export const replaceSubTypes = async (tx: AccountTransaction, id: string, subTypes: readonly string[]) => {
  await tx.execute(tx.sql`
    DELETE FROM georegistry.org_unit_sub_type e
    WHERE e.account_id = ${tx.account} AND e.parent_type_id = ${id} AND e.child_type_id <> ALL (${subTypes}::uuid[])`);
  await tx.execute(tx.sql`
    INSERT INTO georegistry.org_unit_sub_type (account_id, parent_type_id, child_type_id)
    SELECT ${tx.account}::uuid, ${id}::uuid, c.id FROM unnest(${subTypes}::uuid[]) AS c (id)
    ON CONFLICT DO NOTHING`);
};

/** Of a deletion the name becomes free, of a restoration it is taken again. */
export const setTypeDeleted = (tx: AccountTransaction, id: string, nameKey: string, deletedAt: Date | null) =>
  tx.execute(tx.sql`
    UPDATE georegistry.org_unit_type t
    SET deleted_at = ${deletedAt}, name_key = ${nameKey}, revision = t.revision + 1, updated_at = now()
    WHERE t.account_id = ${tx.account} AND t.id = ${id}`);

/** Whether a version that can still be read by default or edited holds units of the type. */
export const typeInUse = (db: AccountDatabase, id: string) =>
  db.maybe<{ name: string }>(db.sql`
    SELECT d.name FROM georegistry.org_unit_state s
    JOIN georegistry.data_source d ON d.account_id = ${db.account} AND d.id = s.data_source_id
    WHERE s.account_id = ${db.account} AND s.type_id = ${id}
      AND (s.to_version IS NULL OR s.to_version = d.draft_version_number
        OR coalesce(d.chosen_version_number, d.released_version_number) BETWEEN s.from_version AND s.to_version - 1)
    LIMIT 1`);

/** Those of the roles that the account has. */
export const knownRoles = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ id: string }>(db.sql`
    SELECT r.role_id AS id FROM identity.known_role r
    WHERE r.account_id = ${db.account} AND r.role_id = ANY (${ids}::uuid[])`);

/** Those of the forms that the account has. */
export const knownForms = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ id: string }>(db.sql`
    SELECT f.form_id AS id FROM submissions.known_form f
    WHERE f.account_id = ${db.account} AND f.form_id = ANY (${ids}::uuid[])`);

/** Those of the projects that the account has. */
export const knownProjects = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ id: string }>(db.sql`
    SELECT p.project_id AS id FROM identity.known_project p
    WHERE p.account_id = ${db.account} AND p.project_id = ANY (${ids}::uuid[])`);

/** Whether the user holds one of the roles, or every permission. */
export const holdsOneOf = (db: AccountDatabase, userId: string, roleIds: readonly string[]) =>
  db.one<{ holds: boolean }>(db.sql`
    SELECT EXISTS (SELECT FROM identity.member_role m WHERE m.account_id = ${db.account} AND m.user_id = ${userId}
        AND m.role_id = ANY (${roleIds}::uuid[]))
      OR EXISTS (SELECT FROM identity.viewer_rights r WHERE r.account_id = ${db.account} AND r.user_id = ${userId}
        AND r.every_permission) AS holds`);

/** The names of the types that are not deleted, in order. */
export const typeNames = async (db: AccountDatabase, ids: readonly string[]): Promise<string[]> =>
  (
    await db.rows<{ name: string }>(db.sql`
      SELECT t.name FROM georegistry.org_unit_type t
      WHERE t.account_id = ${db.account} AND t.id = ANY (${ids}::uuid[]) AND t.deleted_at IS NULL
      ORDER BY t.name_key`)
  ).map(({ name }) => name);

/** The types of the units right below a unit in the open version; null for units without one. */
export const childTypes = (db: AccountDatabase, unitId: string) =>
  db.rows<{ typeId: string | null; typeName: string | null }>(db.sql`
    SELECT DISTINCT c.type_id AS "typeId", t.name AS "typeName"
    FROM georegistry.org_unit_state s
    JOIN georegistry.org_unit_state c ON c.account_id = ${db.account} AND c.data_source_id = s.data_source_id
      AND c.parent_id = s.unit_id AND c.to_version IS NULL
    LEFT JOIN georegistry.org_unit_type t ON t.account_id = ${db.account} AND t.id = c.type_id
    WHERE s.account_id = ${db.account} AND s.unit_id = ${unitId} AND s.to_version IS NULL`);
