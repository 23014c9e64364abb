/** Writes `draft_unit` and `draft_path` into the draft, in one statement: between two of them it would be no tree. */
import type { AccountTransaction } from '@iroko/database';
import { CONTENT_COLUMNS } from './draft-unit.sql';

export const insertNewUnits = (tx: AccountTransaction, dataSourceId: string) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.org_unit (account_id, id, data_source_id, number, reference, reference_generated)
    SELECT ${tx.account}::uuid, d.unit_id, ${dataSourceId}::uuid, d.number, d.reference, d.reference_generated
    FROM draft_unit d WHERE d.is_new ORDER BY d.number`);

const columns = [...CONTENT_COLUMNS, 'name_key', 'search_key', 'revision'];

export const writeDraft = (tx: AccountTransaction, dataSourceId: string, draft: number) => {
  const names = (alias = '') => tx.sql.raw(columns.map((column) => `${alias}${column}`).join(', '));
  return tx.execute(tx.sql`
    WITH closed_states AS (
      UPDATE georegistry.org_unit_state t SET to_version = ${draft} FROM draft_unit d
      WHERE t.account_id = ${tx.account} AND t.ctid = d.state_at AND d.state_from < ${draft}
    ), deleted_states AS (
      DELETE FROM georegistry.org_unit_state t USING draft_unit d
      WHERE t.account_id = ${tx.account} AND t.ctid = d.state_at AND d.is_removed AND d.state_from = ${draft}
    ), edited_states AS (
      UPDATE georegistry.org_unit_state t SET (written_at, ${names()}) = ROW (now(), ${names('d.')})
      FROM draft_unit d
      WHERE t.account_id = ${tx.account} AND t.ctid = d.state_at AND NOT d.is_removed AND d.state_from = ${draft}
    ), closed_paths AS (
      UPDATE georegistry.org_unit_path t SET to_version = ${draft} FROM draft_path p
      WHERE t.account_id = ${tx.account} AND t.ctid = p.path_at AND p.path_from < ${draft}
    ), deleted_paths AS (
      DELETE FROM georegistry.org_unit_path t USING draft_path p
      WHERE t.account_id = ${tx.account} AND t.ctid = p.path_at AND p.path IS NULL AND p.path_from = ${draft}
    ), edited_paths AS (
      UPDATE georegistry.org_unit_path t SET path = p.path FROM draft_path p
      WHERE t.account_id = ${tx.account} AND t.ctid = p.path_at AND p.path IS NOT NULL AND p.path_from = ${draft}
    ), new_paths AS (
      INSERT INTO georegistry.org_unit_path (account_id, data_source_id, unit_id, from_version, path)
      SELECT ${tx.account}::uuid, ${dataSourceId}::uuid, p.unit_id, ${draft}, p.path FROM draft_path p
      WHERE p.path IS NOT NULL AND (p.path_from IS NULL OR p.path_from < ${draft})
      ORDER BY p.path
    )
    INSERT INTO georegistry.org_unit_state (account_id, data_source_id, unit_id, from_version, ${names()})
    SELECT ${tx.account}::uuid, ${dataSourceId}::uuid, d.unit_id, ${draft}, ${names('d.')}
    FROM draft_unit d
    WHERE NOT d.is_removed AND (d.state_from IS NULL OR d.state_from < ${draft})`);
};

export const countDraftUnits = (tx: AccountTransaction) =>
  tx.one<{ added: number; changed: number; removed: number }>(tx.sql`
    SELECT count(*) FILTER (WHERE NOT d.is_removed AND d.state_from IS NULL) AS added,
      count(*) FILTER (WHERE NOT d.is_removed AND d.state_from IS NOT NULL) AS changed,
      count(*) FILTER (WHERE d.is_removed) AS removed
    FROM draft_unit d`);
