/**
 * The `changes` subscription: reads the log behind the cursor in batches, each an ordinary query with the viewer's
 * rights of that moment, until it has caught up, and then whenever the log has grown. There is no seam between the
 * two, since both are the same reading. Nothing is kept here but a batch and a cursor, so it goes on in any process.
 */
import type { GraphQLAnswer } from '@iroko/http';
import type { GraphQLFormattedError } from 'graphql';
import type { Following } from './following';
import { AFTER, FIRST, type SubscribedQuery } from './subscribed-query';
import { Bell } from './waiting';

/** Events of a batch at most. What is left of a batch is given out for this long only: rights may change meanwhile. */
const BATCH_MAX = 200;
const BATCH_GOOD_MS = 5000;

interface Page {
  edges: { cursor: string; node: unknown }[];
  pageInfo: { endCursor: string | null; hasNextPage: boolean };
}

export async function* followChanges(
  following: Following,
  { query, operationName, responseKey, variables, after: begin }: SubscribedQuery,
  cost: number,
  costLimit: number,
): AsyncGenerator<GraphQLAnswer> {
  const { signal } = following;
  const first = Math.max(1, Math.min(BATCH_MAX, Math.floor(costLimit / Math.max(1, cost))));
  const bell = new Bell();
  const unwatch = await following.watch(() => bell.ring());
  let after = begin;
  try {
    for (;;) {
      bell.still();
      const readAt = performance.now();
      const { data, errors } = await following.run({
        query,
        operationName,
        variables: { ...variables, [FIRST]: first, [AFTER]: after },
      });
      const page = (data as { changes?: Page | null } | null | undefined)?.changes;
      if (!page) {
        yield { errors: errors ?? [] };
        return;
      }
      const stale = () => performance.now() - readAt > BATCH_GOOD_MS;
      let given = 0;
      for (const [index, edge] of page.edges.entries()) {
        if (signal.aborted) return;
        if (stale()) break;
        yield answerOf(responseKey, edge.node, errorsAt(errors, index, responseKey));
        after = edge.cursor;
        given++;
      }
      if (given < page.edges.length) continue;
      after = page.pageInfo.endCursor ?? after;
      if (!page.pageInfo.hasNextPage && !(await following.news(bell))) return;
    }
  } finally {
    unwatch();
  }
}

function answerOf(key: string, node: unknown, errors: readonly GraphQLFormattedError[]): GraphQLAnswer {
  return errors.length > 0 ? { errors, data: { [key]: node } } : { data: { [key]: node } };
}

/** Errors of one event, with their path as the client knows it. */
function errorsAt(
  errors: readonly GraphQLFormattedError[] | undefined,
  index: number,
  key: string,
): GraphQLFormattedError[] {
  return (errors ?? []).flatMap((error) => {
    const [, , at, , ...rest] = error.path ?? [];
    return at === index ? [{ ...error, path: [key, ...rest] }] : [];
  });
}
