/**
 * Rows that stand in one tree and that the account's own rules do not allow: a type below another that does not list
 * it, a type that the importer may not create, two groups of a set of which a unit is in one at most.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import type { ImportMapping } from '../mapping';
import type { Scope } from '../matching/existing.sql';

/** What of these rules there is at all; most accounts have none, and then nothing is compared. */
export const rulesOf = (tx: AccountTransaction, scope: Scope) =>
  tx.one<{ types: boolean; creators: boolean; groups: boolean; onViolation: 'REFUSE' | 'FLAG' }>(tx.sql`
    SELECT EXISTS (SELECT FROM georegistry.org_unit_type t WHERE t.account_id = ${tx.account} AND t.limits_sub_types
        AND t.deleted_at IS NULL) AS types,
      EXISTS (SELECT FROM georegistry.org_unit_type t WHERE t.account_id = ${tx.account}
        AND t.creator_role_ids IS NOT NULL AND t.deleted_at IS NULL) AS creators,
      EXISTS (SELECT FROM georegistry.exclusive_group e WHERE e.account_id = ${tx.account}
        AND e.data_source_id = ${scope.dataSourceId}) AS groups,
      coalesce((SELECT o.import_violations FROM georegistry.registry_settings o WHERE o.account_id = ${tx.account}),
        'REFUSE') AS "onViolation"`);

/** The type that each node of the tree will have; `named` without an id is a type that the file brings. */
const typesOfNodes = (tx: AccountTransaction, mapping: ImportMapping): Statement => {
  const hasType = tx.sql.raw(String(mapping.type !== undefined || mapping.fixedType !== undefined));
  return tx.sql`
    SELECT t.id, t.parent, t.kept, t.unit_id,
      CASE WHEN t.kept OR (k.number IS NULL AND (r.implied OR NOT ${hasType})) THEN s.type_id ELSE k.type_id END
        AS type_id,
      CASE WHEN NOT t.kept THEN k.name END AS named
    FROM import_tree t
    LEFT JOIN import_row r ON r.id = t.id
    LEFT JOIN import_type k ON k.number = r.type_number
    LEFT JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = t.unit_id
      AND s.to_version IS NULL`;
};

