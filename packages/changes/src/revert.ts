/**
 * Taking a change back: the fields that an edit changed become what they were before it, as a new edit under the same
 * rules. What was changed again since is not taken back unseen.
 */
import { isDeepStrictEqual } from 'node:util';
import { type AccountDatabase, isId } from '@iroko/database';
import { badInput, conflict, notFound } from '@iroko/errors';
import type { Change, ChangeEvent } from './change';
import { readChange } from './read-changes';

/** What an edit that takes a change back says of itself in the log. */
export interface RevertWords {
  /** The id of the change that it takes back. */
  readonly reverts: string;
  readonly reason: string | null;
}

export interface RevertedEdit<Field extends string> {
  readonly subjectId: string;
  /** What the record shall have again: the fields that the edit changed, as they were before it. */
  readonly fields: Readonly<Partial<Record<Field, unknown>>>;
  readonly words: RevertWords;
  /** Throws CONFLICT with the fields that are no longer what the edit made of them. */
  requireUnchanged(now: Readonly<Record<Field, unknown>>): void;
}

/**
 * The edit that shall be taken back, of one of these fields. Throws NOT_FOUND for what is no change of a record of this
 * type, BAD_USER_INPUT for one that is no edit (a creation, a removal, bulk work), and what `refuse` throws.
 */
export async function editToRevert<Field extends string>(
  db: AccountDatabase,
  eventId: string,
  subjectType: string,
  names: readonly Field[],
  reason: string | null,
  refuse: (event: ChangeEvent) => void = () => undefined,
): Promise<RevertedEdit<Field>> {
  const event = isId(eventId) ? await readChange(db, eventId) : undefined;
  if (event?.subjectType !== subjectType) throw notFound('ChangeEvent', eventId);
  refuse(event);
  const { id, subjectId, action } = event;
  const before = event.before ?? {};
  const after = event.after ?? {};
  const changed = names.filter(
    (name) => name in before && name in after && !isDeepStrictEqual(before[name], after[name]),
  );
  if (changed.length === 0) {
    throw badInput(
      `This ${action} of a ${subjectType} is no edit that could be taken back: only changed fields can.`,
      { path: ['event'], action },
    );
  }
  return {
    subjectId,
    fields: Object.fromEntries(changed.map((name) => [name, before[name]])) as Partial<
      Record<Field, unknown>
    >,
    words: { reverts: id, reason },
    requireUnchanged(now) {
      const since = changed.filter((name) => !isDeepStrictEqual(asLogged(now[name]), after[name]));
      if (since.length === 0) return;
      throw conflict(
        `Changed again since: ${since.join(', ')}. Take the later change back first, or edit the record.`,
        { fields: since },
      );
    },
  };
}

/** The change as the log tells of it: with `words` it takes another one back, and names it in `after`. */
export function asRevert(change: Change, words: RevertWords | undefined): Change {
  if (!words) return change;
  const { reverts, reason } = words;
  return { ...change, action: 'REVERT', after: { ...change.after, reverts }, reason };
}

/** A value as the log keeps it, apart from the order of keys. */
function asLogged(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
