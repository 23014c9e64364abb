/**
 * From staged rows to nodes: duplicates are dropped, references that stand twice go to quarantine, and every row finds
 * its parent among the rows. All set by set, on narrow tables.
 */
import type { AccountTransaction } from '@iroko/database';

/** Rows whose cells equal those of an earlier row. */
export const dropDuplicates = async (tx: AccountTransaction): Promise<number> => {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_dropped ON COMMIT DROP AS
    SELECT r.id, r.line, d.first_line
    FROM (
      SELECT r.digest, min(r.id) AS first_id, min(r.line) AS first_line FROM import_row r
      WHERE r.digest IS NOT NULL GROUP BY r.digest HAVING count(*) > 1
    ) d
    JOIN import_row r ON r.digest = d.digest AND r.id <> d.first_id`);
  return (await tx.one<{ count: number }>(tx.sql`SELECT count(*) AS count FROM import_dropped`)).count;
};

export const droppedLines = (tx: AccountTransaction, limit: number) =>
  tx.rows<{ line: number; firstLine: number }>(tx.sql`
    SELECT d.line, d.first_line AS "firstLine" FROM import_dropped d ORDER BY d.line LIMIT ${limit}`);

/** Each reference with its row; one that stands in several rows belongs to none of them. */
export const indexReferences = async (tx: AccountTransaction, column: string): Promise<void> => {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_reference ON COMMIT DROP AS
    SELECT r.reference, min(r.id) AS id, count(*)::integer AS times
    FROM import_row r
    WHERE r.reference IS NOT NULL AND NOT EXISTS (SELECT FROM import_dropped d WHERE d.id = r.id)
    GROUP BY r.reference`);
  await tx.execute(tx.sql`
    INSERT INTO import_defect
      (line, layer, row_id, reference, parent_reference, ancestor, name, "column", value, reason, message)
    SELECT r.line, r.layer, r.id, r.reference, r.parent_reference, r.ancestor, r.name, ${column}::text, r.reference,
      'REFERENCE_TWICE',
      'The reference stands in rows ' || array_to_string((array_agg(r.line) OVER w)[1:5], ', ')
        || '. One reference is one unit: correct or remove all but one.'
    FROM import_row r
    JOIN import_reference f ON f.reference = r.reference AND f.times > 1
    WHERE NOT EXISTS (SELECT FROM import_dropped d WHERE d.id = r.id)
    WINDOW w AS (PARTITION BY r.reference ORDER BY r.line ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)`);
  await tx.execute(tx.sql`ANALYZE import_reference`);
};

/**
 * Ancestors that only rows below them name, and that have a row of their own: same name, same place in the tree, no
 * other type. `row_id` is null where several rows could be meant, or where that row is in quarantine.
 */
export const mergeImpliedAncestors = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_alias ON COMMIT DROP AS
    SELECT i.id AS implied_id, CASE WHEN count(*) = 1 THEN min(c.row_id) END AS row_id, count(*) > 1 AS ambiguous,
      min(c.line) AS line
    FROM import_row i
    JOIN (
      SELECT r.id AS row_id, r.line, r.name, r.ancestor, r.type_number FROM import_row r
      WHERE NOT r.implied AND NOT EXISTS (SELECT FROM import_dropped d WHERE d.id = r.id)
        AND NOT EXISTS (SELECT FROM import_defect d WHERE d.row_id = r.id)
      UNION ALL
      SELECT NULL, d.line, d.name, d.ancestor, NULL FROM import_defect d WHERE d.name IS NOT NULL
    ) c ON c.name = i.name AND coalesce(c.ancestor, 0) = coalesce(i.ancestor, 0)
      AND (c.type_number = i.type_number OR c.type_number IS NULL OR i.type_number IS NULL)
    WHERE i.implied
    GROUP BY i.id`);

/** What becomes a unit, with its parent in the file. `orphan`: it names a parent that no row is. */
export const createNodes = async (tx: AccountTransaction): Promise<void> => {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_node ON COMMIT DROP AS
    SELECT r.id, r.line, r.implied, r.name,
      CASE WHEN r.ancestor IS NULL THEN p.id WHEN a.implied_id IS NULL THEN r.ancestor ELSE a.row_id END AS parent,
      (r.parent_reference IS NOT NULL AND p.id IS NULL) OR (a.implied_id IS NOT NULL AND a.row_id IS NULL) AS orphan
    FROM import_row r
    LEFT JOIN import_alias a ON a.implied_id = r.ancestor
    LEFT JOIN import_reference p ON p.reference = r.parent_reference AND p.times = 1
    WHERE NOT EXISTS (SELECT FROM import_dropped d WHERE d.id = r.id)
      AND NOT EXISTS (SELECT FROM import_defect d WHERE d.row_id = r.id)
      AND NOT EXISTS (SELECT FROM import_alias o WHERE o.implied_id = r.id)`);
  await tx.execute(tx.sql`ANALYZE import_node`);
};

/** Ancestors that only rows in quarantine name are not made; returns how many went. */
export const pruneAncestors = async (tx: AccountTransaction): Promise<number> => {
  let pruned = 0;
  for (;;) {
    const gone = await tx.execute(tx.sql`
      DELETE FROM import_node n WHERE n.implied AND NOT EXISTS (SELECT FROM import_node c WHERE c.parent = n.id)`);
    if (gone === 0) return pruned;
    pruned += gone;
  }
};
