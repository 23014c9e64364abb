/** Rows of georegistry for tests, written directly. */
import type { AccountTransaction } from '@iroko/database';

export const insertSource = (tx: AccountTransaction, source: { id: string; name: string }) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.data_source (account_id, id, name, name_key)
    VALUES (${tx.account}, ${source.id}, ${source.name}, ${source.name})`);

export const insertDraft = (tx: AccountTransaction, draft: { id: string; dataSourceId: string }) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.source_version (account_id, id, data_source_id, number)
    VALUES (${tx.account}, ${draft.id}, ${draft.dataSourceId}, 1)`);

export const releaseDraft = (tx: AccountTransaction, dataSourceId: string) =>
  tx.execute(tx.sql`
    UPDATE georegistry.source_version v SET status = 'RELEASED', released_at = now()
    WHERE v.account_id = ${tx.account} AND v.data_source_id = ${dataSourceId} AND v.status = 'DRAFT'`);

export interface UnitInsert {
  id: string;
  dataSourceId: string;
  number: number;
  name: string;
}

/** A root; path and state in one statement, since each is checked against the other. */
export async function insertUnit(tx: AccountTransaction, unit: UnitInsert): Promise<void> {
  await tx.execute(tx.sql`
    INSERT INTO georegistry.org_unit (account_id, id, data_source_id, number, reference)
    VALUES (${tx.account}, ${unit.id}, ${unit.dataSourceId}, ${unit.number}, ${`ref-${unit.number}`})`);
  await tx.execute(tx.sql`
    WITH path AS (
      INSERT INTO georegistry.org_unit_path (account_id, data_source_id, unit_id, from_version, path)
      VALUES (${tx.account}, ${unit.dataSourceId}, ${unit.id}, 1, int4send(${unit.number}::int))
    )
    INSERT INTO georegistry.org_unit_state
      (account_id, data_source_id, unit_id, from_version, status, name, name_key, search_key, code)
    VALUES (${tx.account}, ${unit.dataSourceId}, ${unit.id}, 1, 'VALID', ${unit.name}, ${unit.name}, ${unit.name},
      ${`C${unit.number}`})`);
}
