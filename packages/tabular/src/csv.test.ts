import { badInput } from '@iroko/errors';
import fc from 'fast-check';
import {
  CsvRows,
  columnNames,
  csvLine,
  protectCell,
  readCsv,
  type TableRow,
  unprotectCell,
  writeCsv,
} from './index';

const rowsOf = (text: string, pieces: number[] = [], separator = ';'): TableRow[] => {
  const reader = new CsvRows(separator);
  const rows: TableRow[] = [];
  let from = 0;
  for (const size of pieces) {
    rows.push(...reader.push(text.slice(from, from + size)));
    from += size;
  }
  return [...rows, ...reader.push(text.slice(from)), ...reader.end()];
};
const cellsOf = (text: string) => rowsOf(text).map((row) => row.cells);

describe('the rows of a CSV file', () => {
  it('end with LF, CRLF or the end of the file, mixed as they like', () => {
    expect(cellsOf('a;b\r\nc;d\ne;f')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
  });

  it('keep their length, ragged or not, and empty lines', () => {
    expect(cellsOf('a;b;c\nd\n\ne;f;g;h\n')).toEqual([['a', 'b', 'c'], ['d'], [''], ['e', 'f', 'g', 'h']]);
  });

  it('hold quotes, separators and line ends in quoted cells, and quotes inside plain ones', () => {
    expect(cellsOf('"a;1";"b ""x""";"two\r\nlines"\r\n5" pipe;"";"q"tail\n')).toEqual([
      ['a;1', 'b "x"', 'two\r\nlines'],
      ['5" pipe', '', 'qtail'],
    ]);
  });

  it('carry the line on which they begin, as an editor counts', () => {
    expect(rowsOf('h\n"one\ntwo\nthree"\nx\n\ny').map((row) => row.line)).toEqual([1, 2, 5, 6, 7]);
  });

  it('are the same wherever the text is cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', ';', '"', '\n', '\r\n', ' ') });
    const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, fc.array(fc.nat(7), { maxLength: 40 }), (given, pieces) => {
        const text = given.map((row) => row.map((c) => `"${c.replaceAll('"', '""')}"`).join(';')).join('\n');
        expect(rowsOf(text, pieces).map((row) => row.cells)).toEqual(given);
        expect(rowsOf(text, pieces)).toEqual(rowsOf(text));
      }),
    );
  });

  it('refuse a quote that is never closed, naming its line', () => {
    expect(() => rowsOf('a\nb;"c\nd\n')).toThrow('opens in line 2 is not closed');
    expect(() => rowsOf('a\nb;"c\nd\n')).toThrow(badInput('').constructor as new () => Error);
  });
});

describe('the columns', () => {
  it('have one name each, also where the header is empty or says the same twice', () => {
    expect(columnNames(['name', '', ' name ', '', 'name (2)'])).toEqual([
      'name',
      'Column 2',
      'name (2)',
      'Column 4',
      'name (2) (2)',
    ]);
  });
});

describe('written CSV', () => {
  const text = fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', '\n', '\r', '\t', ' ', 'a', '1', '.', 'é'),
  });

  it('reads back as what was written, whatever the cells hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(text, { minLength: 2, maxLength: 2 }), { maxLength: 5 }),
        async (rows) => {
          const chunks: Buffer[] = [];
          const source = (async function* () {
            yield rows;
          })();
          for await (const chunk of writeCsv(['a', 'b'], source)) chunks.push(Buffer.from(chunk as string));
          const open = async () =>
            (async function* () {
              yield Buffer.concat(chunks);
            })();
          const read: string[][] = [];
          for await (const batch of readCsv(open, {
            separator: ',',
            encoding: 'UTF_8',
            carriageReturns: false,
          })) {
            read.push(...batch.map((row) => row.cells.map(unprotectCell)));
          }
          expect(read).toEqual([['a', 'b'], ...rows]);
        },
      ),
    );
  });

  it('holds no cell that a spreadsheet would run, while numbers stay numbers', () => {
    fc.assert(
      fc.property(text, (cell) => {
        const written = protectCell(cell);
        expect(unprotectCell(written)).toBe(cell);
        if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(cell)) expect(written).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
    expect(csvLine(['=1+1', '-5.85', '+33', '@x', 'plain', 'a"b'])).toBe(
      `'=1+1,-5.85,+33,'@x,plain,"a""b"\r\n`,
    );
  });
});
