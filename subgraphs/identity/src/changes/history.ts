/**
 * The history of a record: its events, newest first. Those of a list of records are one statement.
 */
import { type ChangeEvent, readHistories, type SubjectPage } from '@iroko/changes';
import { badInput } from '@iroko/errors';
import { type Connection, MAX_PAGE, type PageArgs } from '@iroko/graph';
import type { IdentityContext } from '../context';
import type { ChangeEventType } from './change-type';
import { connectionOfChanges } from './changes-page';
import { visibleTo } from './visible-changes';

/** Throws BAD_USER_INPUT for a page size out of range and a cursor that is not of this log. */
export async function historyOf(
  context: IdentityContext,
  subjectType: string,
  subjectId: string,
  { first, after = null }: PageArgs,
): Promise<Connection<ChangeEventType>> {
  if (first < 0 || first > MAX_PAGE) {
    throw badInput(`first is ${first}; a page has 0 to ${MAX_PAGE} items.`, { path: ['first'] });
  }
  const cursors = context.services.changeCursors;
  const before = after === null ? null : cursors.decode(context.db.account, after);
  const events = await context
    .loader<SubjectPage, ChangeEvent[]>(
      `history of ${first}`,
      async (subjects) => readHistories(context.db, subjects, first + 1, await visibleTo(context)),
      ({ subjectType: type, subjectId: id, before: place }) => `${type} ${id} ${place}`,
    )
    .load({ subjectType, subjectId, before });
  return connectionOfChanges(events, { account: context.db.account, cursors, first, after });
}
