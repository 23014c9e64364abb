/** The tree as it stands in the draft, and which of its units the rows of a file are. */
import type { AccountTransaction, Statement } from '@iroko/database';

export interface Scope {
  dataSourceId: string;
}

/**
 * The chain of names from the root down, as a digest: what identifies a place by default. The same on both sides.
 */
const chain = (tx: AccountTransaction, above: string, name: string): Statement =>
  tx.sql.raw(`md5(coalesce(${above}::text, '') || E'\\x1f' || ${name})::uuid`);

/**
 * One-to-one: every pass pairs what the passes before it left, each side once. No keys hold it, because keeping two of
 * them for a million rows took longer than the matching; a test does.
 */
export const createMatches = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_match (id integer NOT NULL, unit_id uuid NOT NULL, pass smallint NOT NULL)
    ON COMMIT DROP`);

/** Units that rows in quarantine seem to be. */
export const createDefectUnits = (tx: AccountTransaction) =>
  tx.execute(tx.sql`CREATE TEMPORARY TABLE import_defect_unit (unit_id uuid NOT NULL) ON COMMIT DROP`);

/** By the names from the root down: of rows without a reference nothing else is known for sure. */
export const findDefectUnits = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    INSERT INTO import_defect_unit (unit_id)
    SELECT e.unit_id
    FROM import_defect d
    LEFT JOIN import_chain c ON c.id = d.ancestor
    JOIN import_existing e ON e.chain = ${chain(tx, 'c.chain', 'd.name')}
    WHERE d.name IS NOT NULL AND (d.ancestor IS NULL) = (c.id IS NULL)`);

/** Whether the source has or ever had a unit. */
export const hasUnits = async (tx: AccountTransaction, scope: Scope): Promise<boolean> =>
  (await tx.maybe(tx.sql`
    SELECT 1 FROM georegistry.org_unit u
    WHERE u.account_id = ${tx.account} AND u.data_source_id = ${scope.dataSourceId} LIMIT 1`)) !== undefined;

/** Pass 1, also with units that no version holds any more: a place that comes back is the same place. */
export const matchReferences = async (tx: AccountTransaction, scope: Scope): Promise<void> => {
  await tx.execute(tx.sql`
    INSERT INTO import_match (id, unit_id, pass)
    SELECT n.id, u.id, 1
    FROM import_reference f
    JOIN import_node n ON n.id = f.id
    JOIN georegistry.org_unit u ON u.account_id = ${tx.account} AND u.data_source_id = ${scope.dataSourceId}
      AND u.reference = f.reference
    WHERE f.times = 1`);
  await tx.execute(tx.sql`ANALYZE import_match`);
};

/** Units of the open tree that pass 1 left; with their parents, since identity goes down from the root. */
export const countLeft = (tx: AccountTransaction, scope: Scope) =>
  tx.one<{ rows: number; units: number }>(tx.sql`
    SELECT (SELECT count(*) FROM import_node n WHERE NOT EXISTS (SELECT FROM import_match m WHERE m.id = n.id)) AS rows,
      (SELECT count(*) FROM georegistry.org_unit_state s
        WHERE s.account_id = ${tx.account} AND s.data_source_id = ${scope.dataSourceId} AND s.to_version IS NULL
          AND NOT EXISTS (SELECT FROM import_match m WHERE m.unit_id = s.unit_id)) AS units`);

export const chainExisting = async (tx: AccountTransaction, scope: Scope): Promise<void> => {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_existing ON COMMIT DROP AS
    WITH RECURSIVE open AS MATERIALIZED (
      SELECT s.unit_id, s.parent_id, s.name FROM georegistry.org_unit_state s
      WHERE s.account_id = ${tx.account} AND s.data_source_id = ${scope.dataSourceId} AND s.to_version IS NULL
    ), tree AS (
      SELECT o.unit_id, ${chain(tx, 'NULL', 'o.name')} AS chain, ARRAY[o.name] AS names
      FROM open o WHERE o.parent_id IS NULL
      UNION ALL
      SELECT o.unit_id, ${chain(tx, 't.chain', 'o.name')}, t.names || o.name
      FROM tree t JOIN open o ON o.parent_id = t.unit_id
    )
    SELECT t.unit_id, t.chain, t.names FROM tree t`);
  await tx.execute(tx.sql`ANALYZE import_existing`);
};

export const chainRows = async (tx: AccountTransaction): Promise<void> => {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_chain ON COMMIT DROP AS
    WITH RECURSIVE tree AS (
      SELECT n.id, ${chain(tx, 'NULL', 'n.name')} AS chain FROM import_node n WHERE n.parent IS NULL AND NOT n.orphan
      UNION ALL
      SELECT n.id, ${chain(tx, 't.chain', 'n.name')} FROM tree t JOIN import_node n ON n.parent = t.id
    )
    SELECT t.id, t.chain FROM tree t`);
  await tx.execute(tx.sql`ANALYZE import_chain`);
};
