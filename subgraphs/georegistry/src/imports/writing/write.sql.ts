/**
 * Writes the changes into the draft. States and paths go in one statement, because the database checks the tree at the
 * end of each statement: between two of them it would be no tree.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import type { ImportMapping } from '../mapping';
import type { Scope } from '../matching/existing.sql';
import { contentColumns, keyColumns } from './content.sql';

export interface DraftScope extends Scope {
  /** The draft's number. */
  draft: number;
}

/** The units themselves. A reference of the file takes the place of a generated one, or of that of an earlier file. */
export const insertUnits = async (tx: AccountTransaction, scope: Scope): Promise<void> => {
  await tx.execute(tx.sql`
    UPDATE georegistry.org_unit u SET reference = r.reference, reference_generated = false
    FROM import_placed f JOIN import_row r ON r.id = f.id
    WHERE f.pass > 1 AND r.reference IS NOT NULL AND u.account_id = ${tx.account} AND u.id = f.unit_id
      AND u.reference <> r.reference`);
  await tx.execute(tx.sql`
    INSERT INTO georegistry.org_unit (account_id, id, data_source_id, number, reference, reference_generated)
    SELECT ${tx.account}::uuid, f.unit_id, ${scope.dataSourceId}::uuid, f.number,
      coalesce(r.reference, f.unit_id::text), r.reference IS NULL
    FROM import_placed f LEFT JOIN import_row r ON r.id = f.id
    WHERE f.is_new ORDER BY f.path`);
};

export const takeNumbers = (tx: AccountTransaction, scope: Scope, next: number) =>
  tx.execute(tx.sql`
    UPDATE georegistry.data_source d SET next_unit_number = ${next}
    WHERE d.account_id = ${tx.account} AND d.id = ${scope.dataSourceId}`);

const rowsOfChanges = (tx: AccountTransaction): Statement => tx.sql`
  FROM import_change c
  JOIN import_row r ON r.id = c.id
  LEFT JOIN import_type k ON k.number = r.type_number
  LEFT JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = c.unit_id
    AND s.from_version = c.state_from
  CROSS JOIN LATERAL (SELECT c.parent_unit_id AS unit_id) q`;

/** Closes, edits and deletes what changed, and inserts what is new, states and paths together. */
export const writeChanges = (
  tx: AccountTransaction,
  { dataSourceId, draft }: DraftScope,
  mapping: ImportMapping,
) => {
  const columns = [...contentColumns(tx, mapping), ...keyColumns(tx, mapping)];
  const names = tx.sql.raw(columns.map(({ column }) => column).join(', '));
  const values = tx.sql.join(
    columns.map(({ value }) => value),
    ', ',
  );
  const revision = tx.sql`CASE WHEN c.is_new AND NOT EXISTS (SELECT FROM import_match m WHERE m.id = c.id) THEN 1
    ELSE 1 + coalesce(s.revision, (SELECT max(x.revision) FROM georegistry.org_unit_state x
      WHERE x.account_id = ${tx.account} AND x.unit_id = c.unit_id), 0) END`;
  return tx.execute(tx.sql`
    WITH closed_states AS (
      UPDATE georegistry.org_unit_state t SET to_version = ${draft} FROM import_change c
      WHERE t.account_id = ${tx.account} AND t.unit_id = c.unit_id AND t.from_version = c.state_from
        AND (c.writes_state OR c.is_removed) AND c.state_from < ${draft}
    ), deleted_states AS (
      DELETE FROM georegistry.org_unit_state t USING import_change c
      WHERE t.account_id = ${tx.account} AND t.unit_id = c.unit_id AND t.from_version = c.state_from
        AND c.is_removed AND c.state_from = ${draft}
    ), edited AS (
      SELECT c.unit_id AS edited_unit_id, ${revision} AS revision, ${named(tx, columns)}
      ${rowsOfChanges(tx)} WHERE c.writes_state AND c.state_from = ${draft}
    ), edited_states AS (
      UPDATE georegistry.org_unit_state t
      SET (revision, written_at, ${names}) = (SELECT e.revision, now(), ${tx.sql.raw(columns.map(({ column }) => `e.${column}`).join(', '))})
      FROM edited e
      WHERE t.account_id = ${tx.account} AND t.unit_id = e.edited_unit_id AND t.from_version = ${draft}
    ), closed_paths AS (
      UPDATE georegistry.org_unit_path t SET to_version = ${draft} FROM import_change c
      WHERE t.account_id = ${tx.account} AND t.unit_id = c.unit_id AND t.from_version = c.path_from
        AND (c.writes_path OR c.is_removed) AND c.path_from < ${draft}
    ), deleted_paths AS (
      DELETE FROM georegistry.org_unit_path t USING import_change c
      WHERE t.account_id = ${tx.account} AND t.unit_id = c.unit_id AND t.from_version = c.path_from
        AND c.is_removed AND c.path_from = ${draft}
    ), edited_paths AS (
      UPDATE georegistry.org_unit_path t SET path = c.path FROM import_change c
      WHERE t.account_id = ${tx.account} AND t.unit_id = c.unit_id AND t.from_version = ${draft}
        AND c.writes_path AND c.path_from = ${draft}
    ), new_paths AS (
      INSERT INTO georegistry.org_unit_path (account_id, data_source_id, unit_id, from_version, path)
      SELECT ${tx.account}::uuid, ${dataSourceId}::uuid, c.unit_id, ${draft}, c.path FROM import_change c
      WHERE c.writes_path AND NOT c.is_removed AND (c.path_from IS NULL OR c.path_from < ${draft})
      ORDER BY c.path
    )
    INSERT INTO georegistry.org_unit_state (account_id, data_source_id, unit_id, from_version, revision, ${names})
    SELECT ${tx.account}::uuid, ${dataSourceId}::uuid, c.unit_id, ${draft}, ${revision}, ${values}
    ${rowsOfChanges(tx)}
    WHERE c.writes_state AND NOT c.is_removed AND (c.state_from IS NULL OR c.state_from < ${draft})
    ORDER BY c.path`);
};

function named(tx: AccountTransaction, columns: { column: string; value: Statement }[]): Statement {
  return tx.sql.join(
    columns.map(({ column, value }) => tx.sql`${value} AS ${tx.sql.raw(column)}`),
    ', ',
  );
}
