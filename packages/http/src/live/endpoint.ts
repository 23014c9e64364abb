/**
 * Operations that answer more than once: what a transport (WebSocket, event stream) asks of whoever executes them.
 * A transport asks for the next answer only when the one before it has left for the client, so a slow client slows
 * what it reads from and nothing piles up here.
 */

import type { GraphQLAnswer } from '../graphql/answer';
import type { GraphQLParameters } from '../graphql/parameters';
import type { HttpRequest } from '../route';

export interface LiveEndpoint {
  /** Counts a connection that stays open. Throws to refuse it; what it answers is called when the connection ends. */
  connect(request: HttpRequest): () => void;
  /**
   * Begins an operation; a query or a mutation answers once. Throws to refuse it. Ends soon after the signal is
   * aborted, and before that when there is no more to say: an end that the client did not ask for comes with an error
   * in the last answer.
   */
  open(
    parameters: GraphQLParameters,
    request: HttpRequest,
    options: LiveOptions,
  ): Promise<AsyncIterable<GraphQLAnswer>>;
}

export interface LiveOptions {
  /** Aborted when the client ends the operation or is gone. */
  readonly signal: AbortSignal;
  /** For GET, by which no mutation is taken. */
  readonly withoutMutations: boolean;
}

/** A client that has taken nothing for this long is cut off; it comes back with the last cursor it got. */
export const STUCK_MS = 60_000;

/** Proxies close connections on which nothing is said; also how a client that is gone is noticed. */
export const KEEP_ALIVE_MS = 15_000;
