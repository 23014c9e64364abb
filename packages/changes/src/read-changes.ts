/**
 * Reading the log, and forgetting a person in it.
 */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import type { ChangeEvent } from './change';
import {
  type ChangeFilter,
  type ChangeVisibility,
  changesAfter,
  changesOfUnits,
  claimValues,
  eraseValuesOf,
  fieldsOfSubjects,
  lastChangesOf,
  personalValues,
  SMALL_SUBTREE,
  type SubjectPage,
  sealedChange,
  unitsBelow,
  withWholeness,
} from './read-changes.sql';
import { personalReferences, withPersonalValues } from './values';

/** Sealed events behind the position, at most `limit` of them, with the personal values that were not erased. */
export async function readChanges(
  db: AccountDatabase,
  afterPosition: number,
  limit: number,
  filter: ChangeFilter = {},
): Promise<ChangeEvent[]> {
  const statement = await matching(db, afterPosition, limit, filter);
  return statement ? withValues(db, await db.rows<ChangeEvent>(statement)) : [];
}

/**
 * The same with the place behind which the log is whole, since whoever reads on from before it would miss what lies in
 * archives, and the place where it ended: a reader who got all there was goes on from there.
 */
export async function readWholeChanges(
  db: AccountDatabase,
  afterPosition: number,
  limit: number,
  filter: ChangeFilter = {},
): Promise<{ events: ChangeEvent[]; wholeAfter: number; end: number }> {
  const matched = await matching(db, afterPosition, limit, filter);
  const statement = matched ?? changesAfter(db, afterPosition, 0, {});
  // Those who follow the log ask the same again and again, and planning takes longer than finding. Whatever the values,
  // the plan goes by position along an index; a span of time and a part of the tree are where it depends on them.
  const steady = !filter.subtree && !filter.from && !filter.to && !filter.visible?.atUnits;
  const { events, wholeAfter, end } = await withWholeness(db, statement, steady);
  return { events: await withValues(db, events), wholeAfter, end };
}

/** The last `limit` events of each subject, newest first, in the order of the subjects: one statement for all. */
export async function readHistories(
  db: AccountDatabase,
  subjects: readonly SubjectPage[],
  limit: number,
  visible?: ChangeVisibility,
): Promise<ChangeEvent[][]> {
  const histories: ChangeEvent[][] = subjects.map(() => []);
  if (subjects.length === 0) return histories;
  for (const { place, ...event } of await withValues(db, await lastChangesOf(db, subjects, limit, visible))) {
    histories[place]?.push(event);
  }
  return histories;
}

/** The sealed event of this id. */
export async function readChange(db: AccountDatabase, id: string): Promise<ChangeEvent | undefined> {
  const event = await sealedChange(db, id);
  return event && (await withValues(db, [event]))[0];
}

/** Undefined when nothing can match. */
async function matching(
  db: AccountDatabase,
  position: number,
  limit: number,
  filter: ChangeFilter,
): Promise<Statement | undefined> {
  if (!filter.subtree) return changesAfter(db, position, limit, filter);
  const units = await unitsBelow(db, filter.subtree, SMALL_SUBTREE + 1);
  if (units.length === 0) return undefined;
  if (units.length > SMALL_SUBTREE) return changesAfter(db, position, limit, filter);
  const ids = units.map(({ id }) => id);
  return changesOfUnits(db, position, limit, filter, ids);
}

async function withValues<Event extends ChangeEvent>(db: AccountDatabase, events: Event[]): Promise<Event[]> {
  const ids = events.flatMap((event) => personalReferences([event.before, event.after]));
  if (ids.length === 0) return events;
  const values = new Map((await personalValues(db, ids)).map((row) => [row.id, row.value]));
  return events.map((event) => ({
    ...event,
    before: withPersonalValues(event.before, values),
    after: withPersonalValues(event.after, values),
  }));
}

/**
 * What was personal in the events of these records before anybody was the person (an invitation that is accepted, say)
 * is this person's from now on: erasing them erases it.
 */
export async function claimPersonalValues(
  tx: AccountTransaction,
  subjectType: string,
  subjectIds: readonly string[],
  personId: string,
): Promise<void> {
  const events = await fieldsOfSubjects(tx, subjectType, subjectIds);
  const ids = events.flatMap(({ before, after }) => personalReferences([before, after]));
  if (ids.length > 0) await claimValues(tx, ids, personId);
}

/** Erases what the log of this account keeps of a person's names, addresses and phones. Returns how many values. */
export function erasePersonalValues(tx: AccountTransaction, personId: string): Promise<number> {
  return eraseValuesOf(tx, personId);
}
