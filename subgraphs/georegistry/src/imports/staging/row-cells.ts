/**
 * The cells of one row by field, each read as what it should be. A cell that is not that throws RowDefect, which says
 * which cell it was and what would be right.
 */
import { type DateOrder, type DecimalSign, parseDate, parseNumber, unprotectCell } from '@iroko/tabular';
import type { ColumnsInUse, SingleField } from '../tables/columns-in-use';
import { readCellList } from './cell-list';
import type { Defect, DefectReason } from './staged-unit';

export const TEXT_LENGTH_MAX = 255;
export const VALUE_LENGTH_MAX = 10_000;

/** Why the row cannot be taken. */
export class RowDefect extends Error {
  constructor(readonly defect: Defect) {
    super(defect.message);
  }
}

export interface CellRules {
  columns: readonly string[];
  inUse: ColumnsInUse;
  decimalSign: DecimalSign;
  dateOrder: DateOrder;
  /** Texts that mean an empty cell. */
  emptyTexts: readonly string[];
}

export class RowCells {
  private readonly empties: ReadonlySet<string>;
  private cells: readonly string[] = [];

  constructor(private readonly rules: CellRules) {
    this.empties = new Set(rules.emptyTexts.map((text) => text.trim()));
  }

  use(cells: readonly string[]): void {
    this.cells = cells;
  }

  /** The cell without the marks of spreadsheets, trimmed; empty where the row is short or the mapping says so. */
  cell(index: number | undefined): string {
    if (index === undefined) return '';
    const cell = this.cells[index];
    if (cell === undefined || cell === '') return '';
    const text = unprotectCell(cell).trim();
    return this.empties.has(text) ? '' : text;
  }

  text(field: SingleField): string {
    return this.checked(
      this.cell(this.rules.inUse.fields[field]),
      this.rules.inUse.fields[field],
      TEXT_LENGTH_MAX,
    );
  }

  checked(text: string, index: number | undefined, max: number): string {
    // PostgreSQL counts characters, not UTF-16 units.
    if (text.length > max && [...text].length > max) {
      this.failAt(
        index,
        'TEXT_TOO_LONG',
        `The text has ${[...text].length} characters; at most ${max} are kept.`,
      );
    }
    if (text.includes('\u0000')) this.failAt(index, 'TEXT_UNREADABLE', 'The text holds a zero byte.');
    return text;
  }

  number(field: SingleField): number | null {
    const cell = this.cell(this.rules.inUse.fields[field]);
    if (cell === '') return null;
    const number = parseNumber(cell, this.rules.decimalSign);
    if (number === undefined || !Number.isFinite(number)) {
      const sign = this.rules.decimalSign === 'COMMA' ? 'comma' : 'point';
      this.fail(field, 'NOT_A_NUMBER', `This is not a number with a decimal ${sign}.`);
    }
    return number + 0;
  }

  date(field: SingleField): string | null {
    const cell = this.cell(this.rules.inUse.fields[field]);
    if (cell === '') return null;
    return (
      parseDate(cell, this.rules.dateOrder) ??
      this.fail(
        field,
        'NOT_A_DATE',
        `This is no day of the calendar in the order ${this.rules.dateOrder} or as YYYY-MM-DD.`,
      )
    );
  }

  list(field: SingleField, max: number): string[] {
    const cell = this.cell(this.rules.inUse.fields[field]);
    if (cell === '') return [];
    const values =
      readCellList(cell) ?? this.fail(field, 'TEXT_UNREADABLE', 'The list in this cell cannot be read.');
    if (values.length > max) {
      this.fail(field, 'TOO_MANY_VALUES', `The cell holds ${values.length} values; at most ${max} are kept.`);
    }
    return values.map((value) => this.checked(value, this.rules.inUse.fields[field], TEXT_LENGTH_MAX));
  }

  fail(field: SingleField, reason: DefectReason, message: string): never {
    return this.failAt(this.rules.inUse.fields[field], reason, message);
  }

  failAt(index: number | undefined, reason: DefectReason, message: string): never {
    const value = index === undefined ? null : (this.cells[index] ?? '');
    const column = index === undefined ? null : (this.rules.columns[index] ?? null);
    throw new RowDefect({ column, value: value?.slice(0, VALUE_LENGTH_MAX) ?? null, reason, message });
  }
}
