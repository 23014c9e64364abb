/**
 * Proving that nobody changed the log: every hash is computed again from what the events say.
 */
import type { AccountDatabase, Database } from '@iroko/database';
import { archiveEnd } from './archive.sql';
import { CHAIN_START, type ChainEnd, type LinkDefect, linkDefect } from './chain';
import { accountsWithLog, recordedEnd, sealedLinks } from './verify-changes.sql';

export interface BrokenLink {
  /** Where the chain breaks first: the position that is missing, changed, or does not follow. */
  position: number;
  /** The event found there; null when the end of the log is missing. */
  eventId: string | null;
  /** MISSING: an event is gone. PREVIOUS_HASH: it follows another one. CONTENT: it was changed. END: the log was cut. */
  defect: LinkDefect | 'END';
}

export type Verification =
  | { intact: true; events: number }
  | { intact: false; events: number; broken: BrokenLink };

/** Reads the whole log of the account once, in batches. */
export function verifyChanges(db: AccountDatabase): Promise<Verification> {
  return db.transaction(
    async (tx) => {
      let end: ChainEnd = (await archiveEnd(tx)) ?? CHAIN_START;
      for await (const links of sealedLinks(tx)) {
        for (const link of links) {
          const defect = linkDefect(end, link);
          if (defect) return broken(end, { position: end.position + 1, eventId: link.id, defect });
          end = { position: link.position, hash: link.hash };
        }
      }
      const recorded = (await recordedEnd(tx)) ?? CHAIN_START;
      if (recorded.position !== end.position || !recorded.hash.equals(end.hash)) {
        return broken(end, { position: end.position + 1, eventId: null, defect: 'END' });
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
): AsyncGenerator<{ accountId: string; verification: Verification }> {
  for (const account of await accountsWithLog(database.system)) {
    if (accountId !== undefined && account.accountId !== accountId) continue;
    const db = database.forAccount({ accountId: account.accountId, requestId: 'verify-log' });
    yield { accountId: account.accountId, verification: await verifyChanges(db) };
  }
}

function broken(end: ChainEnd, link: BrokenLink): Verification {
  return { intact: false, events: end.position, broken: link };
}
