/** A look at a file before it is imported. */
import type { AccountDatabase } from '@iroko/database';
import { ApiError } from '@iroko/errors';
import type { FileRow, Files } from '@iroko/files';
import type { TableRow } from '@iroko/tabular';
import type { ImportPreview } from './import-types';
import type { ImportMapping } from './mapping';
import { suggestMapping } from './suggest-mapping';
import { columnsInUse } from './tables/columns-in-use';
import { openTable } from './tables/input-file';
import type { InputTable } from './tables/input-table';

const ROWS_SHOWN = 20;
const CELL_SHOWN = 1000;

export async function previewTable(
  db: AccountDatabase,
  files: Files,
  file: FileRow,
  mapping: ImportMapping | undefined,
): Promise<ImportPreview> {
  const { separator, encoding, decimalSign, dateOrder, header, sheet } = mapping ?? {};
  const table = await openTable(db, files, file, {
    separator,
    encoding,
    decimalSign,
    dateOrder,
    header,
    sheet,
  });
  try {
    const { fields, parents } = suggestMapping(table.columns);
    return {
      format: table.format,
      size: table.size,
      columns: table.columns,
      rows: await firstRows(table),
      separator: table.dialect?.separator ?? null,
      encoding: table.dialect?.encoding ?? null,
      decimalSign: table.decimalSign,
      dateOrder: table.dateOrder,
      dateOrderAmbiguous: table.dialect?.dateOrderAmbiguous ?? false,
      header: table.dialect?.header ?? true,
      suggestedMapping: mapping ?? { ...fields, parents },
      problems: mapping ? problemsOf(mapping, table) : [],
    };
  } finally {
    await table.dispose();
  }
}

async function firstRows(table: InputTable): Promise<TableRow[]> {
  const shown: TableRow[] = [];
  for await (const rows of table.rows()) {
    shown.push(...rows.slice(0, ROWS_SHOWN - shown.length));
    if (shown.length >= ROWS_SHOWN) break;
  }
  return shown.map(({ line, cells }) => ({ line, cells: cells.map((cell) => cell.slice(0, CELL_SHOWN)) }));
}

function problemsOf(mapping: ImportMapping, table: InputTable): string[] {
  try {
    columnsInUse(mapping, table.columns);
    return [];
  } catch (error) {
    if (error instanceof ApiError) return [error.message];
    throw error;
  }
}
