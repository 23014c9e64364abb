/**
 * Proving that nobody changed the log: every hash is computed again from what the events say.
 */
import type { AccountDatabase, Database } from '@iroko/database';
import { archivedSpans } from './archive.sql';
import { CHAIN_START, type ChainEnd, linkDefect } from './chain';
import { type ArchiveDefect, archiveDefect, type OpenArchive } from './verify-archive';
import { accountsWithLog, recordedEnd, sealedLinks } from './verify-changes.sql';

export interface BrokenLink {
  /** Where the chain breaks first: the position that is missing, changed, or does not follow. */
  position: number;
  /** The event found there; null when the end of the log or of an archive is missing. */
  eventId: string | null;
  /** The file of the archive in which it breaks; null for the log itself. */
  fileId: string | null;
  /**
   * MISSING: an event is gone. PREVIOUS_HASH: it follows another one. CONTENT: it was changed. END: the log was cut.
   * ARCHIVE: the file of an archive is gone, cannot be read, or was cut.
   */
  defect: ArchiveDefect['defect'] | 'END';
}

export type Verification =
  | { intact: true; events: number }
  | { intact: false; events: number; broken: BrokenLink };

/**
 * Reads the whole log of the account once, in batches; with `openArchive` the files of its archives too, line by line,
 * of which otherwise the ends that were noted are believed.
 */
export function verifyChanges(db: AccountDatabase, openArchive?: OpenArchive): Promise<Verification> {
  return db.transaction(
    async (tx) => {
      let end: ChainEnd = CHAIN_START;
      for (const span of await archivedSpans(tx)) {
        const defect = openArchive && (await archiveDefect(tx, end, span, openArchive));
        if (defect)
          return broken({ ...end, position: defect.position - 1 }, { ...defect, fileId: span.fileId });
        end = span.last;
      }
      for await (const links of sealedLinks(tx)) {
        for (const link of links) {
          const defect = linkDefect(end, link);
          if (defect)
            return broken(end, { position: end.position + 1, eventId: link.id, fileId: null, defect });
          end = { position: link.position, hash: link.hash };
        }
      }
      const recorded = (await recordedEnd(tx)) ?? CHAIN_START;
      if (recorded.position !== end.position || !recorded.hash.equals(end.hash)) {
        return broken(end, { position: end.position + 1, eventId: null, fileId: null, defect: 'END' });
      }
      return { intact: true, events: end.position };
    },
    // One snapshot: what is sealed meanwhile belongs to the next verification.
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** One account after the other; for operators. `accountId` chooses one. */
export async function* verifyAllChanges(
  database: Database,
  accountId?: string,
  openArchive?: (db: AccountDatabase, fileId: string) => ReturnType<OpenArchive>,
): AsyncGenerator<{ accountId: string; verification: Verification }> {
  for (const account of await accountsWithLog(database.system)) {
    if (accountId !== undefined && account.accountId !== accountId) continue;
    const db = database.forAccount({ accountId: account.accountId, requestId: 'verify-log' });
    const verification = await verifyChanges(db, openArchive && ((fileId) => openArchive(db, fileId)));
    yield { accountId: account.accountId, verification };
  }
}

function broken(end: ChainEnd, link: BrokenLink): Verification {
  return { intact: false, events: end.position, broken: link };
}
