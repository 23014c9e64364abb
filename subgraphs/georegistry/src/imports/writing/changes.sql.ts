/**
 * What the import changes in the draft: one narrow row per unit whose state or path is written, closed or deleted.
 *
 * Each carries where the rows lie that it replaces (ctid). They cannot move meanwhile, the draft is locked, and finding
 * them needs neither an index nor the planner's guess, which for tables filled a moment ago has cost minutes.
 */
import type { AccountTransaction } from '@iroko/database';
import type { ImportMapping } from '../mapping';
import type { Scope } from '../matching/existing.sql';
import { contentColumns } from './content.sql';

/** The tree with a unit for every node, in the order of paths: neighbours in the tree become neighbours on disk. */
export const createPlaced = async (tx: AccountTransaction): Promise<void> => {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_placed ON COMMIT DROP AS
    SELECT p.id, t.parent, t.kept, t.pass, t.number, t.unit_id IS NULL AS is_new,
      coalesce(t.unit_id, platform.uuid_v7()) AS unit_id, p.path
    FROM import_path p JOIN import_tree t ON t.id = p.id
    ORDER BY p.path`);
  await tx.execute(tx.sql`ANALYZE import_placed`);
};

export const createChanges = async (tx: AccountTransaction): Promise<void> => {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_change ON COMMIT DROP AS
    SELECT f.id, f.unit_id, q.unit_id AS parent_unit_id, f.path, NULL::integer AS state_from, NULL::integer AS path_from,
      NULL::tid AS state_at, NULL::tid AS path_at, true AS writes_state, true AS writes_path, true AS is_new, false AS is_removed, false AS is_moved
    FROM import_placed f
    LEFT JOIN import_placed q ON q.id = f.parent
    WHERE f.is_new`);
};

/** Units that are there and of which the file says something else. */
export const addChanged = (tx: AccountTransaction, mapping: ImportMapping) => {
  const columns = contentColumns(tx, mapping);
  const values = tx.sql.join(
    columns.map(({ value }) => value),
    ', ',
  );
  const stored = tx.sql.raw(columns.map(({ column }) => `s.${column}`).join(', '));
  return tx.execute(tx.sql`
    INSERT INTO import_change (id, unit_id, parent_unit_id, path, state_from, path_from, state_at,
      path_at, writes_state, writes_path, is_new, is_removed, is_moved)
    SELECT x.id, x.unit_id, x.parent_unit_id, x.path, x.state_from, x.path_from, x.state_at, x.path_at, x.writes_state, x.writes_path,
      x.state_from IS NULL, false, x.is_moved
    FROM (
      SELECT f.id, f.unit_id, q.unit_id AS parent_unit_id, f.path, s.from_version AS state_from,
        o.from_version AS path_from, s.ctid AS state_at, o.ctid AS path_at, o.path IS DISTINCT FROM f.path AS writes_path,
        s.unit_id IS NOT NULL AND s.parent_id IS DISTINCT FROM q.unit_id AS is_moved,
        NOT f.kept AND (s.unit_id IS NULL OR (${values}) IS DISTINCT FROM (${stored})
          OR (f.pass > 1 AND u.reference <> r.reference)) AS writes_state
      FROM import_placed f
      LEFT JOIN import_placed q ON q.id = f.parent
      LEFT JOIN import_row r ON r.id = f.id
      LEFT JOIN import_type k ON k.number = r.type_number
      LEFT JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = f.unit_id
        AND s.to_version IS NULL
      LEFT JOIN georegistry.org_unit_path o ON o.account_id = ${tx.account} AND o.unit_id = f.unit_id
        AND o.to_version IS NULL
      LEFT JOIN georegistry.org_unit u ON f.pass > 1 AND u.account_id = ${tx.account} AND u.id = f.unit_id
      WHERE NOT f.is_new
    ) x
    WHERE x.writes_state OR x.writes_path`);
};

