/**
 * What a cell means once the file's habits are known: its decimal sign and the order of its dates. Nothing is
 * guessed here: a cell that does not fit gives `undefined`, and the caller says which cell it was.
 */

export const DECIMAL_SIGNS = ['POINT', 'COMMA'] as const;
export type DecimalSign = (typeof DECIMAL_SIGNS)[number];

/** YMD: 2024-12-31, DMY: 31/12/2024, MDY: 12/31/2024. ISO dates are read whatever the order says. */
export const DATE_ORDERS = ['YMD', 'DMY', 'MDY'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

const PLAIN_NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const GROUPED = /^[+-]?\d{1,3}([ \u00a0\u202f'’]\d{3})+([.,]\d*)?$/;

/** The number in a cell, spaces around it allowed; undefined when it is none. Thousands may be set apart by spaces. */
export function parseNumber(cell: string, sign: DecimalSign): number | undefined {
  let text = cell.trim();
  if (GROUPED.test(text)) text = text.replace(/[ \u00a0\u202f'’]/g, '');
  if (sign === 'COMMA') {
    if (text.includes('.') && text.includes(',')) return undefined;
    text = text.replace(',', '.');
  }
  return PLAIN_NUMBER.test(text) ? Number(text) : undefined;
}

const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const PARTED = /^(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The date in a cell as `YYYY-MM-DD`; undefined when it is none, 31-02 included. A time after it is left out. */
export function parseDate(cell: string, order: DateOrder): string | undefined {
  const text = cell.trim();
  const iso = ISO.exec(text);
  if (iso) return calendarDate(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const parts = PARTED.exec(text);
  if (!parts) return undefined;
  const [first, second, third] = [parts[1], parts[2], parts[3]] as [string, string, string];
  if (first.length > 2)
    return order === 'YMD' ? calendarDate(Number(first), Number(second), Number(third)) : undefined;
  if (third.length !== 4) return undefined;
  return order === 'MDY'
    ? calendarDate(Number(third), Number(first), Number(second))
    : calendarDate(Number(third), Number(second), Number(first));
}

function calendarDate(year: number, month: number, day: number): string | undefined {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > (DAYS[month - 1] as number)) return undefined;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2 && day === 29 && !isLeap) return undefined;
  const pad = (value: number, length: number) => String(value).padStart(length, '0');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** Which decimal sign the cells use; POINT when nothing tells. */
export function detectDecimalSign(cells: Iterable<string>): DecimalSign {
  let commas = 0;
  let points = 0;
  for (const cell of cells) {
    if (/^\s*[+-]?\d+,\d+\s*$/.test(cell)) commas++;
    else if (/^\s*[+-]?\d+\.\d+\s*$/.test(cell)) points++;
  }
  return commas > points ? 'COMMA' : 'POINT';
}

/** Which order the dates in the cells have. `ambiguous` when every day could be a month: then it is DMY by custom. */
export function detectDateOrder(cells: Iterable<string>): { order: DateOrder; ambiguous: boolean } {
  let iso = 0;
  let dayFirst = 0;
  let monthFirst = 0;
  let either = 0;
  for (const cell of cells) {
    const parts = PARTED.exec(cell.trim());
    if (!parts) continue;
    const [first, second] = [parts[1], parts[2]] as [string, string];
    if (first.length === 4) iso++;
    else if (Number(first) > 12) dayFirst++;
    else if (Number(second) > 12) monthFirst++;
    else either++;
  }
  if (dayFirst === 0 && monthFirst === 0 && either === 0) return { order: 'YMD', ambiguous: false };
  if (dayFirst === 0 && monthFirst === 0) return { order: iso > either ? 'YMD' : 'DMY', ambiguous: true };
  return { order: monthFirst > dayFirst ? 'MDY' : 'DMY', ambiguous: false };
}
