/**
 * Org units as georegistry's contract view shows them, found by what a file calls them. Released versions only: a
 * draft can be discarded, and rows keep their units.
 */
import type { AccountDatabase } from '@iroko/database';

export interface FoundUnit {
  /** The value it was found by. */
  value: string;
  unitId: string;
}

export const unitsByReference = (db: AccountDatabase, sourceId: string, references: readonly string[]) =>
  db.rows<FoundUnit>(db.sql`
    SELECT u.reference AS value, u.unit_id AS "unitId"
    FROM georegistry.current_org_unit u
    WHERE u.account_id = ${db.account} AND u.data_source_id = ${sourceId} AND u.released
      AND u.status <> 'REJECTED' AND u.reference = ANY(${references}::text[])`);

export const unitsByCode = (db: AccountDatabase, sourceId: string, codes: readonly string[]) =>
  db.rows<FoundUnit>(db.sql`
    SELECT u.code AS value, u.unit_id AS "unitId"
    FROM georegistry.current_org_unit u
    WHERE u.account_id = ${db.account} AND u.data_source_id = ${sourceId} AND u.released
      AND u.status <> 'REJECTED' AND u.code = ANY(${codes}::text[])`);

export const unitsByName = (db: AccountDatabase, sourceId: string, nameKeys: readonly string[]) =>
  db.rows<FoundUnit>(db.sql`
    SELECT u.name_key AS value, u.unit_id AS "unitId"
    FROM georegistry.current_org_unit u
    WHERE u.account_id = ${db.account} AND u.data_source_id = ${sourceId} AND u.released
      AND u.status <> 'REJECTED' AND u.name_key = ANY(${nameKeys}::text[])`);

export const unitsById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<FoundUnit>(db.sql`
    SELECT u.unit_id::text AS value, u.unit_id AS "unitId"
    FROM georegistry.current_org_unit u
    WHERE u.account_id = ${db.account} AND u.released AND u.status <> 'REJECTED'
      AND u.unit_id = ANY(${ids}::uuid[])`);

/** Whether the source exists and has a released version: then its units can be found. */
export const sourceState = (db: AccountDatabase, sourceId: string) =>
  db.maybe<{ released: boolean }>(db.sql`
    SELECT v.released FROM georegistry.current_version v
    WHERE v.account_id = ${db.account} AND v.data_source_id = ${sourceId}`);
