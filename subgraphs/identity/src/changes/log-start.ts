/**
 * What is too old for the log lies in archives. Whoever would read on from before them would miss it and not know, so
 * they are told from where the log is whole, and where the rest is.
 */
import { type ChangeCursors, logStart } from '@iroko/changes';
import type { AccountDatabase } from '@iroko/database';
import { type ApiError, badInput } from '@iroko/errors';

/** Throws BAD_USER_INPUT when something behind the position was archived; null is the beginning of everything. */
export async function refuseArchived(
  db: AccountDatabase,
  cursors: ChangeCursors,
  position: number | null,
  path: string[],
): Promise<void> {
  const { wholeAfter } = await logStart(db);
  if ((position ?? 0) < wholeAfter) throw await archived(db, cursors, position === null, path);
}

/** The refusal of a place that lies before where the log is whole. */
export async function archived(
  db: AccountDatabase,
  cursors: ChangeCursors,
  fromTheStart: boolean,
  path: string[],
): Promise<ApiError> {
  const { wholeAfter, archivedThrough } = await logStart(db);
  const what = fromTheStart ? 'The first changes' : 'Changes that follow this cursor';
  const until = archivedThrough ? `, up to ${archivedThrough.toISOString()}` : '';
  return badInput(
    `${what} were archived${until}: they lie in the files that \`changeArchives\` lists. The log is whole behind the cursor in \`wholeAfter\`.`,
    {
      path,
      wholeAfter: cursors.encode(db.account, wholeAfter),
      archivedThrough: archivedThrough?.toISOString() ?? null,
    },
  );
}
