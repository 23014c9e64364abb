/** Writing a spreadsheet (XLSX) as a stream: memory does not grow with the rows. */
import { PassThrough, type Readable } from 'node:stream';
import ExcelJS from 'exceljs';

/** What a sheet may hold besides its header row. */
export const XLSX_ROWS_MAX = 1_048_575;

/** One sheet. Texts are written as texts, so that nothing in them runs as a formula. */
export function writeXlsx(
  sheet: string,
  header: readonly string[],
  batches: AsyncIterable<readonly (readonly (string | number | boolean | null)[])[]>,
): Readable {
  const stream = new PassThrough();
  const write = async () => {
    const book = new ExcelJS.stream.xlsx.WorkbookWriter({
      stream,
      useSharedStrings: false,
      useStyles: false,
    });
    const page = book.addWorksheet(sheet.replace(/[*?:\\/[\]]/g, ' ').slice(0, 31) || 'Sheet 1');
    page.addRow([...header]).commit();
    for await (const rows of batches) {
      for (const row of rows) page.addRow([...row]).commit();
      // The writer does not wait for its reader: without this pause a slow reader would fill the memory.
      while (stream.writableNeedDrain && !stream.destroyed) await new Promise((done) => setTimeout(done, 5));
    }
    page.commit();
    await book.commit();
  };
  write().catch((error: Error) => stream.destroy(error));
  return stream;
}
