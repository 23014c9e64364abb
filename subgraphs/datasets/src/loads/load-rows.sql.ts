/** Statements that write rows and what waits of them, many at a time. */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';

export interface WrittenRow {
  number: number;
  /** JSON text of an array. */
  values: string;
  /** JSON text of an array. */
  keys: string;
  /** JSON text of an object, or null. */
  written: string | null;
  unitId: string | null;
}

export const insertRows = (
  tx: AccountTransaction,
  datasetId: string,
  version: number,
  rows: readonly WrittenRow[],
) =>
  tx.execute(tx.sql`
    INSERT INTO datasets.row (account_id, dataset_id, version, number, values, keys, written, unit_id)
    SELECT ${tx.account}::uuid, ${datasetId}::uuid, ${version}::int, n.number, n.vals::jsonb, n.keys::jsonb,
      n.written::jsonb, n.unit_id
    FROM unnest(${rows.map(({ number }) => number)}::int[], ${rows.map((row) => row.values)}::text[],
        ${rows.map(({ keys }) => keys)}::text[], ${rows.map(({ written }) => written)}::text[],
        ${rows.map(({ unitId }) => unitId)}::uuid[]) AS n (number, vals, keys, written, unit_id)`);

export interface WaitingRow {
  number: number;
  /** By slot, as in the file. */
  cells: readonly string[];
  defects: readonly RowDefect[];
}

export interface RowDefect {
  slot: number;
  value: string | null;
  reason: string;
  message: string;
}

/** Puts rows into quarantine; a row that waits already gets its cells and defects anew. */
export async function saveWaiting(
  tx: AccountTransaction,
  datasetId: string,
  version: number,
  rows: readonly WaitingRow[],
): Promise<void> {
  await tx.execute(tx.sql`
    INSERT INTO datasets.quarantined_row (account_id, dataset_id, version, number, cells)
    SELECT ${tx.account}::uuid, ${datasetId}::uuid, ${version}::int, n.number, n.cells::jsonb
    FROM unnest(${rows.map(({ number }) => number)}::int[],
        ${rows.map(({ cells }) => JSON.stringify(cells))}::text[]) AS n (number, cells)
    ON CONFLICT (account_id, dataset_id, version, number) DO UPDATE SET cells = excluded.cells`);
  await tx.execute(tx.sql`
    DELETE FROM datasets.defect x
    WHERE x.account_id = ${tx.account} AND x.dataset_id = ${datasetId} AND x.version = ${version}
      AND x.number = ANY(${rows.map(({ number }) => number)}::int[])`);
  const defects = rows.flatMap(({ number, defects }) => defects.map((defect) => ({ number, ...defect })));
  await tx.execute(tx.sql`
    INSERT INTO datasets.defect (account_id, dataset_id, version, number, slot, value, reason, message)
    SELECT ${tx.account}::uuid, ${datasetId}::uuid, ${version}::int, n.number, n.slot, n.value, n.reason, n.message
    FROM unnest(${defects.map(({ number }) => number)}::int[], ${defects.map(({ slot }) => slot)}::int[],
        ${defects.map(({ value }) => value)}::text[], ${defects.map(({ reason }) => reason)}::text[],
        ${defects.map(({ message }) => message)}::text[]) AS n (number, slot, value, reason, message)`);
}

/** Takes rows out of quarantine, with their defects. */
export const releaseWaiting = (
  tx: AccountTransaction,
  datasetId: string,
  version: number,
  numbers: readonly number[],
) =>
  tx.execute(tx.sql`
    DELETE FROM datasets.quarantined_row q
    WHERE q.account_id = ${tx.account} AND q.dataset_id = ${datasetId} AND q.version = ${version}
      AND q.number = ANY(${numbers}::int[])`);

/** Waiting rows after a number, in order; with `numbers`, only those. */
export const waitingRows = (
  db: AccountDatabase,
  datasetId: string,
  version: number,
  after: number,
  limit: number,
  numbers: readonly number[] | null = null,
) =>
  db.rows<{ number: number; cells: string[] }>(db.sql`
    SELECT q.number, q.cells FROM datasets.quarantined_row q
    WHERE q.account_id = ${db.account} AND q.dataset_id = ${datasetId} AND q.version = ${version}
      AND q.number > ${after} ${numbers === null ? db.sql`` : db.sql`AND q.number = ANY(${numbers}::int[])`}
    ORDER BY q.number LIMIT ${limit}`);

export const unitDecisions = (db: AccountDatabase, datasetId: string) =>
  db.rows<{ valueKey: string; unitId: string }>(db.sql`
    SELECT u.value_key AS "valueKey", u.org_unit_id AS "unitId" FROM datasets.unit_decision u
    WHERE u.account_id = ${db.account} AND u.dataset_id = ${datasetId}`);

export const saveDecision = (
  tx: AccountTransaction,
  decision: { datasetId: string; valueKey: string; value: string; unitId: string },
) =>
  tx.execute(tx.sql`
    INSERT INTO datasets.unit_decision (account_id, dataset_id, value_key, value, org_unit_id)
    VALUES (${tx.account}, ${decision.datasetId}, ${decision.valueKey}, ${decision.value}, ${decision.unitId})
    ON CONFLICT (account_id, dataset_id, value_key) DO UPDATE
      SET value = excluded.value, org_unit_id = excluded.org_unit_id, decided_at = now()`);
