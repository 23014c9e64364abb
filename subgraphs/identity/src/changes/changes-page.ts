/**
 * A page of the log. Its cursors are positions: they stay good for ever, with any filter.
 */
import { type ChangeCursors, type ChangeEvent, type ChangeFilter, readChanges } from '@iroko/changes';
import { type AccountDatabase, isId } from '@iroko/database';
import { badInput } from '@iroko/errors';
import { type Connection, MAX_PAGE, type PageArgs } from '@iroko/graph';
import type { ChangeEventType, ChangeFilterInput } from './change-type';

/** Throws BAD_USER_INPUT for a page size out of range, a cursor that is not of this log, and a filter without sense. */
export async function changesPage(
  db: AccountDatabase,
  cursors: ChangeCursors,
  { first, after = null }: PageArgs,
  input: ChangeFilterInput,
): Promise<Connection<ChangeEventType>> {
  if (first < 0 || first > MAX_PAGE) {
    throw badInput(`first is ${first}; a page has 0 to ${MAX_PAGE} items.`, { path: ['first'] });
  }
  const position = after === null ? 0 : cursors.decode(db.account, after);
  const filter = checkedFilter(input);
  const events = filter ? await readChanges(db, position, first + 1, filter) : [];
  const shown = events.slice(0, first);
  const edges = shown.map((event) => ({
    node: changeType(event),
    cursor: cursors.encode(db.account, event.position),
  }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: events.length > first,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      // A reader who waits for news keeps its place when there are none.
      endCursor: edges.at(-1)?.cursor ?? after,
    },
  };
}

/** Undefined when nothing can match: an id that is none never was. */
function checkedFilter(input: ChangeFilterInput): ChangeFilter | undefined {
  if (input.subjectId != null && input.subjectType == null) {
    throw badInput('subjectId needs subjectType: ids are looked for within a type.', {
      path: ['filter', 'subjectType'],
    });
  }
  const ids = [input.unitId, input.userId].filter((id) => id != null);
  return ids.every(isId) ? input : undefined;
}

function changeType({ userId, tokenId, jobId, onBehalfOf, hash, ...event }: ChangeEvent): ChangeEventType {
  return { ...event, actor: { userId, tokenId, jobId, onBehalfOf }, hash: hash.toString('hex') };
}
