/**
 * A page of the log. Its cursors are positions: they stay good with any filter, until what is behind them is archived.
 */
import { type ChangeCursors, type ChangeEvent, type ChangeFilter, readWholeChanges } from '@iroko/changes';
import { isId } from '@iroko/database';
import { badInput } from '@iroko/errors';
import { type Connection, MAX_PAGE, type PageArgs } from '@iroko/graph';
import type { IdentityContext } from '../context';
import type { ChangeEventType, ChangeFilterInput } from './change-type';
import { archived } from './log-start';
import { visibleTo } from './visible-changes';

/**
 * Throws BAD_USER_INPUT for a page size out of range, a cursor that is not of this log or from before its beginning,
 * and a filter without sense.
 */
export async function changesPage(
  context: IdentityContext,
  { first, after = null }: PageArgs,
  input: ChangeFilterInput,
): Promise<Connection<ChangeEventType>> {
  if (first < 0 || first > MAX_PAGE) {
    throw badInput(`first is ${first}; a page has 0 to ${MAX_PAGE} items.`, { path: ['first'] });
  }
  const { db } = context;
  const { changeCursors } = context.services;
  const position = after === null ? 0 : changeCursors.decode(db.account, after);
  const filter = checkedFilter(input);
  const visible = await visibleTo(context);
  const { events, wholeAfter, end } = await readWholeChanges(db, position, filter ? first + 1 : 0, {
    ...filter,
    visible,
  });
  if (after !== null && position < wholeAfter) throw await archived(db, changeCursors, false, ['after']);
  const page = connectionOfChanges(events, { account: db.account, cursors: changeCursors, first, after });
  page.pageInfo.hasPreviousPage ||= wholeAfter > 0;
  // Also for whom nothing matched: a place that never moved on would lie before the archive one day.
  if (!page.pageInfo.hasNextPage) page.pageInfo.endCursor = changeCursors.encode(db.account, end);
  return page;
}

interface PlaceInLog {
  account: string;
  cursors: ChangeCursors;
  first: number;
  after: string | null;
}

/** The page from its events and one more, if there is one. */
export function connectionOfChanges(
  events: readonly ChangeEvent[],
  { account, cursors, first, after }: PlaceInLog,
): Connection<ChangeEventType> {
  const edges = events.slice(0, first).map((event) => {
    const cursor = cursors.encode(account, event.position);
    return { node: changeType(event, cursor), cursor };
  });
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
  if (input.from && input.to && input.from >= input.to) {
    throw badInput('The span ends before it begins: give a `to` that is later than `from`.', {
      path: ['filter', 'to'],
    });
  }
  const ids = [input.unitId, input.subtree, input.projectId, input.userId].filter((id) => id != null);
  return ids.every(isId) ? input : undefined;
}

function changeType(
  { userId, tokenId, jobId, onBehalfOf, hash, ...event }: ChangeEvent,
  cursor: string,
): ChangeEventType {
  return { ...event, cursor, actor: { userId, tokenId, jobId, onBehalfOf }, hash: hash.toString('hex') };
}
