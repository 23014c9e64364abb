/**
 * Writes the changes into the draft. States and paths go in one statement, because the database checks the tree at the
 * end of each statement: between two of them it would be no tree.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import type { ImportMapping } from '../mapping';
import type { Scope } from '../matching/existing.sql';
import type { ReplacedKinds } from './changes.sql';
import { type ContentColumn, contentColumns, keyColumns } from './content.sql';

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

/** `s` is the state that is replaced; where none is, looking for it would cost. */
const rowsOfChanges = (tx: AccountTransaction, hasStates: boolean): Statement => tx.sql`
  FROM import_change c
  JOIN import_row r ON r.id = c.id
  LEFT JOIN import_type k ON k.number = r.type_number
  ${
    hasStates
      ? tx.sql`LEFT JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.ctid = c.state_at`
      : tx.sql.raw(`CROSS JOIN (SELECT NULL::uuid AS type_id, NULL::float8 AS longitude, NULL::float8 AS latitude,
          NULL::float8 AS altitude, NULL::date AS opening_date, NULL::date AS closed_date, NULL::text AS status,
          NULL::text AS code, NULL::text[] AS aliases, NULL::uuid[] AS group_ids, NULL::bytea AS shape_hash,
          NULL::jsonb AS attributes, NULL::text AS search_key, NULL::integer AS revision) s`)
  }
  CROSS JOIN LATERAL (SELECT c.parent_unit_id AS unit_id) q`;

/** What is there and goes, or is written over where it began in this draft. */
const replacing = (
  tx: AccountTransaction,
  { draft }: DraftScope,
  columns: ContentColumn[],
  kinds: ReplacedKinds,
): Statement[] => {
  const part = (isNeeded: boolean, statement: () => Statement) => (isNeeded ? [statement()] : []);
  const assigned = tx.sql.join(
    columns.map(({ column, value }) => tx.sql`${value} AS ${tx.sql.raw(column)}`),
    ', ',
  );
  return [
    part(
      kinds.closesStates,
      () => tx.sql`closed_states AS (
      UPDATE georegistry.org_unit_state t SET to_version = ${draft} FROM import_change c
      WHERE t.account_id = ${tx.account} AND t.ctid = c.state_at AND (c.writes_state OR c.is_removed)
        AND c.state_from < ${draft})`,
    ),
    part(
      kinds.deletesStates,
      () => tx.sql`deleted_states AS (
      DELETE FROM georegistry.org_unit_state t USING import_change c
      WHERE t.account_id = ${tx.account} AND t.ctid = c.state_at AND c.is_removed AND c.state_from = ${draft})`,
    ),
    part(
      kinds.editsStates,
      () => tx.sql`edited AS (
      SELECT c.state_at, ${assigned} ${rowsOfChanges(tx, true)} WHERE c.writes_state AND c.state_from = ${draft}
    ), edited_states AS (
      UPDATE georegistry.org_unit_state t
      SET (written_at, ${namesOf(tx, columns)}) = ROW (now(), ${namesOf(tx, columns, 'e.')})
      FROM edited e WHERE t.account_id = ${tx.account} AND t.ctid = e.state_at)`,
    ),
    part(
      kinds.closesPaths,
      () => tx.sql`closed_paths AS (
      UPDATE georegistry.org_unit_path t SET to_version = ${draft} FROM import_change c
      WHERE t.account_id = ${tx.account} AND t.ctid = c.path_at AND (c.writes_path OR c.is_removed)
        AND c.path_from < ${draft})`,
    ),
    part(
      kinds.deletesPaths,
      () => tx.sql`deleted_paths AS (
      DELETE FROM georegistry.org_unit_path t USING import_change c
      WHERE t.account_id = ${tx.account} AND t.ctid = c.path_at AND c.is_removed AND c.path_from = ${draft})`,
    ),
    part(
      kinds.editsPaths,
      () => tx.sql`edited_paths AS (
      UPDATE georegistry.org_unit_path t SET path = c.path FROM import_change c
      WHERE t.account_id = ${tx.account} AND t.ctid = c.path_at AND c.writes_path AND c.path_from = ${draft})`,
    ),
  ].flat();
};

const namesOf = (tx: AccountTransaction, columns: ContentColumn[], before = ''): Statement =>
  tx.sql.raw(columns.map(({ column }) => `${before}${column}`).join(', '));

/** A unit that comes back goes on counting where it stopped. */
const revisionColumn = (tx: AccountTransaction, hasStates: boolean, returns: boolean): ContentColumn => {
  const last = returns
    ? tx.sql`(SELECT max(x.revision) FROM georegistry.org_unit_state x
        WHERE x.account_id = ${tx.account} AND x.unit_id = c.unit_id)`
    : tx.sql`0`;
  return {
    column: 'revision',
    value: hasStates || returns ? tx.sql`1 + coalesce(s.revision, ${last}, 0)` : tx.sql`1`,
  };
};

/** Closes, edits and deletes what changed, and inserts what is new, states and paths together. */
export const writeChanges = (
  tx: AccountTransaction,
  scope: DraftScope,
  mapping: ImportMapping,
  kinds: ReplacedKinds,
) => {
  const { dataSourceId, draft } = scope;
  const hasStates = kinds.closesStates || kinds.editsStates;
  const columns = [
    ...contentColumns(tx, mapping),
    ...keyColumns(tx, mapping),
    revisionColumn(tx, hasStates, kinds.returns),
  ];
  const values = tx.sql.join(
    columns.map(({ value }) => value),
    ', ',
  );
  const parts = [
    ...replacing(tx, scope, columns, kinds),
    tx.sql`new_paths AS (
      INSERT INTO georegistry.org_unit_path (account_id, data_source_id, unit_id, from_version, path)
      SELECT ${tx.account}::uuid, ${dataSourceId}::uuid, c.unit_id, ${draft}, c.path FROM import_change c
      WHERE c.writes_path AND NOT c.is_removed AND (c.path_from IS NULL OR c.path_from < ${draft})
      ORDER BY c.path)`,
  ];
  return tx.execute(tx.sql`
    WITH ${tx.sql.join(parts, ', ')}
    INSERT INTO georegistry.org_unit_state (account_id, data_source_id, unit_id, from_version, ${namesOf(tx, columns)})
    SELECT ${tx.account}::uuid, ${dataSourceId}::uuid, c.unit_id, ${draft}, ${values}
    ${rowsOfChanges(tx, hasStates)}
    WHERE c.writes_state AND NOT c.is_removed AND (c.state_from IS NULL OR c.state_from < ${draft})
    ORDER BY c.path`);
};
