/**
 * Reading the log, and forgetting a person in it.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import type { ChangeEvent } from './change';
import { type ChangeFilter, changesAfter, eraseValuesOf, personalValues } from './read-changes.sql';
import { personalReferences, withPersonalValues } from './values';

/** Sealed events behind the position, at most `limit` of them, with the personal values that were not erased. */
export async function readChanges(
  db: AccountDatabase,
  afterPosition: number,
  limit: number,
  filter: ChangeFilter = {},
): Promise<ChangeEvent[]> {
  const events = await changesAfter(db, afterPosition, limit, filter);
  const ids = events.flatMap((event) => personalReferences([event.before, event.after]));
  if (ids.length === 0) return events;
  const values = new Map((await personalValues(db, ids)).map((row) => [row.id, row.value]));
  return events.map((event) => ({
    ...event,
    before: withPersonalValues(event.before, values),
    after: withPersonalValues(event.after, values),
  }));
}

/** Erases what the log of this account keeps of a person's names, addresses and phones. Returns how many values. */
export function erasePersonalValues(tx: AccountTransaction, personId: string): Promise<number> {
  return eraseValuesOf(tx, personId);
}
