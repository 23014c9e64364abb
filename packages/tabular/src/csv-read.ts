/** Reading a CSV file row by row; memory does not grow with its length. */
import { CsvRows, type TableRow } from './csv-rows';
import type { DetectedDialect, OpenBytes } from './dialect';
import { decode } from './encoding';

/** All rows, the header included, in the batches in which the file arrives. */
export async function* readCsv(
  open: OpenBytes,
  dialect: Pick<DetectedDialect, 'separator' | 'encoding' | 'carriageReturns'>,
): AsyncGenerator<TableRow[]> {
  const reader = new CsvRows(dialect.separator);
  for await (const text of decode(await open(), dialect.encoding)) {
    yield reader.push(dialect.carriageReturns ? text.replaceAll('\r', '\n') : text);
  }
  yield reader.end();
}
