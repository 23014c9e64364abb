/**
 * Cuts the text of a CSV file into rows, in pieces as they arrive.
 *
 * Written here because none of the parsers measured does what an import needs at its speed: line numbers as an
 * editor shows them, CRLF and LF mixed, ragged rows kept as they are (figures: docs/decisions). A line without a
 * quote, which is nearly every line, is one `split`; only lines with quotes are walked character by character.
 */
import { badInput } from '@iroko/errors';

/** One row of a table. */
export interface TableRow {
  /** Where the row begins: the line of a CSV file as an editor shows it, the row of a spreadsheet. From 1. */
  line: number;
  /** The cells as they stand in the file, quotes taken off, nothing trimmed. */
  cells: string[];
}

/** A quote that is never closed would collect the rest of the file; no honest row is longer than this. */
const ROW_CHARACTERS_MAX = 64 * 1024 * 1024;

const QUOTE = '"';

export class CsvRows {
  private rest = '';
  private line = 1;
  /** A long quoted row is tried again only when the text has doubled, or every piece would walk all of it. */
  private retryAt = 0;

  constructor(private readonly separator: string) {}

  /** The rows that are complete with this piece of text. */
  push(text: string): TableRow[] {
    this.rest = this.rest === '' ? text : this.rest + text;
    if (this.rest.length < this.retryAt) return [];
    if (this.rest.length > ROW_CHARACTERS_MAX) throw unclosedQuote(this.line);
    return this.take(false);
  }

  /** The rows that are left when the file has ended. */
  end(): TableRow[] {
    return this.take(true);
  }

  private take(isLast: boolean): TableRow[] {
    const rows: TableRow[] = [];
    const text = this.rest;
    let start = 0;
    this.retryAt = 0;
    while (start < text.length) {
      const newline = text.indexOf('\n', start);
      if (newline < 0 && !isLast) break;
      const end = newline < 0 ? text.length : newline;
      const line = text.slice(start, end > start && text[end - 1] === '\r' ? end - 1 : end);
      if (!line.includes(QUOTE)) {
        rows.push({ line: this.line, cells: line.split(this.separator) });
        this.line += 1;
        start = end + 1;
        continue;
      }
      const walked = this.walk(text, start, isLast);
      if (!walked) {
        this.retryAt = (text.length - start) * 2;
        break;
      }
      rows.push({ line: this.line, cells: walked.cells });
      this.line += walked.lines;
      start = walked.next;
    }
    this.rest = text.slice(start);
    return rows;
  }

  /** Walks one row with quotes from `start`; undefined when the text ends before the row is known to. */
  private walk(
    text: string,
    start: number,
    isLast: boolean,
  ): { cells: string[]; next: number; lines: number } | undefined {
    const cells: string[] = [];
    let at = start;
    let lines = 1;
    for (;;) {
      let cell = '';
      if (text[at] === QUOTE) {
        const quoted = readQuoted(text, at);
        // A quote at the very end may be half of a doubled one.
        if (!quoted || (quoted.next === text.length && !isLast)) {
          if (isLast) throw unclosedQuote(this.line);
          return undefined;
        }
        cell = quoted.cell;
        lines += quoted.newlines;
        at = quoted.next;
      }
      const end = this.endOfCell(text, at);
      if (end === text.length && !isLast) return undefined;
      const isRowEnd = text[end] !== this.separator;
      const tail = text.slice(at, isRowEnd && text[end - 1] === '\r' && end > at ? end - 1 : end);
      cells.push(cell + tail);
      if (isRowEnd) return { cells, next: end + 1, lines };
      at = end + 1;
    }
  }

  private endOfCell(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      const sign = text[at];
      if (sign === this.separator || sign === '\n') return at;
    }
    return text.length;
  }
}

/** The quoted cell that begins at `at`, with what follows it; undefined when its quote is not closed. */
function readQuoted(text: string, at: number): { cell: string; next: number; newlines: number } | undefined {
  let from = at + 1;
  let cell = '';
  for (;;) {
    const quote = text.indexOf(QUOTE, from);
    if (quote < 0) return undefined;
    cell += text.slice(from, quote);
    if (text[quote + 1] !== QUOTE) return { cell, next: quote + 1, newlines: cell.split('\n').length - 1 };
    cell += QUOTE;
    from = quote + 2;
  }
}

function unclosedQuote(line: number): Error {
  return badInput(
    `A quote that opens in line ${line} is not closed. Close it, or double it if it is part of the text.`,
    {
      line,
    },
  );
}
