/**
 * Waiting rows tried again: after a person corrected cells, said which unit a value means, or the unit came in.
 * A row that is whole now lands under its number in the current version; the others stay with what is still wrong.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import { type DatasetRecord, datasetVersion, type VersionRecord } from '../datasets/dataset.sql';
import { buildRow, type RowRules } from '../loads/build-row';
import {
  insertRows,
  releaseWaiting,
  saveWaiting,
  unitDecisions,
  type WaitingRow,
  type WrittenRow,
} from '../loads/load-rows.sql';
import { resolveUnits } from '../units/resolve-units';

export interface Tried {
  landed: number[];
  waiting: WaitingRow[];
}

export interface CellsOfRow {
  number: number;
  /** By slot. */
  cells: readonly string[];
}

/** The version whose rows wait; undefined before the first file has landed. */
export async function currentVersion(
  db: AccountDatabase,
  dataset: DatasetRecord,
): Promise<VersionRecord | undefined> {
  return dataset.currentVersion === null ? undefined : datasetVersion(db, dataset.id, dataset.currentVersion);
}

/** Tries these rows; the dataset must be locked in the transaction. */
export async function tryRows(
  tx: AccountTransaction,
  dataset: DatasetRecord,
  version: VersionRecord,
  rows: readonly CellsOfRow[],
): Promise<Tried> {
  const rules = await rulesFor(tx, dataset, version, rows);
  const landed: WrittenRow[] = [];
  const waiting: WaitingRow[] = [];
  for (const { number, cells } of rows) {
    const built = buildRow(number, cells, rules);
    if ('landed' in built) landed.push(built.landed);
    else waiting.push(built.waiting);
  }
  const numbers = landed.map(({ number }) => number);
  if (landed.length > 0) {
    await releaseWaiting(tx, dataset.id, version.number, numbers);
    await insertRows(tx, dataset.id, version.number, landed);
  }
  if (waiting.length > 0) await saveWaiting(tx, dataset.id, version.number, waiting);
  return { landed: numbers, waiting };
}

async function rulesFor(
  tx: AccountTransaction,
  dataset: DatasetRecord,
  { fields, reading }: VersionRecord,
  rows: readonly CellsOfRow[],
): Promise<RowRules> {
  const slot = fields.find(({ isUnit }) => isUnit)?.slot;
  if (dataset.unitBy === null || slot === undefined) {
    return { fields, habits: reading, unitBy: null, resolutions: new Map() };
  }
  const decisions = await unitDecisions(tx, dataset.id);
  const decided = new Map(decisions.map(({ valueKey, unitId }) => [valueKey, unitId]));
  const column = { by: dataset.unitBy, dataSourceId: dataset.unitSourceId };
  const values = rows.map(({ cells }) => cells[slot] ?? '').filter((value) => value.trim() !== '');
  const resolutions = await resolveUnits(tx, column, values, decided);
  return { fields, habits: reading, unitBy: dataset.unitBy, resolutions };
}
