/**
 * The `jobProgress` subscription: the job as it is, and again whenever what the client selected has changed, until it
 * has ended.
 */
import type { GraphQLAnswer } from '@iroko/http';
import type { Following } from './following';
import { STATUS, type SubscribedQuery } from './subscribed-query';

/** Jobs write their progress at most once a second. */
const LOOK_MS = 500;
/** A job that has said nothing for a while is looked at less often. */
const LOOK_SELDOM_MS = 2000;
const QUIET_LOOKS = 20;

const ENDED: ReadonlySet<unknown> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

export async function* followJob(
  following: Following,
  { query, operationName, responseKey, variables }: SubscribedQuery,
): AsyncGenerator<GraphQLAnswer> {
  let last = '';
  let quiet = 0;
  for (;;) {
    const { data, errors } = await following.run({ query, operationName, variables });
    const job = (data as { job?: Record<string, unknown> | null } | null | undefined)?.job;
    if (!job) {
      yield { errors: (errors ?? []).map((error) => ({ ...error, path: [responseKey] })) };
      return;
    }
    const { [STATUS]: status, ...shown } = job;
    const text = JSON.stringify(shown);
    quiet = text === last ? quiet + 1 : 0;
    if (text !== last) {
      const inside = (errors ?? []).map((error) => ({
        ...error,
        path: [responseKey, ...(error.path ?? []).slice(1)],
      }));
      yield { ...(inside.length > 0 && { errors: inside }), data: { [responseKey]: shown } };
    }
    last = text;
    if (ENDED.has(status)) return;
    if (!(await following.pause(quiet > QUIET_LOOKS ? LOOK_SELDOM_MS : LOOK_MS))) return;
  }
}
