/** Statements on the rows of a dataset that wait. */
import type { AccountDatabase } from '@iroko/database';

export interface DefectRecord {
  number: number;
  slot: number;
  value: string | null;
  reason: string;
  message: string;
}

export const defectsOfRows = (
  db: AccountDatabase,
  datasetId: string,
  version: number,
  numbers: readonly number[],
) =>
  db.rows<DefectRecord>(db.sql`
    SELECT x.number, x.slot, x.value, x.reason, x.message FROM datasets.defect x
    WHERE x.account_id = ${db.account} AND x.dataset_id = ${datasetId} AND x.version = ${version}
      AND x.number = ANY(${numbers}::int[])
    ORDER BY x.number, x.slot`);

export const countWaiting = async (
  db: AccountDatabase,
  datasetId: string,
  version: number,
): Promise<number> =>
  (
    await db.one<{ count: number }>(db.sql`
      SELECT count(*) AS count FROM datasets.quarantined_row q
      WHERE q.account_id = ${db.account} AND q.dataset_id = ${datasetId} AND q.version = ${version}`)
  ).count;

export interface UnresolvedValue {
  value: string;
  reason: string;
  message: string;
  rowCount: number;
}

/** The different values of the unit column that were not understood, in the order of the values. */
export const unresolvedUnits = (
  db: AccountDatabase,
  datasetId: string,
  version: number,
  after: string | null,
  limit: number,
) =>
  db.rows<UnresolvedValue>(db.sql`
    SELECT x.value, min(x.reason) AS reason, min(x.message) AS message, count(*) AS "rowCount"
    FROM datasets.defect x
    WHERE x.account_id = ${db.account} AND x.dataset_id = ${datasetId} AND x.version = ${version}
      AND x.reason IN ('UNIT_NOT_FOUND', 'UNIT_AMBIGUOUS') AND x.value IS NOT NULL
      ${after === null ? db.sql`` : db.sql`AND x.value COLLATE "C" > ${after}`}
    GROUP BY x.value ORDER BY x.value COLLATE "C" LIMIT ${limit}`);
