/**
 * An uploaded file as a table: headings, and rows that can be read more than once. CSV streams from the storage; a
 * spreadsheet needs a local copy, which goes with `dispose`.
 */
import type { AccountDatabase } from '@iroko/database';
import { badInput, limitExceeded } from '@iroko/errors';
import { CONTENT_TYPES, type FileRow, type Files } from '@iroko/files';
import {
  columnNames,
  detectDateOrder,
  detectDecimalSign,
  detectDialect,
  readCsv,
  readXlsx,
  type TableRow,
} from '@iroko/tabular';
import type { Reading, ReadingChoices } from './reading';

/** More is no table that people read, and every value is checked against its column. */
export const COLUMNS_MAX = 1000;
const XLSX_BYTES_MAX = 100_000_000;
const SAMPLE_ROWS = 1000;

export interface OpenTable {
  file: FileRow;
  reading: Reading;
  /** Unique; a heading that stands twice has a number behind it, an empty one is called `Column 7`. */
  headings: string[];
  /** Whether the heading is empty in the file. */
  unnamed: boolean[];
  /** The rows below the heading, without those that are wholly empty; from the beginning each time. */
  rows(): AsyncGenerator<TableRow[]>;
  dispose(): Promise<void>;
}

/** Throws BAD_USER_INPUT for what is no table, and LIMIT_EXCEEDED for more than 1,000 columns. */
export async function openTable(
  files: Files,
  db: AccountDatabase,
  fileId: string,
  choices: ReadingChoices,
): Promise<OpenTable> {
  const file = await files.find(db, fileId);
  if (file.contentType === CONTENT_TYPES.xlsx) return openXlsx(files, db, file, choices);
  if (file.contentType === CONTENT_TYPES.csv || file.contentType === CONTENT_TYPES.text || file.size === 0) {
    return openCsv(files, db, file, choices);
  }
  throw badInput(
    `The file ${JSON.stringify(file.name)} is ${file.contentType}; a dataset comes from CSV or an XLSX spreadsheet.`,
    { path: ['fileId'] },
  );
}

async function openCsv(
  files: Files,
  db: AccountDatabase,
  file: FileRow,
  choices: ReadingChoices,
): Promise<OpenTable> {
  const open = async () => (await files.open(db, file.id)).stream;
  const named = Object.fromEntries(
    (['separator', 'encoding', 'decimalSign', 'dateOrder'] as const).flatMap((key) =>
      choices[key] == null ? [] : [[key, choices[key]]],
    ),
  );
  const dialect = await detectDialect(open, named);
  return finished(
    file,
    () => readCsv(open, dialect),
    async () => undefined,
    {
      format: 'CSV',
      sheet: null,
      separator: dialect.separator,
      encoding: dialect.encoding,
      decimalSign: dialect.decimalSign,
      dateOrder: dialect.dateOrder,
      dateOrderAmbiguous: dialect.dateOrderAmbiguous,
      timeZone: choices.timeZone ?? 'UTC',
    },
  );
}

async function openXlsx(
  files: Files,
  db: AccountDatabase,
  file: FileRow,
  choices: ReadingChoices,
): Promise<OpenTable> {
  if (file.size > XLSX_BYTES_MAX) {
    throw limitExceeded('The spreadsheet is too large; save it as CSV.', 'bytes', XLSX_BYTES_MAX, file.size);
  }
  const copy = await files.localCopy(db, file.id);
  try {
    const read = () => readXlsx(copy.path, choices.sheet ?? undefined);
    const cells = await sampleCells(read);
    const dates = detectDateOrder(cells);
    return await finished(file, read, () => copy.dispose(), {
      format: 'XLSX',
      sheet: choices.sheet ?? null,
      separator: null,
      encoding: null,
      decimalSign: choices.decimalSign ?? detectDecimalSign(cells),
      dateOrder: choices.dateOrder ?? dates.order,
      dateOrderAmbiguous: choices.dateOrder == null && dates.ambiguous,
      timeZone: choices.timeZone ?? 'UTC',
    });
  } catch (error) {
    await copy.dispose();
    throw error;
  }
}

async function sampleCells(read: () => AsyncGenerator<TableRow[]>): Promise<string[]> {
  const rows: TableRow[] = [];
  for await (const batch of read()) {
    rows.push(...batch);
    if (rows.length >= SAMPLE_ROWS) break;
  }
  return rows.flatMap(({ cells }) => cells);
}

async function finished(
  file: FileRow,
  read: () => AsyncGenerator<TableRow[]>,
  dispose: () => Promise<void>,
  reading: Reading,
): Promise<OpenTable> {
  const first = await firstRow(read);
  if (!first) throw badInput('The file holds no row, so there are no headings.', { path: ['fileId'] });
  const width = first.cells.findLastIndex((cell) => cell.trim() !== '') + 1;
  if (first.cells.length > COLUMNS_MAX) {
    throw limitExceeded(
      `The file has ${first.cells.length} columns; a dataset has at most ${COLUMNS_MAX}.`,
      'columns',
      COLUMNS_MAX,
      first.cells.length,
    );
  }
  if (width === 0) throw badInput('The first row of the file has no headings.', { path: ['fileId'] });
  return {
    file,
    reading,
    headings: columnNames(first.cells),
    unnamed: first.cells.map((cell) => cell.trim() === ''),
    rows: () => below(first.line, read),
    dispose,
  };
}

async function firstRow(read: () => AsyncGenerator<TableRow[]>): Promise<TableRow | undefined> {
  for await (const batch of read()) {
    const row = batch.find(isFilled);
    if (row) return row;
  }
  return undefined;
}

async function* below(line: number, read: () => AsyncGenerator<TableRow[]>): AsyncGenerator<TableRow[]> {
  for await (const batch of read()) {
    const rows = batch.filter((row) => row.line > line && isFilled(row));
    if (rows.length > 0) yield rows;
  }
}

function isFilled({ cells }: TableRow): boolean {
  return cells.some((cell) => cell.trim() !== '');
}
