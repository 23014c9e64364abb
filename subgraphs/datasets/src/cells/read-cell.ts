/**
 * From a cell of a file to a typed value. Numbers stay text, so that no digit is lost; nothing is guessed: a cell
 * that does not fit its type says why, and the row waits until somebody decides.
 */
import { parseDate, parseNumber } from '@iroko/tabular';
import { textKey } from '@iroko/text';
import type { CellHabits, FieldType } from './field-type';
import { instantOf } from './instant';

export interface CellValue {
  /** The value as JSON text: a string, a number with all its digits, a boolean, or null. */
  json: string;
  /** The value as text, as the API shows it; null for an empty cell. */
  text: string | null;
  /** What text is matched and sorted by; null for other types. */
  key: string | null;
}

export interface CellDefect {
  reason: 'NO_INTEGER' | 'NO_DECIMAL' | 'NO_BOOLEAN' | 'NO_DATE' | 'NO_DATE_TIME' | 'NO_TEXT' | 'TOO_LONG';
  message: string;
}

const EMPTY: CellValue = { json: 'null', text: null, key: null };

/** One cell of a table is a value, no document. */
const CELL_LENGTH_MAX = 32_767;
/** Beyond this a number is a mistake, and comparing it costs. */
const DIGITS_MAX = 100;

/** The value of a cell, or what is wrong with it. White space around it counts for nothing. */
export function readCell(cell: string, type: FieldType, habits: CellHabits): CellValue | CellDefect {
  const text = cell.trim();
  if (text === '') return EMPTY;
  if (text.length > CELL_LENGTH_MAX) {
    return {
      reason: 'TOO_LONG',
      message: `The cell has ${text.length} characters; at most ${CELL_LENGTH_MAX} are taken.`,
    };
  }
  return READERS[type](text, habits);
}

export function isDefect(read: CellValue | CellDefect): read is CellDefect {
  return 'reason' in read;
}

const READERS: Record<FieldType, (text: string, habits: CellHabits) => CellValue | CellDefect> = {
  TEXT: (text) =>
    // PostgreSQL keeps no NUL, and nobody writes one on purpose.
    text.includes('\0')
      ? { reason: 'NO_TEXT', message: 'The cell holds a NUL character.' }
      : { json: JSON.stringify(text), text, key: textKey(text) },
  INTEGER: (text, habits) => {
    const number = exactNumber(text, habits);
    return number !== undefined && !number.includes('.')
      ? plain(number)
      : { reason: 'NO_INTEGER', message: `${shown(text)} is no whole number.` };
  },
  DECIMAL: (text, habits) => {
    const number = exactNumber(text, habits);
    return number !== undefined
      ? plain(number)
      : { reason: 'NO_DECIMAL', message: `${shown(text)} is no number.` };
  },
  BOOLEAN: (text) => {
    const value = booleanOf(text);
    return value !== undefined
      ? plain(String(value))
      : { reason: 'NO_BOOLEAN', message: `${shown(text)} is neither true nor false.` };
  },
  DATE: (text, { dateOrder }) => {
    const date = parseDate(text, dateOrder);
    return date !== undefined
      ? quoted(date)
      : { reason: 'NO_DATE', message: `${shown(text)} is no day of the calendar in the order ${dateOrder}.` };
  },
  DATE_TIME: (text, { dateOrder, timeZone }) => {
    const instant = instantOf(text, dateOrder, timeZone);
    return instant !== undefined
      ? quoted(instant)
      : { reason: 'NO_DATE_TIME', message: `${shown(text)} is no date with a time.` };
  },
};

const plain = (text: string): CellValue => ({ json: text, text, key: null });
const quoted = (text: string): CellValue => ({ json: JSON.stringify(text), text, key: null });

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

const TRUE = new Set(['true', 'yes', 'y', 'oui', 'vrai', 'sim', 'verdadeiro', '1']);
const FALSE = new Set(['false', 'no', 'n', 'non', 'faux', 'nao', 'falso', '0']);

/** Yes and no in the languages we speak. */
export function booleanOf(text: string): boolean | undefined {
  const key = textKey(text);
  if (TRUE.has(key)) return true;
  return FALSE.has(key) ? false : undefined;
}

const PLAIN_COUNT = /^[1-9]\d{0,17}$/;
const DECIMAL_PARTS = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;

/**
 * The number of a cell with all its digits, such as `-1234.5`; undefined when it is none. It is what the shared
 * reader of numbers takes, written without grouping, exponent and needless zeros in front.
 */
export function exactNumber(text: string, { decimalSign }: CellHabits): string | undefined {
  // Most numbers are plain counts; the rest of this function is for the others.
  if (PLAIN_COUNT.test(text)) return text;
  if (parseNumber(text, decimalSign) === undefined) return undefined;
  const bare = text.replace(/[\s\u00a0\u202f'’]/g, '').replace(',', '.');
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL_PARTS.exec(bare) ?? [];
  if (
    sign === undefined ||
    whole.length + fraction.length > DIGITS_MAX ||
    Math.abs(Number(exponent)) > DIGITS_MAX
  ) {
    return undefined;
  }
  const [left, right] = shifted(whole, fraction, Number(exponent));
  const digits = left.replace(/^0+(?=\d)/, '') || '0';
  const value = right === '' ? digits : `${digits}.${right}`;
  return sign === '-' && /[1-9]/.test(value) ? `-${value}` : value;
}

/** Moves the decimal point by the exponent. */
function shifted(whole: string, fraction: string, exponent: number): [string, string] {
  if (exponent >= 0) {
    const padded = fraction.padEnd(exponent, '0');
    return [whole + padded.slice(0, exponent), padded.slice(exponent)];
  }
  const padded = whole.padStart(-exponent, '0');
  return [padded.slice(0, padded.length + exponent), padded.slice(padded.length + exponent) + fraction];
}
