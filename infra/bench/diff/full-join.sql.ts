/** The baseline: both versions read whole and joined, every column compared; the first page of what differs. */
import type { AccountDatabase, Statement } from '@iroko/database';

export interface JoinedRow {
  reference: string;
  nameBefore: string | null;
  nameAfter: string | null;
}

export const fullJoinPage = (db: AccountDatabase, sourceId: string, limit: number) =>
  db.rows<JoinedRow>(db.sql`
    SELECT u.reference, b.name AS "nameBefore", a.name AS "nameAfter"
    FROM (${statesIn(db, sourceId, 1)}) b
    FULL JOIN (${statesIn(db, sourceId, 2)}) a ON a.unit_id = b.unit_id
    JOIN georegistry.org_unit u ON u.account_id = ${db.account} AND u.id = coalesce(b.unit_id, a.unit_id)
    WHERE (b.name, b.aliases, b.code, b.type_id, b.parent_id, b.status, b.opening_date, b.closed_date, b.longitude,
        b.latitude, b.altitude, b.shape_hash, b.group_ids, b.attributes)
      IS DISTINCT FROM (a.name, a.aliases, a.code, a.type_id, a.parent_id, a.status, a.opening_date, a.closed_date,
        a.longitude, a.latitude, a.altitude, a.shape_hash, a.group_ids, a.attributes)
    ORDER BY coalesce(b.unit_id, a.unit_id) LIMIT ${limit}`);

const statesIn = (db: AccountDatabase, sourceId: string, version: number): Statement => db.sql`
  SELECT s.* FROM georegistry.org_unit_state s
  WHERE s.account_id = ${db.account} AND s.data_source_id = ${sourceId}
    AND s.from_version <= ${version} AND (s.to_version IS NULL OR s.to_version > ${version})`;
