/**
 * A file as an import meets it: rows that can be read more than once, in the order of the file. Preview, staging and
 * the quarantine's CSV all read it through here.
 */
import type { AccountDatabase } from '@iroko/database';
import { badInput } from '@iroko/errors';
import { CONTENT_TYPES, type FileRow, type Files } from '@iroko/files';
import { columnNames, detectDialect, type OpenBytes, readCsv, readXlsx, type TableRow } from '@iroko/tabular';
import { openGeoPackage } from './geopackage-table';
import type { InputTable, TableHabits } from './input-table';

/** What is no table of units, in words. */
const REFUSED: Readonly<Record<string, string>> = {
  [CONTENT_TYPES.pdf]: 'a PDF document',
  [CONTENT_TYPES.png]: 'a picture',
  [CONTENT_TYPES.jpeg]: 'a picture',
  [CONTENT_TYPES.zip]: 'a ZIP archive',
  [CONTENT_TYPES.xml]: 'XML',
  [CONTENT_TYPES.json]: 'JSON',
  [CONTENT_TYPES.geojson]: 'GeoJSON',
  [CONTENT_TYPES.sqlite]: 'an SQLite database that is no GeoPackage',
};

/** Throws BAD_USER_INPUT for a file that is empty or of a type that imports do not read. */
export function refuseWrongType(file: Pick<FileRow, 'contentType' | 'size' | 'name'>): void {
  if (file.size === 0) throw badInput(`The file ${JSON.stringify(file.name)} is empty: it has 0 bytes.`);
  const what = REFUSED[file.contentType];
  if (what) {
    throw badInput(
      `The file ${JSON.stringify(file.name)} is ${what}. Imports read CSV, XLSX and GeoPackage files.`,
      { contentType: file.contentType },
    );
  }
  if (/\.gpkg$/i.test(file.name) && file.contentType !== CONTENT_TYPES.geopackage) {
    throw badInput(
      `The file ${JSON.stringify(file.name)} is named as a GeoPackage, and its content is ${file.contentType}. Export it again, or name it as what it is.`,
      { contentType: file.contentType },
    );
  }
}

/** Opens a CSV, XLSX or GeoPackage file. Throws BAD_USER_INPUT for one that is not what it should be. */
export async function openTable(
  db: AccountDatabase,
  files: Files,
  file: FileRow,
  habits: TableHabits,
): Promise<InputTable> {
  refuseWrongType(file);
  if (file.contentType === CONTENT_TYPES.geopackage) return openGeoPackage(db, files, file);
  return file.contentType === CONTENT_TYPES.xlsx
    ? openSpreadsheet(db, files, file, habits)
    : openCsv(async () => (await files.open(db, file.id)).stream, habits);
}

/** A CSV file from wherever its bytes come. */
export async function openCsv(open: OpenBytes, habits: TableHabits): Promise<InputTable> {
  const { separator, encoding, decimalSign, dateOrder, header } = habits;
  const named = Object.fromEntries(
    Object.entries({ separator, encoding, decimalSign, dateOrder, header }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  const dialect = await detectDialect(open, named);
  const columns = await firstRow(readCsv(open, dialect));
  return {
    format: 'CSV',
    columns: dialect.header ? columnNames(columns) : columnNames(columns.map(() => '')),
    decimalSign: dialect.decimalSign,
    dateOrder: dialect.dateOrder,
    dialect,
    size: dialect.size,
    rows: (onBytes) => withoutHeader(readCsv(counted(open, onBytes), dialect), dialect.header),
    dispose: async () => undefined,
  };
}

async function openSpreadsheet(
  db: AccountDatabase,
  files: Files,
  file: FileRow,
  habits: TableHabits,
): Promise<InputTable> {
  const copy = await files.localCopy(db, file.id);
  try {
    const columns = await firstRow(readXlsx(copy.path, habits.sheet));
    const hasHeader = habits.header ?? true;
    return {
      format: 'XLSX',
      columns: hasHeader ? columnNames(columns) : columnNames(columns.map(() => '')),
      decimalSign: habits.decimalSign ?? 'POINT',
      dateOrder: habits.dateOrder ?? 'YMD',
      dialect: null,
      size: file.size,
      rows: () => withoutHeader(readXlsx(copy.path, habits.sheet), hasHeader),
      dispose: () => copy.dispose(),
    };
  } catch (error) {
    await copy.dispose();
    throw error;
  }
}

/** The cells of the first row that is not blank: the header, or with none the first data. */
async function firstRow(batches: AsyncGenerator<TableRow[]>): Promise<string[]> {
  for await (const rows of batches) {
    const row = rows.find(({ cells }) => cells.some((cell) => cell.trim() !== ''));
    if (row) {
      await batches.return(undefined);
      return row.cells;
    }
  }
  throw badInput('The file is empty: it has no rows.');
}

async function* withoutHeader(
  batches: AsyncGenerator<TableRow[]>,
  hasHeader: boolean,
): AsyncGenerator<TableRow[]> {
  let isHeaderDue = hasHeader;
  for await (const rows of batches) {
    if (!isHeaderDue) {
      yield rows;
      continue;
    }
    const at = rows.findIndex(({ cells }) => cells.some((cell) => cell.trim() !== ''));
    if (at < 0) continue;
    isHeaderDue = false;
    yield rows.slice(at + 1);
  }
}

function counted(open: OpenBytes, onBytes?: (read: number) => void): OpenBytes {
  if (!onBytes) return open;
  return async () => {
    const bytes = await open();
    return (async function* () {
      let read = 0;
      for await (const piece of bytes) {
        read += piece.byteLength;
        onBytes(read);
        yield piece;
      }
    })();
  };
}
