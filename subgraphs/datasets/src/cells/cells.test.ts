import fc from 'fast-check';
import { FIELD_KEY, fieldKey } from './field-keys';
import type { CellHabits, FieldType } from './field-type';
import { TypeGuess } from './guess-type';
import { exactNumber, readCell } from './read-cell';

const english: CellHabits = { decimalSign: 'POINT', dateOrder: 'MDY', timeZone: 'UTC' };
const french: CellHabits = { decimalSign: 'COMMA', dateOrder: 'DMY', timeZone: 'Africa/Kinshasa' };
const guess = (cells: string[], habits = french): FieldType => {
  const found = new TypeGuess(habits);
  for (const cell of cells) found.add(cell);
  return found.type;
};

describe('a cell', () => {
  it.each<[string, FieldType, CellHabits, string]>([
    ['  Kinshasa ', 'TEXT', english, '"Kinshasa"'],
    ['', 'INTEGER', english, 'null'],
    ['   ', 'TEXT', english, 'null'],
    ['1 234', 'INTEGER', french, '1234'],
    ['12345678901234567890', 'INTEGER', english, '12345678901234567890'],
    ['3,140', 'DECIMAL', french, '3.140'],
    ['-0.5', 'DECIMAL', english, '-0.5'],
    ['.5', 'DECIMAL', english, '0.5'],
    ['+007', 'INTEGER', english, '7'],
    ['-0', 'INTEGER', english, '0'],
    ['1.5e3', 'INTEGER', english, '1500'],
    ['2e-3', 'DECIMAL', english, '0.002'],
    ['Oui', 'BOOLEAN', french, 'true'],
    ['NÃO', 'BOOLEAN', french, 'false'],
    ['31/12/2025', 'DATE', french, '"2025-12-31"'],
    ['12/31/2025', 'DATE', english, '"2025-12-31"'],
    ['2025-12-31T23:30:00Z', 'DATE_TIME', english, '"2025-12-31T23:30:00.000Z"'],
    ['2025-12-31T23:30:00+02:00', 'DATE_TIME', english, '"2025-12-31T21:30:00.000Z"'],
    ['31/12/2025 23:30', 'DATE_TIME', french, '"2025-12-31T22:30:00.000Z"'],
    [
      '2025-07-01 00:30',
      'DATE_TIME',
      { ...french, timeZone: 'America/Chicago' },
      '"2025-07-01T05:30:00.000Z"',
    ],
    [
      '2025-01-01 00:30:01.5',
      'DATE_TIME',
      { ...french, timeZone: 'America/Chicago' },
      '"2025-01-01T06:30:01.500Z"',
    ],
  ])('%j as %s is %s', (cell, type, habits, json) => {
    expect(readCell(cell, type, habits)).toMatchObject({ json });
  });

  it.each<[string, FieldType, string]>([
    ['1.5', 'INTEGER', 'NO_INTEGER'],
    ['many', 'INTEGER', 'NO_INTEGER'],
    ['1e999', 'DECIMAL', 'NO_DECIMAL'],
    ['NaN', 'DECIMAL', 'NO_DECIMAL'],
    ['Infinity', 'DECIMAL', 'NO_DECIMAL'],
    ['9'.repeat(101), 'DECIMAL', 'NO_DECIMAL'],
    ['maybe', 'BOOLEAN', 'NO_BOOLEAN'],
    ['02/31/2025', 'DATE', 'NO_DATE'],
    ['2025-12-31', 'DATE_TIME', 'NO_DATE_TIME'],
    ['2025-12-31 24:00', 'DATE_TIME', 'NO_DATE_TIME'],
    ['a\0b', 'TEXT', 'NO_TEXT'],
    ['x'.repeat(32_768), 'TEXT', 'TOO_LONG'],
  ])('%j is no %s and says so', (cell, type, reason) => {
    expect(readCell(cell, type, english)).toMatchObject({ reason });
  });

  it('keeps the value of every number it takes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e20, max: 1e20 }), (number) => {
        const exact = exactNumber(String(number), english);
        if (exact !== undefined) expect(Number(exact)).toBe(number === 0 ? 0 : number);
      }),
    );
  });
});

describe('the type of a column', () => {
  it.each<[FieldType, string[]]>([
    ['TEXT', []],
    ['TEXT', ['', ' ']],
    ['INTEGER', ['1', '', '20', '-3']],
    ['INTEGER', ['0', '1', '1']],
    ['DECIMAL', ['1', '2,5']],
    ['TEXT', ['007', '12']],
    ['DECIMAL', ['0,5', '0']],
    ['BOOLEAN', ['oui', 'non', '']],
    ['TEXT', ['oui', 'non', 'peut-être']],
    ['DATE', ['31/12/2025', '2025-01-02']],
    ['DATE_TIME', ['31/12/2025 10:00', '2025-01-02T03:04:05Z']],
    ['TEXT', ['31/12/2025', '31/02/2025']],
    ['TEXT', ['1', 'two']],
  ])('is %s for %j', (type, cells) => {
    expect(guess(cells)).toBe(type);
  });

  it('fits every cell it was guessed from', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.double().map(String),
      fc.constantFrom('oui', '01/02/2025', '007'),
    );
    fc.assert(
      fc.property(fc.array(cell), (cells) => {
        const type = guess(cells, english);
        for (const one of cells)
          if (!one.includes('\0')) expect(readCell(one, type, english)).not.toHaveProperty('reason');
      }),
    );
  });
});

describe('the key of a field', () => {
  it('is plain and unique whatever the heading', () => {
    const taken = new Set<string>();
    expect(
      ["Numéro d'ordre", 'numero d ordre', '2024', '', 'مدرسة'].map((heading) => fieldKey(heading, taken)),
    ).toEqual(['numero_d_ordre', 'numero_d_ordre_2', '_2024', 'field', 'field_2']);
    fc.assert(fc.property(fc.string(), (heading) => FIELD_KEY.test(fieldKey(heading, new Set()))));
  });
});
