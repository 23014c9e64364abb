/**
 * A file of users, CSV or XLSX, read in batches of a bounded size, so that memory does not grow with its rows.
 */
import type { AccountDatabase } from '@iroko/database';
import { badInput, limitExceeded } from '@iroko/errors';
import { CONTENT_TYPES, type Files } from '@iroko/files';
import { detectDialect, readCsv, readXlsx, type TableRow, unprotectCell } from '@iroko/tabular';
import { type ColumnPlaces, columnPlaces } from './columns';

const FILE_BYTES_MAX = 50_000_000;
export const BATCH_ROWS = 500;

export interface UsersFile {
  places: ColumnPlaces;
  rows: TableRow[];
}

/** Batches of rows below the heading, those that are wholly empty left out. Throws for what is no file of users. */
export async function* readUsersFile(
  files: Files,
  db: AccountDatabase,
  fileId: string,
): AsyncGenerator<UsersFile> {
  const file = await files.find(db, fileId);
  if (file.size > FILE_BYTES_MAX) {
    throw limitExceeded('The file is too large for a file of users.', 'bytes', FILE_BYTES_MAX, file.size);
  }
  if (file.contentType === CONTENT_TYPES.xlsx) {
    const copy = await files.localCopy(db, fileId);
    try {
      yield* batches(readXlsx(copy.path));
    } finally {
      await copy.dispose();
    }
    return;
  }
  const open = async () => (await files.open(db, fileId)).stream;
  const dialect = await detectDialect(open);
  yield* batches(readCsv(open, dialect), unprotectCell);
}

async function* batches(
  read: AsyncIterable<TableRow[]>,
  clean: (cell: string) => string = (cell) => cell,
): AsyncGenerator<UsersFile> {
  let places: ColumnPlaces | undefined;
  let rows: TableRow[] = [];
  for await (const batch of read) {
    for (const { line, cells } of batch) {
      if (cells.every((cell) => cell.trim() === '')) continue;
      if (!places) {
        places = columnPlaces(cells);
        continue;
      }
      rows.push({ line, cells: cells.map(clean) });
      if (rows.length < BATCH_ROWS) continue;
      yield { places, rows };
      rows = [];
    }
  }
  if (!places) throw badInput('The file holds no row, so it has no headings.');
  if (rows.length > 0) yield { places, rows };
}
