/**
 * One look at a table, at its beginning or at all of it: what type each column has, examples of its values, and the
 * distinct values of the column that names org units.
 */
import { limitExceeded } from '@iroko/errors';
import type { FieldType } from '../cells/field-type';
import { TypeGuess } from '../cells/guess-type';
import type { OpenTable } from './open-table';

const EXAMPLES = 5;
/** Enough for every place of a country; more is a column of something else. */
const UNIT_VALUES_MAX = 2_000_000;

export interface ScannedColumn {
  heading: string;
  type: FieldType;
  /** No heading and no value: spreadsheets leave such columns behind. */
  isEmpty: boolean;
  /** A few different values, as they stand in the file. */
  examples: string[];
}

export interface TableScan {
  columns: ScannedColumn[];
  rowCount: number;
  /** The different trimmed values of the unit column. */
  unitValues: Set<string>;
}

export interface ScanOptions {
  /** Stop after so many rows; all of them without it. */
  rowsMax?: number;
  /** The index of the column that names org units. */
  unitColumn?: number;
  /** Called with the number of rows so far, batch by batch. */
  onBatch?: (rows: number) => Promise<void>;
}

export async function scanTable(table: OpenTable, options: ScanOptions = {}): Promise<TableScan> {
  const guesses = table.headings.map(() => new TypeGuess(table.reading));
  const examples = table.headings.map(() => new Set<string>());
  const unitValues = new Set<string>();
  let rowCount = 0;
  reading: for await (const batch of table.rows()) {
    for (const { cells } of batch) {
      if (rowCount === options.rowsMax) break reading;
      rowCount++;
      guesses.forEach((guess, index) => {
        const cell = cells[index] ?? '';
        guess.add(cell);
        const seen = examples[index] as Set<string>;
        if (seen.size < EXAMPLES && cell.trim() !== '') seen.add(cell.slice(0, 200));
      });
      const unit = options.unitColumn === undefined ? '' : (cells[options.unitColumn] ?? '').trim();
      if (unit !== '') unitValues.add(unit);
    }
    if (unitValues.size > UNIT_VALUES_MAX) {
      throw limitExceeded('The unit column has too many different values.', 'unitValues', UNIT_VALUES_MAX);
    }
    await options.onBatch?.(rowCount);
  }
  return {
    columns: table.headings.map((heading, index) => ({
      heading,
      type: (guesses[index] as TypeGuess).type,
      isEmpty: table.unnamed[index] === true && (guesses[index] as TypeGuess).isEmpty,
      examples: [...(examples[index] as Set<string>)],
    })),
    rowCount,
    unitValues,
  };
}
