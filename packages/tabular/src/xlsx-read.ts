/** Reading a spreadsheet (XLSX) row by row, as text: what a person sees in a cell is what an import reads. */
import { badInput } from '@iroko/errors';
import ExcelJS from 'exceljs';
import type { TableRow } from './csv-rows';

const BATCH_ROWS = 1000;

/**
 * The rows of one sheet, the first when none is named, from a local copy of the file. Dates come as YYYY-MM-DD (or
 * ISO with a time), formulas as their result. Throws BAD_USER_INPUT when the file is no XLSX or lacks the sheet.
 */
export async function* readXlsx(path: string, sheet?: string): AsyncGenerator<TableRow[]> {
  const names: string[] = [];
  try {
    const book = new ExcelJS.stream.xlsx.WorkbookReader(path, {
      entries: 'emit',
      sharedStrings: 'cache',
      styles: 'cache',
      hyperlinks: 'ignore',
      worksheets: 'emit',
    });
    for await (const reader of book) {
      const name = (reader as unknown as { name?: string }).name ?? '';
      names.push(name);
      if (sheet !== undefined && name !== sheet) {
        for await (const _row of reader);
        continue;
      }
      yield* batches(reader);
      return;
    }
  } catch (error) {
    throw badInput('The file is not a readable XLSX spreadsheet. Save it as .xlsx again, or send CSV.', {
      cause: error instanceof Error ? error.message.slice(0, 200) : undefined,
    });
  }
  throw badInput(
    sheet === undefined
      ? 'The spreadsheet has no sheet.'
      : `The spreadsheet has no sheet ${JSON.stringify(sheet)}; it has ${names.map((n) => JSON.stringify(n)).join(', ')}.`,
  );
}

async function* batches(reader: AsyncIterable<ExcelJS.Row>): AsyncGenerator<TableRow[]> {
  let rows: TableRow[] = [];
  for await (const row of reader) {
    const cells: string[] = [];
    for (let i = 1; i <= row.cellCount; i++) cells.push(cellText(row.getCell(i).value));
    rows.push({ line: row.number, cells });
    if (rows.length === BATCH_ROWS) {
      yield rows;
      rows = [];
    }
  }
  if (rows.length > 0) yield rows;
}

function cellText(value: ExcelJS.CellValue): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) {
    const iso = value.toISOString();
    return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso;
  }
  if (typeof value !== 'object') return String(value);
  if ('richText' in value) return value.richText.map((run) => run.text).join('');
  if ('text' in value) return cellText(value.text as ExcelJS.CellValue);
  if ('error' in value) return value.error;
  if ('result' in value) return cellText(value.result as ExcelJS.CellValue);
  return '';
}
