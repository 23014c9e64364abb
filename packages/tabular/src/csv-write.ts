/**
 * Writing CSV (RFC 4180, UTF-8), safe to open in a spreadsheet and the same when read again.
 *
 * A spreadsheet runs a cell that begins with = + - @ TAB or CR as a formula. Such a cell is written with an
 * apostrophe before it, the sign by which spreadsheets themselves mark text; a plain number keeps its sign. A cell
 * that by itself begins with apostrophes before such a sign gets one more, so taking one away always gives back the
 * cell: `unprotectCell(protectCell(x)) === x` for every x.
 */
import { Readable } from 'node:stream';

const FORMULA = /^'*[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

export function protectCell(cell: string): string {
  return FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
}

/** Takes away the apostrophe that `protectCell` put there. */
export function unprotectCell(cell: string): string {
  return cell.charCodeAt(0) === 0x27 && FORMULA.test(cell) ? cell.slice(1) : cell;
}

/** One line of CSV with its line end. */
export function csvLine(cells: readonly string[], separator = ','): string {
  let line = '';
  for (let i = 0; i < cells.length; i++) {
    const cell = protectCell(cells[i] as string);
    if (i > 0) line += separator;
    line += needsQuotes(cell, separator) ? `"${cell.replaceAll('"', '""')}"` : cell;
  }
  return `${line}\r\n`;
}

function needsQuotes(cell: string, separator: string): boolean {
  return (
    cell.includes(separator) ||
    cell.includes('"') ||
    cell.includes('\n') ||
    cell.includes('\r') ||
    cell !== cell.trim()
  );
}

/** CSV of the rows as bytes, with a byte order mark, by which spreadsheets know UTF-8. */
export function writeCsv(
  header: readonly string[],
  batches: AsyncIterable<readonly (readonly string[])[]>,
  separator = ',',
): Readable {
  async function* text() {
    yield `\ufeff${csvLine(header, separator)}`;
    for await (const rows of batches) {
      let piece = '';
      for (const row of rows) piece += csvLine(row, separator);
      if (piece !== '') yield piece;
    }
  }
  return Readable.from(text(), { objectMode: false, encoding: 'utf8' });
}
