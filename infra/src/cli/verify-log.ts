/**
 * `npm run iroko -- verify-log`: whether anybody changed the log, asked of the database itself and not of a server
 * that may be the one who did.
 */

import { join } from 'node:path';
import { type BrokenLink, verifyAllChanges } from '@iroko/changes';
import { type AccountDatabase, Database, isId } from '@iroko/database';
import { DiskStorage, filesById } from '@iroko/files';
import { readSettings } from '@iroko/settings';
import { reachDatabase } from '../stack/reach-database';
import { CommandFailure } from './failure';

export interface AccountLog {
  accountId: string;
  /** Those whose link holds, from the first on. */
  events: number;
  /** Null when the whole chain holds. */
  broken: BrokenLink | null;
}

/** Throws CommandFailure for an account without a log. */
export async function verifyLog(env: NodeJS.ProcessEnv, account: string | undefined): Promise<AccountLog[]> {
  if (account !== undefined && !isId(account))
    throw new CommandFailure('--account takes the id of an account.');
  const settings = readSettings(env);
  const storage = new DiskStorage(join(settings.dataDir, 'files'));
  const openArchive = async (db: AccountDatabase, fileId: string) => {
    const [file] = await filesById(db, [fileId]);
    if (!file) throw new Error(`The file ${fileId} is gone.`);
    return storage.get(file.storageKey);
  };
  const reached = await reachDatabase(settings);
  const database = new Database({ url: reached.url, name: 'verify-log' });
  try {
    const logs: AccountLog[] = [];
    for await (const { accountId, verification } of verifyAllChanges(database, account, openArchive)) {
      const { events } = verification;
      logs.push({ accountId, events, broken: verification.intact ? null : verification.broken });
    }
    if (account !== undefined && logs.length === 0)
      throw new CommandFailure(`Account ${account} has no log.`);
    return logs;
  } finally {
    await database.close();
    await reached.stop();
  }
}

const DEFECTS: Readonly<Record<BrokenLink['defect'], string>> = {
  MISSING: 'an event is missing',
  PREVIOUS_HASH: 'the event does not follow the one before it',
  CONTENT: 'the event was changed',
  END: 'the end of the log was cut off',
  ARCHIVE: 'the archive is gone, cannot be read, or was cut off',
};

export function logLines(logs: readonly AccountLog[]): string[] {
  if (logs.length === 0) return ['There is no log yet.'];
  return logs.map(({ accountId, events, broken }) => {
    if (!broken) return `Account ${accountId}: ${events} events, intact.`;
    const event = broken.eventId === null ? '' : ` (event ${broken.eventId})`;
    const file = broken.fileId === null ? '' : ` in the archive in file ${broken.fileId}`;
    return `Account ${accountId}: BROKEN at position ${broken.position}${event}${file}: ${DEFECTS[broken.defect]}. The ${events} events before it are intact.`;
  });
}
