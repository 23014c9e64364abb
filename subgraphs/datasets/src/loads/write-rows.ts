/** Writes the rows of a table, good and waiting ones, batch by batch: memory does not grow with the table. */
import type { AccountTransaction } from '@iroko/database';
import type { TableRow } from '@iroko/tabular';
import type { OpenTable } from '../source-files/open-table';
import { buildRow, type RowRules } from './build-row';
import { insertRows, saveWaiting, type WaitingRow, type WrittenRow } from './load-rows.sql';

const BATCH = 1000;

export interface RowTarget {
  datasetId: string;
  version: number;
  table: OpenTable;
  /** By slot: the index of the column in the file. */
  columns: readonly number[];
  rules: RowRules;
}

export interface RowCounts {
  rows: number;
  quarantined: number;
}

export async function writeRows(
  tx: AccountTransaction,
  { datasetId, version, table, columns, rules }: RowTarget,
  onBatch: (done: number) => Promise<void>,
): Promise<RowCounts> {
  const counts: RowCounts = { rows: 0, quarantined: 0 };
  for await (const batch of inBatches(table.rows())) {
    const landed: WrittenRow[] = [];
    const waiting: WaitingRow[] = [];
    for (const { line, cells } of batch) {
      const bySlot = columns.map((index) => cells[index] ?? '');
      const built = buildRow(line, [...bySlot, ...cells.slice(table.headings.length)], rules);
      if ('landed' in built) landed.push(built.landed);
      else waiting.push(built.waiting);
    }
    if (landed.length > 0) await insertRows(tx, datasetId, version, landed);
    if (waiting.length > 0) await saveWaiting(tx, datasetId, version, waiting);
    counts.rows += landed.length;
    counts.quarantined += waiting.length;
    await onBatch(counts.rows + counts.quarantined);
  }
  return counts;
}

/** Readers give rows as the file arrives, many or few at a time. */
async function* inBatches(source: AsyncIterable<TableRow[]>): AsyncGenerator<TableRow[]> {
  let waiting: TableRow[] = [];
  for await (const rows of source) {
    waiting = waiting.length === 0 ? rows : waiting.concat(rows);
    let start = 0;
    for (; waiting.length - start >= BATCH; start += BATCH) yield waiting.slice(start, start + BATCH);
    if (start > 0) waiting = waiting.slice(start);
  }
  if (waiting.length > 0) yield waiting;
}
