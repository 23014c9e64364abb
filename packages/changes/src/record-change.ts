/**
 * Writing the log. A change and its event commit together or not at all.
 */
import { type AccountTransaction, newId } from '@iroko/database';
import type { Change } from './change';
import { type EventRow, insertEvent, insertEvents, insertPersonalValues } from './record-change.sql';
import { type PersonalValueRow, withoutPersonalValues } from './values';
import { wakeSealer } from './wake';

/**
 * Writes the event of one change, in the transaction of the change, after the change itself: then the events of a
 * record come in the order of its changes. Takes no lock and waits for nobody. Returns the event's id.
 */
export async function recordChange(tx: AccountTransaction, change: Change): Promise<string> {
  const [id] = await recordChanges(tx, [change]);
  return id as string;
}

/** The same for several changes of one transaction, in their order, in one statement. */
export async function recordChanges(tx: AccountTransaction, changes: readonly Change[]): Promise<string[]> {
  if (changes.length === 0) return [];
  const kept: PersonalValueRow[] = [];
  const rows = changes.map((change) => eventRow(change, kept));
  if (kept.length > 0) await insertPersonalValues(tx, kept);
  const [first, ...others] = rows;
  if (first && others.length === 0) await insertEvent(tx, first);
  else await insertEvents(tx, rows);
  tx.afterCommit(wakeSealer);
  return rows.map((row) => row.id);
}

function eventRow(change: Change, kept: PersonalValueRow[]): EventRow {
  return {
    id: newId(),
    subjectType: change.subjectType,
    subjectId: change.subjectId,
    unitId: change.unitId ?? null,
    projectId: change.projectId ?? null,
    action: change.action,
    before: withoutPersonalValues(change.before, kept),
    after: withoutPersonalValues(change.after, kept),
    reason: change.reason ?? null,
  };
}
