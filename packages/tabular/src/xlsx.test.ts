import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { readXlsx, writeXlsx } from './index';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iroko-xlsx-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function rowsOf(path: string, sheet?: string) {
  const rows: [number, string[]][] = [];
  for await (const batch of readXlsx(path, sheet))
    rows.push(...batch.map((r): [number, string[]] => [r.line, r.cells]));
  return rows;
}

describe('a spreadsheet', () => {
  it('is read as a person sees it: dates, results of formulas, rich text, rows as numbered', async () => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet('Écoles');
    sheet.addRow(['name', 'opened', 'x']);
    sheet.addRow(['A', new Date(Date.UTC(2001, 11, 31)), 0]);
    sheet.getCell('A4').value = { richText: [{ text: 'B' }, { text: ' ter' }] };
    sheet.getCell('B4').value = { formula: '1+1', result: 2 };
    sheet.getCell('C4').value = { text: 'link', hyperlink: 'http://localhost/' };
    book.addWorksheet('Other').addRow(['only']);
    const path = join(folder, 'seen.xlsx');
    await book.xlsx.writeFile(path);
    expect(await rowsOf(path)).toEqual([
      [1, ['name', 'opened', 'x']],
      [2, ['A', '2001-12-31', '0']],
      [4, ['B ter', '2', 'link']],
    ]);
    expect(await rowsOf(path, 'Other')).toEqual([[1, ['only']]]);
    await expect(rowsOf(path, 'Missing')).rejects.toThrow('no sheet "Missing"; it has "Écoles", "Other"');
  });

  it('is written as a stream and reads back the same', async () => {
    const path = join(folder, 'written.xlsx');
    const source = (async function* () {
      yield Array.from({ length: 2500 }, (_, i) => [`=name ${i}`, i / 4, null]);
    })();
    await writeFile(path, writeXlsx('A/B', ['n', 'x', 'y'], source));
    const rows = await rowsOf(path);
    expect(rows).toHaveLength(2501);
    expect(rows[2500]?.[1].slice(0, 2)).toEqual(['=name 2499', '624.75']);
  });

  it('that is none is refused', async () => {
    const path = join(folder, 'none.xlsx');
    await writeFile(path, 'name;x\n');
    await expect(rowsOf(path)).rejects.toThrow('not a readable XLSX');
  });
});
