/**
 * The tree as it shall be: the rows that land, with the units they are, and the units that stay although no row names
 * them. `import_path` holds those that are reached from a root; what is not reached cannot land.
 */
import type { AccountTransaction } from '@iroko/database';
import type { Scope } from '../matching/existing.sql';

/** Ids of kept units lie below those of ancestors, which are small negative numbers. */
const KEPT_IDS_BELOW = -1_000_000_000;

/** The label that the next new unit of the source gets; its source is locked where it shall be used. */
export const nextUnitNumber = async (tx: AccountTransaction, scope: Scope): Promise<number> =>
  (
    await tx.one<{ next: number }>(tx.sql`
      SELECT d.next_unit_number AS next FROM georegistry.data_source d
      WHERE d.account_id = ${tx.account} AND d.id = ${scope.dataSourceId}`)
  ).next;

/** `nextNumber`: the label in paths that the first new unit gets. */
export const createTree = async (tx: AccountTransaction, nextNumber: number): Promise<void> => {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_tree ON COMMIT DROP AS
    SELECT n.id, n.parent, NULL::uuid AS parent_unit_id, n.orphan, false AS kept, m.unit_id, m.pass,
      CASE WHEN m.id IS NULL
        THEN (${nextNumber}::integer - 1 + row_number() OVER (PARTITION BY m.id IS NULL ORDER BY n.id))::integer
        ELSE u.number END AS number
    FROM import_node n
    LEFT JOIN import_match m ON m.id = n.id
    LEFT JOIN georegistry.org_unit u ON u.account_id = ${tx.account} AND u.id = m.unit_id`);
};

/** Where a file may leave out units: parents that are no row of the file are looked for among those there are. */
export const findParentsAmongUnits = (tx: AccountTransaction, scope: Scope) =>
  tx.execute(tx.sql`
    UPDATE import_tree t SET parent_unit_id = u.id, orphan = false
    FROM import_row r, georegistry.org_unit u
    WHERE t.orphan AND r.id = t.id AND u.account_id = ${tx.account} AND u.data_source_id = ${scope.dataSourceId}
      AND u.reference = r.parent_reference
      AND EXISTS (SELECT FROM georegistry.org_unit_state s
        WHERE s.account_id = ${tx.account} AND s.unit_id = u.id AND s.to_version IS NULL)
      AND NOT EXISTS (SELECT FROM import_defect d WHERE d.reference = r.parent_reference)`);

/** Where the file says nothing of parents, units stay below the one they have. */
export const keepParents = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    UPDATE import_tree t SET parent_unit_id = s.parent_id
    FROM georegistry.org_unit_state s
    WHERE s.account_id = ${tx.account} AND s.unit_id = t.unit_id AND s.to_version IS NULL AND NOT t.kept`);

/** Rows that went to quarantine leave the tree. */
export const removeDefective = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    DELETE FROM import_tree t USING import_defect d WHERE d.row_id = t.id`);

/** Units that stay: those of rows in quarantine (or, with `everything`, all that no row is) and what stands above them. */
export const addKept = async (tx: AccountTransaction, scope: Scope, everything: boolean): Promise<number> => {
  const wanted = everything
    ? tx.sql`true`
    : tx.sql`(
        EXISTS (SELECT FROM import_match m WHERE m.unit_id = s.unit_id)
        OR EXISTS (SELECT FROM georegistry.org_unit u JOIN import_defect d ON d.reference = u.reference
          WHERE u.account_id = ${tx.account} AND u.id = s.unit_id)
        OR EXISTS (SELECT FROM import_defect_unit d WHERE d.unit_id = s.unit_id))`;
  return tx.execute(tx.sql`
    WITH RECURSIVE kept AS (
      SELECT s.unit_id, s.parent_id FROM georegistry.org_unit_state s
      WHERE s.account_id = ${tx.account} AND s.data_source_id = ${scope.dataSourceId} AND s.to_version IS NULL
        AND NOT EXISTS (SELECT FROM import_tree t WHERE t.unit_id = s.unit_id)
        AND ${wanted}
      UNION
      SELECT s.unit_id, s.parent_id FROM kept k
      JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = k.parent_id
        AND s.to_version IS NULL
      WHERE NOT EXISTS (SELECT FROM import_tree t WHERE t.unit_id = s.unit_id)
    )
    INSERT INTO import_tree (id, parent_unit_id, orphan, kept, unit_id, number)
    SELECT ${KEPT_IDS_BELOW}::integer - u.number, k.parent_id, false, true, k.unit_id, u.number
    FROM kept k JOIN georegistry.org_unit u ON u.account_id = ${tx.account} AND u.id = k.unit_id`);
};

/** Turns parents that are given as units into nodes; again whenever nodes came or went. */
export const resolveParents = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    UPDATE import_tree t SET parent = p.id FROM import_tree p
    WHERE t.parent_unit_id IS NOT NULL AND p.unit_id = t.parent_unit_id AND t.parent IS DISTINCT FROM p.id`);

