/**
 * What every subscription stands on: the client's request as if it came now, again and again, and the end of it when
 * the client has gone, the server stops, or the request would be refused now.
 */
import type { GraphQLAnswer, GraphQLParameters, HttpRequest } from '@iroko/http';
import type { GatewayContext } from '../execution/subgraph';
import { Bell } from './waiting';

/** How often it is looked whether the token still holds: an expired or revoked one ends the subscription by then. */
const CHECK_MS = 5000;

export type LiveParameters = Pick<GraphQLParameters, 'query' | 'operationName' | 'variables'>;

export interface FollowingOptions<Context extends GatewayContext> {
  readonly request: HttpRequest;
  /** Aborted when the client goes or the server stops. */
  readonly signal: AbortSignal;
  context(request: HttpRequest): Promise<Context>;
  execute(parameters: LiveParameters, context: Context, request: HttpRequest): Promise<GraphQLAnswer>;
  watch(account: string, wake: () => void): () => void;
}

export interface Following {
  readonly signal: AbortSignal;
  /** An ordinary query with the rights of this moment. Throws UNAUTHENTICATED when the token no longer holds. */
  run(parameters: LiveParameters): Promise<GraphQLAnswer>;
  /** Calls for every growth of the account's log, perhaps oftener; nothing for a viewer without an account. */
  watch(wake: () => void): Promise<() => void>;
  /** True when there may be news; false at the end. Throws UNAUTHENTICATED when the token no longer holds. */
  news(bell: Bell): Promise<boolean>;
  /** Waits; false at the end. */
  pause(milliseconds: number): Promise<boolean>;
}

export function followingOf<Context extends GatewayContext>(options: FollowingOptions<Context>): Following {
  const { signal } = options;
  let rights: string | undefined;
  const contextNow = async () => {
    const request = options.request.renewed();
    const context = await options.context(request);
    return { request, context };
  };
  return {
    signal,
    async run(parameters) {
      const { request, context } = await contextNow();
      rights = context.rights?.();
      return options.execute(parameters, context, request);
    },
    async watch(wake) {
      const { logOf } = (await contextNow()).context;
      return logOf === undefined ? () => undefined : options.watch(logOf, wake);
    },
    async news(bell) {
      while (!signal.aborted) {
        if (await bell.wait(CHECK_MS, signal)) return true;
        if (signal.aborted) return false;
        // Whoever lost a right is told so by the next query, without waiting for something to happen.
        if ((await contextNow()).context.rights?.() !== rights) return true;
      }
      return false;
    },
    async pause(milliseconds) {
      await new Bell().wait(milliseconds, signal);
      return !signal.aborted;
    },
  };
}