/** Nodes below a parent whose type does not list theirs, with the words for it. */
export const createTypeViolations = async (
  tx: AccountTransaction,
  mapping: ImportMapping,
): Promise<number> => {
  await tx.execute(tx.sql`DROP TABLE IF EXISTS import_violation`);
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_violation ON COMMIT DROP AS
    WITH typed AS MATERIALIZED (${typesOfNodes(tx, mapping)})
    SELECT c.id, coalesce(c.named, y.name) AS type_name, p.name AS parent_type_name
    FROM typed c
    JOIN typed q ON q.id = c.parent
    JOIN georegistry.org_unit_type p ON p.account_id = ${tx.account} AND p.id = q.type_id AND p.limits_sub_types
    LEFT JOIN georegistry.org_unit_type y ON y.account_id = ${tx.account} AND y.id = c.type_id
    WHERE NOT c.kept AND NOT EXISTS (
      SELECT FROM georegistry.org_unit_sub_type e
      WHERE e.account_id = ${tx.account} AND e.parent_type_id = p.id AND e.child_type_id = c.type_id)`);
  return (await tx.one<{ count: number }>(tx.sql`SELECT count(*) AS count FROM import_violation`)).count;
};

const VIOLATION_TEXT = `CASE WHEN v.type_name IS NULL THEN 'A unit without a type'
  ELSE 'A "' || v.type_name || '"' END || ' may not stand below a "' || v.parent_type_name || '".'`;

/** The rows at fault; of an ancestor that rows only name, the rows below it. */
export const quarantineTypeViolations = (tx: AccountTransaction, mapping: ImportMapping) =>
  tx.execute(tx.sql`
    WITH RECURSIVE fault AS (
      SELECT v.id, v.type_name, v.parent_type_name FROM import_violation v
      UNION
      SELECT t.id, f.type_name, f.parent_type_name FROM fault f JOIN import_tree t ON t.parent = f.id
      WHERE f.id < 0 AND NOT t.kept
    )
    INSERT INTO import_defect
      (line, layer, row_id, reference, parent_reference, ancestor, name, "column", value, reason, message)
    SELECT DISTINCT ON (r.id) r.line, r.layer, r.id, r.reference, r.parent_reference, r.ancestor, r.name,
      ${mapping.type ?? null}::text, v.type_name, 'TYPE_NOT_ALLOWED',
      ${tx.sql.raw(VIOLATION_TEXT)} || ' Correct the row, or allow it in the type of the parent.'
    FROM fault v JOIN import_row r ON r.id = v.id AND NOT r.implied
    ORDER BY r.id`);

/** For the report of an import that takes such rows all the same. */
export const flaggedViolations = (tx: AccountTransaction, limit: number) =>
  tx.rows<{ line: number; layer: string | null; message: string }>(tx.sql`
    SELECT r.line, r.layer, ${tx.sql.raw(VIOLATION_TEXT)} AS message
    FROM import_violation v JOIN import_row r ON r.id = v.id
    ORDER BY r.layer COLLATE "C" NULLS FIRST, r.line, r.id LIMIT ${limit}`);

/** New units of a type that only members of certain roles create, when whoever imports is none. */
export const quarantineForeignTypes = (tx: AccountTransaction, mapping: ImportMapping) =>
  tx.execute(tx.sql`
    INSERT INTO import_defect
      (line, layer, row_id, reference, parent_reference, ancestor, name, "column", value, reason, message)
    SELECT r.line, r.layer, r.id, r.reference, r.parent_reference, r.ancestor, r.name, ${mapping.type ?? null}::text,
      y.name, 'TYPE_NOT_YOURS', 'Units of the type "' || y.name
        || '" are created by members of certain roles, and whoever imports holds none of them.'
    FROM import_tree t
    JOIN import_row r ON r.id = t.id AND NOT r.implied
    JOIN import_type k ON k.number = r.type_number
    JOIN georegistry.org_unit_type y ON y.account_id = ${tx.account} AND y.id = k.type_id
    WHERE t.unit_id IS NULL AND y.creator_role_ids IS NOT NULL
      AND NOT EXISTS (SELECT FROM identity.member_role m WHERE m.account_id = ${tx.account}
        AND m.user_id = ${tx.actor.userId ?? null}::uuid AND m.role_id = ANY (y.creator_role_ids))
      AND NOT EXISTS (SELECT FROM identity.viewer_rights v WHERE v.account_id = ${tx.account}
        AND v.user_id = ${tx.actor.userId ?? null}::uuid AND v.every_permission)`);

/** Rows in several groups of a set with single membership. */
export const quarantineExclusiveGroups = (tx: AccountTransaction, scope: Scope, mapping: ImportMapping) =>
  tx.execute(tx.sql`
    INSERT INTO import_defect
      (line, layer, row_id, reference, parent_reference, ancestor, name, "column", value, reason, message)
    SELECT DISTINCT ON (r.id) r.line, r.layer, r.id, r.reference, r.parent_reference, r.ancestor, r.name,
      ${mapping.groups ?? null}::text, x.names, 'GROUPS_EXCLUSIVE',
      'A unit is in one group of "' || x.set_name || '" at most; the row has several.'
    FROM (
      SELECT r.id, s.name AS set_name, string_agg(g.name, '; ' ORDER BY g.number) AS names
      FROM import_row r
      CROSS JOIN LATERAL unnest(r.group_numbers) AS n (number)
      JOIN import_group g ON g.number = n.number
      JOIN georegistry.exclusive_group e ON e.account_id = ${tx.account}
        AND e.data_source_id = ${scope.dataSourceId} AND e.group_id = g.group_id
      JOIN georegistry.group_set s ON s.account_id = ${tx.account} AND s.id = e.group_set_id
      GROUP BY r.id, s.id, s.name HAVING count(DISTINCT g.group_id) > 1
    ) x
    JOIN import_row r ON r.id = x.id
    WHERE EXISTS (SELECT FROM import_tree t WHERE t.id = r.id)
    ORDER BY r.id`);

/** Ancestors that rows only name and below which no row is left. */
export const pruneTree = async (tx: AccountTransaction): Promise<void> => {
  for (;;) {
    const gone = await tx.execute(tx.sql`
      DELETE FROM import_tree t WHERE t.id < 0 AND NOT t.kept
        AND NOT EXISTS (SELECT FROM import_tree c WHERE c.parent = t.id)`);
    if (gone === 0) return;
  }
};