/** Units that are there and neither in the file nor kept. */
export const addRemoved = (tx: AccountTransaction, scope: Scope) =>
  tx.execute(tx.sql`
    INSERT INTO import_change (unit_id, state_from, path_from, state_at, path_at, writes_state, writes_path, is_new,
      is_removed, is_moved)
    SELECT s.unit_id, s.from_version, o.from_version, s.ctid, o.ctid, false, false, false, true, false
    FROM georegistry.org_unit_state s
    JOIN georegistry.org_unit_path o ON o.account_id = ${tx.account} AND o.unit_id = s.unit_id AND o.to_version IS NULL
    WHERE s.account_id = ${tx.account} AND s.data_source_id = ${scope.dataSourceId} AND s.to_version IS NULL
      AND NOT EXISTS (SELECT FROM import_placed f WHERE f.unit_id = s.unit_id)`);

export interface ChangeCounts {
  added: number;
  changed: number;
  moved: number;
  removed: number;
  /** Units whose state stays and whose place in the tree changes, because something above them moved. */
  pathsOnly: number;
  /** Units that a row of the file is, changed or not. */
  landed: number;
  /** The greatest label of a new unit; null without new units. Labels of rows that went to quarantine stay unused. */
  lastNumber: number | null;
}

/** `moved` are among the changed ones. A unit that comes back after its removal is added. */
export const countChanges = (tx: AccountTransaction) =>
  tx.one<ChangeCounts>(tx.sql`
    SELECT count(*) FILTER (WHERE c.is_new) AS added,
      count(*) FILTER (WHERE c.writes_state AND NOT c.is_new) AS changed,
      count(*) FILTER (WHERE c.is_moved AND c.writes_state) AS moved,
      count(*) FILTER (WHERE c.is_removed) AS removed,
      count(*) FILTER (WHERE c.writes_path AND NOT c.writes_state) AS "pathsOnly",
      (SELECT count(*) FROM import_placed p WHERE NOT p.kept) AS landed,
      (SELECT max(p.number) FROM import_placed p WHERE p.is_new) AS "lastNumber"
    FROM import_change c`);

/** Rows of which one date is in the file and the other in the draft, and which would close before they open. */
export const reversedDates = (tx: AccountTransaction, mapping: ImportMapping) => {
  const columns = new Map(contentColumns(tx, mapping).map(({ column, value }) => [column, value]));
  const opening = columns.get('opening_date') ?? tx.sql`NULL::date`;
  const closed = columns.get('closed_date') ?? tx.sql`NULL::date`;
  return tx.rows<{ line: number }>(tx.sql`
    SELECT r.line FROM import_change c
    JOIN import_row r ON r.id = c.id
    JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = c.unit_id
      AND s.from_version = c.state_from
    WHERE c.writes_state AND (${closed}) <= (${opening})
    ORDER BY r.line LIMIT 5`);
};

/** What the draft holds of the units that change: each kind takes a statement part that the others can do without. */
export interface ReplacedKinds {
  /** States that began before the draft are closed. */
  closesStates: boolean;
  deletesStates: boolean;
  /** States that began in the draft are written over. */
  editsStates: boolean;
  closesPaths: boolean;
  deletesPaths: boolean;
  editsPaths: boolean;
  /** Units that no version held any more come back. */
  returns: boolean;
}

export const replacedKinds = (tx: AccountTransaction, draft: number) =>
  tx.one<ReplacedKinds>(tx.sql`
    SELECT coalesce(bool_or((c.writes_state OR c.is_removed) AND c.state_from < ${draft}), false) AS "closesStates",
      coalesce(bool_or(c.is_removed AND c.state_from = ${draft}), false) AS "deletesStates",
      coalesce(bool_or(c.writes_state AND c.state_from = ${draft}), false) AS "editsStates",
      coalesce(bool_or((c.writes_path OR c.is_removed) AND c.path_from < ${draft}), false) AS "closesPaths",
      coalesce(bool_or(c.is_removed AND c.path_from = ${draft}), false) AS "deletesPaths",
      coalesce(bool_or(c.writes_path AND c.path_from = ${draft}), false) AS "editsPaths",
      coalesce(bool_or(c.is_new AND EXISTS (SELECT FROM import_match m WHERE m.id = c.id)), false) AS "returns"
    FROM import_change c`);
