/** Org units as georegistry's contract view shows them: each in the version of its source that is current. */
import type { AccountDatabase } from '@iroko/database';
import { inReach, unitReach } from '@iroko/viewer';

export interface CurrentUnit {
  id: string;
  sourceId: string;
  /** The number of the source's current version. */
  version: number;
  status: 'NEW' | 'VALID' | 'REJECTED';
}

/**
 * Units of released versions only: a draft can be discarded, and a submission keeps its unit and version for good.
 * One beyond the scope of the handle is none.
 */
export const currentUnit = async (db: AccountDatabase, id: string) =>
  db.maybe<CurrentUnit>(db.sql`
    SELECT u.unit_id AS id, u.data_source_id AS "sourceId", u.version_number AS "version", u.status
    FROM georegistry.current_org_unit u
    WHERE u.account_id = ${db.account} AND u.unit_id = ${id} AND u.released
      AND ${inReach(db, db.sql`u.unit_id`, await unitReach(db))}`);
