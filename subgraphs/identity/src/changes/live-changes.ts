/**
 * The log from a cursor on and without end, for routers that pass subscriptions through to identity. Our own gateway
 * reads the log itself, page by page.
 */
import { requirePermission } from '@iroko/viewer';
import type { IdentityContext } from '../context';
import { Bell } from './bell';
import type { ChangeEventType, ChangeFilterInput } from './change-type';
import { changesPage } from './changes-page';

const PAGE = 200;
/** What is left of a page is given out for this long only: rights may change meanwhile. */
const PAGE_GOOD_MS = 5000;
/** How often it is looked whether the token still holds. */
const CHECK_MS = 5000;

/** Throws what a page throws; UNAUTHENTICATED and FORBIDDEN also later, when a right is gone. */
export async function* liveChanges(
  context: IdentityContext,
  begin: string | null,
  filter: ChangeFilterInput,
): AsyncGenerator<ChangeEventType> {
  const { signal, services, db } = context;
  const bell = new Bell();
  const unwatch = services.watch.watch(db.account, () => bell.ring());
  const leave = () => bell.ring();
  signal?.addEventListener('abort', leave);
  let after = begin;
  try {
    while (!signal?.aborted) {
      bell.still();
      const now = await context.now();
      requirePermission(now.viewer, 'audit.read');
      const readAt = performance.now();
      const page = await changesPage(now, { first: PAGE, after }, filter);
      let given = 0;
      for (const { node, cursor } of page.edges) {
        if (signal?.aborted) return;
        if (performance.now() - readAt > PAGE_GOOD_MS) break;
        yield node;
        after = cursor;
        given++;
      }
      if (given < page.edges.length) continue;
      after = page.pageInfo.endCursor ?? after;
      if (!page.pageInfo.hasNextPage) await bell.wait(CHECK_MS);
    }
  } finally {
    signal?.removeEventListener('abort', leave);
    unwatch();
  }
}
