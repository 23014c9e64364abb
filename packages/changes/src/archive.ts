/**
 * Putting old events into files, so that the log does not grow for ever. The events go in the transaction that notes
 * where they lie; the chain goes on from the hash at the end of the archive, so nothing can be taken out unnoticed.
 */
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { type AccountDatabase, type AccountTransaction, newId } from '@iroko/database';
import { type ArchiveSpan, archivedLines, deleteArchived, insertArchive } from './archive.sql';
import { recordChange } from './record-change';

/** JSON lines, gzipped: an event each, in the order of the log, with its hashes. */
export function archiveContent(db: AccountDatabase, { firstPosition, lastPosition }: ArchiveSpan): Readable {
  async function* lines() {
    for await (const batch of archivedLines(db, firstPosition, lastPosition)) {
      yield batch.map(({ line }) => `${line}\n`).join('');
    }
  }
  const gzip = createGzip();
  const source = Readable.from(lines());
  source.on('error', (error) => gzip.destroy(error));
  return source.pipe(gzip);
}

/** Takes the events out of the log, which are in the file by now. */
export async function closeArchive(tx: AccountTransaction, span: ArchiveSpan, fileId: string): Promise<void> {
  const id = newId();
  await insertArchive(tx, id, span, fileId);
  await deleteArchived(tx, span);
  const { firstPosition, lastPosition } = span;
  await recordChange(tx, {
    subjectType: 'ChangeArchive',
    subjectId: id,
    action: 'CREATE',
    before: null,
    after: { events: lastPosition - firstPosition + 1, from: span.firstAt, to: span.lastAt, fileId },
  });
}
