/**
 * How a CSV file is written, found from the file and shown, so that a person can correct it before anything is
 * imported. Whatever was named by the person is not detected again.
 */
import { badInput } from '@iroko/errors';
import { CsvRows, type TableRow } from './csv-rows';
import { type Bytes, decode, detectEncoding, type Encoding } from './encoding';
import { type DateOrder, type DecimalSign, detectDateOrder, detectDecimalSign } from './values';

/** The habits of one CSV file. */
export interface Dialect {
  /** One character. */
  separator: string;
  encoding: Encoding;
  decimalSign: DecimalSign;
  dateOrder: DateOrder;
  /** Whether the first row names the columns. */
  header: boolean;
}

export interface DetectedDialect extends Dialect {
  byteOrderMark: boolean;
  /** The dates of the sample could be read in two orders. */
  dateOrderAmbiguous: boolean;
  /** Lines end in a lone carriage return, as old spreadsheets write them. */
  carriageReturns: boolean;
  /** Bytes of the file. */
  size: number;
}

export const SEPARATORS = [',', ';', '\t', '|'] as const;

/** Opens the file anew; detection reads it before the rows are read. */
export type OpenBytes = () => Promise<Bytes>;

const SAMPLE_CHARACTERS = 512 * 1024;

/** Finds what `named` leaves open. Throws BAD_USER_INPUT for a file that is empty or no text. */
export async function detectDialect(open: OpenBytes, named: Partial<Dialect> = {}): Promise<DetectedDialect> {
  const found = await detectEncoding(await open());
  if (found.size === 0) throw badInput('The file is empty: it has 0 bytes.');
  if (found.binary) throw badInput('The file is not a table of text: it holds bytes that no text has.');
  const encoding = named.encoding ?? found.encoding;
  const sample = await readSample(await open(), encoding);
  if (sample.trim() === '') throw badInput('The file is empty: it holds nothing but spaces and line ends.');
  const carriageReturns = sample.includes('\r') && !sample.includes('\n');
  const text = carriageReturns ? sample.replaceAll('\r', '\n') : sample;
  const separator = named.separator ?? detectSeparator(text);
  const rows = sampleRows(text, separator);
  const cells = rows.slice(1).flatMap((row) => row.cells);
  const dates = detectDateOrder(cells);
  return {
    separator,
    encoding,
    decimalSign: named.decimalSign ?? detectDecimalSign(cells),
    dateOrder: named.dateOrder ?? dates.order,
    header: named.header ?? looksLikeHeader(rows),
    byteOrderMark: found.byteOrderMark,
    dateOrderAmbiguous: named.dateOrder === undefined && dates.ambiguous,
    carriageReturns,
    size: found.size,
  };
}

async function readSample(bytes: Bytes, encoding: Encoding): Promise<string> {
  let sample = '';
  for await (const text of decode(bytes, encoding)) {
    sample += text;
    if (sample.length >= SAMPLE_CHARACTERS) break;
  }
  return sample.slice(0, SAMPLE_CHARACTERS);
}

/** The complete rows of the sample; the last may be cut, so it counts only when it is the only one. */
function sampleRows(text: string, separator: string): TableRow[] {
  const reader = new CsvRows(separator);
  const rows = reader.push(text);
  if (rows.length < 2) {
    try {
      rows.push(...reader.end());
    } catch {
      // A quote that the sample cuts; the rows before it are enough.
    }
  }
  return rows.filter((row) => row.cells.some((cell) => cell.trim() !== ''));
}

/** The separator that gives most rows the same number of cells, and more than one. */
function detectSeparator(text: string): string {
  let best: string = SEPARATORS[0];
  let bestScore = 0;
  for (const separator of SEPARATORS) {
    const widths = new Map<number, number>();
    const rows = sampleRows(text, separator).slice(0, 1000);
    for (const { cells } of rows) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
    const [width, count] = [...widths].sort((a, b) => b[1] - a[1])[0] ?? [1, 0];
    const score = width < 2 ? 0 : count / rows.length + Math.min(width, 20) / 100;
    if (score > bestScore) [best, bestScore] = [separator, score];
  }
  return best;
}

/** A header has no numbers, and no text twice where the rows below differ. */
function looksLikeHeader(rows: TableRow[]): boolean {
  const [first, ...others] = rows;
  if (!first || others.length === 0) return true;
  const isData = (cell: string) => /^\s*[+-]?\d+([.,]\d+)?\s*$/.test(cell);
  return !first.cells.some(isData);
}