/** 4 bytes per level, at most 64 levels. */
export const createPaths = async (tx: AccountTransaction): Promise<void> => {
  await tx.execute(tx.sql`ANALYZE import_tree`);
  await tx.execute(tx.sql`DROP TABLE IF EXISTS import_path`);
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_path ON COMMIT DROP AS
    WITH RECURSIVE reached AS (
      SELECT t.id, int4send(t.number) AS path FROM import_tree t
      WHERE t.parent IS NULL AND t.parent_unit_id IS NULL AND NOT t.orphan
      UNION ALL
      SELECT c.id, r.path || int4send(c.number) FROM reached r JOIN import_tree c ON c.parent = r.id
      WHERE octet_length(r.path) < 256
    )
    SELECT r.id, r.path FROM reached r`);
  await tx.execute(tx.sql`ANALYZE import_path`);
};

export const countNodes = (tx: AccountTransaction) =>
  tx.one<{ nodes: number; reached: number }>(tx.sql`
    SELECT (SELECT count(*) FROM import_tree t) AS nodes, (SELECT count(*) FROM import_path p) AS reached`);

export interface UnreachedNode {
  id: number;
  parent: number | null;
  orphan: boolean;
  /** Whether the parent is in the tree at its deepest level. */
  deep: boolean;
  /** Whether the parent that is missing is a row in quarantine. */
  defectAbove: boolean;
  /** Whether several rows could be the parent. */
  ambiguous: boolean;
}

/** Nodes that no root leads to, ancestors and kept units among them. */
export const unreachedNodes = (tx: AccountTransaction) =>
  tx.stream<UnreachedNode>(
    tx.sql`
    SELECT t.id, t.parent, t.orphan, EXISTS (SELECT FROM import_path q WHERE q.id = t.parent) AS deep,
      EXISTS (SELECT FROM import_defect d WHERE d.reference = r.parent_reference)
        OR coalesce(NOT a.ambiguous AND a.row_id IS NULL, false) AS "defectAbove",
      coalesce(a.ambiguous, false) AS ambiguous
    FROM import_tree t
    LEFT JOIN import_row r ON r.id = t.id
    LEFT JOIN import_alias a ON a.implied_id = r.ancestor
    WHERE NOT EXISTS (SELECT FROM import_path p WHERE p.id = t.id)`,
    10_000,
  );

/** Where the parent stands in a row: the column of its reference, or the columns of the names above, outermost first. */
export interface ParentColumns {
  reference: string | null;
  names: readonly string[];
}

export const insertTreeDefects = (
  tx: AccountTransaction,
  columns: ParentColumns,
  defects: readonly { id: number; reason: string; message: string }[],
) =>
  tx.execute(tx.sql`
    INSERT INTO import_defect
      (line, layer, row_id, reference, parent_reference, ancestor, name, "column", value, reason, message)
    SELECT r.line, r.layer, r.id, r.reference, r.parent_reference, r.ancestor, r.name,
      coalesce(${columns.reference}::text, (${columns.names}::text[])[a.level + 1]),
      coalesce(r.parent_reference, a.name), d.reason, d.message
    FROM unnest(${defects.map((d) => d.id)}::integer[], ${defects.map((d) => d.reason)}::text[],
      ${defects.map((d) => d.message)}::text[]) AS d (id, reason, message)
    JOIN import_row r ON r.id = d.id
    LEFT JOIN import_row a ON a.id = r.ancestor`);

/** Ancestors that no root leads to: nothing of the file is lost with them, the rows below are in quarantine. */
export const removeUnreachedAncestors = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    DELETE FROM import_tree t
    WHERE t.id < 0 AND NOT t.kept AND NOT EXISTS (SELECT FROM import_path p WHERE p.id = t.id)`);
