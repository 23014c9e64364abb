/**
 * The rows in quarantine as CSV: the cells as they stand in the file, and beside them why they were not taken. Corrected
 * in place and sent again, the added columns are passed over, since no mapping names them.
 */
import type { InputRow } from '../tables/input-table';
import type { QuarantinedRow } from './quarantine.sql';

export const REASON_COLUMNS = [
  'quarantine_row',
  'quarantine_column',
  'quarantine_value',
  'quarantine_reason',
  'quarantine_message',
];

export function reasonCells(row: QuarantinedRow): string[] {
  return [String(row.line), row.column ?? '', row.value ?? '', row.reason, row.message];
}

/** Reads the file once more, beside its defects in the same order, and yields the rows that have one. */
export async function* quarantinedCells(
  rows: AsyncIterable<InputRow[]>,
  defects: AsyncIterable<QuarantinedRow[]>,
  columns: number,
): AsyncGenerator<string[][]> {
  const reasons = flat(defects);
  let next = await reasons.next();
  for await (const batch of rows) {
    const found: string[][] = [];
    for (const row of batch) {
      if (next.done || !isSameRow(row, next.value)) continue;
      const cells = Array.from({ length: Math.max(columns, row.cells.length) }, (_, i) => row.cells[i] ?? '');
      // A row with too many cells keeps them: the reason columns come first.
      found.push([...reasonCells(next.value), ...cells]);
      while (!next.done && isSameRow(row, next.value)) next = await reasons.next();
    }
    if (found.length > 0) yield found;
    if (next.done) return;
  }
}

const isSameRow = (row: InputRow, { line, layer }: QuarantinedRow): boolean =>
  row.line === line && (row.layer ?? null) === layer;

async function* flat<T>(batches: AsyncIterable<T[]>): AsyncGenerator<T, undefined> {
  for await (const batch of batches) yield* batch;
  return undefined;
}
