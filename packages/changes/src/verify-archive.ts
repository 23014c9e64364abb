/**
 * Proving that the files of an archive say what the log said: every line is an event whose hash is computed again, and
 * they carry on the chain from where the archive before ended.
 */
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { AccountTransaction } from '@iroko/database';
import { type ArchivedSpan, archivedLinks } from './archive.sql';
import { type ChainEnd, type LinkDefect, linkDefect } from './chain';

/** The content of the file of an archive, as it lies in the storage. Throws when there is none. */
export type OpenArchive = (fileId: string) => Promise<Readable>;

/** ARCHIVE: the file is gone, cannot be read, or holds more or less than was put into it. */
export interface ArchiveDefect {
  position: number;
  eventId: string | null;
  defect: LinkDefect | 'ARCHIVE';
}

const BATCH = 500;

/** Undefined when the file carries the chain on from `start` to the end that was noted of it. */
export async function archiveDefect(
  tx: AccountTransaction,
  start: ChainEnd,
  { fileId, last }: ArchivedSpan,
  open: OpenArchive,
): Promise<ArchiveDefect | undefined> {
  let end = start;
  try {
    for await (const lines of batches(await open(fileId))) {
      // A line that is no event fails its statement, and not what is verified after it.
      for (const link of await tx.transaction(() => archivedLinks(tx, lines))) {
        const defect = linkDefect(end, link);
        if (defect) return { position: end.position + 1, eventId: link.id, defect };
        end = { position: link.position, hash: link.hash };
      }
    }
  } catch {
    return { position: end.position + 1, eventId: null, defect: 'ARCHIVE' };
  }
  if (end.position === last.position && end.hash.equals(last.hash)) return undefined;
  return { position: end.position + 1, eventId: null, defect: 'ARCHIVE' };
}

async function* batches(content: Readable): AsyncGenerator<string[]> {
  let lines: string[] = [];
  for await (const line of linesOf(content)) {
    lines.push(line);
    if (lines.length < BATCH) continue;
    yield lines;
    lines = [];
  }
  if (lines.length > 0) yield lines;
}

async function* linesOf(content: Readable): AsyncGenerator<string> {
  const text = createGunzip();
  content.on('error', (error) => text.destroy(error));
  let rest = '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of content.pipe(text)) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest + decoder.decode() !== '') throw new Error('The last line was cut off.');
  } finally {
    content.destroy();
  }
}
