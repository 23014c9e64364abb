/**
 * What the gateway knows of a subgraph: a name and a way to execute an operation there. In one process that is
 * a function call with the request's context handed over; apart it is an HTTP request.
 */
import type { DocumentNode, ExecutionResult } from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;

/** An object of a GraphQL answer while it is put together. */
export type ResultObject = { [key: string]: unknown };

/** What every request carries through the gateway; the stack adds what its subgraphs need, such as the Viewer. */
export interface GatewayContext {
  /** Runs through the logs of gateway, subgraphs and jobs, and goes out as `x-request-id`. */
  readonly requestId: string;
  /** The `authorization` header as it came in, for subgraphs in processes of their own. */
  readonly authorization: string | undefined;
  /** The slug of the account that a request without authorization names, for subgraphs in processes of their own. */
  readonly account?: string | undefined;
  /** Who the request counts against in rate limits, once that is proven; undefined for an anonymous one. */
  readonly client?: string | undefined;
  /** The client's address; a subgraph apart believes it from proxies that its `TRUST_PROXY` names, such as this one. */
  readonly remoteAddress?: string | undefined;
  /** The id of the account whose log a subscription follows; undefined for a viewer without one. */
  readonly logOf?: string | undefined;
  /** The same text as long as the viewer's rights are the same. */
  rights?(): string;
}

export interface SubgraphRequest<Context extends GatewayContext = GatewayContext> {
  /** The operation as text, for the wire. */
  readonly query: string;
  /** The same operation parsed; one object for all requests of that operation, so it may key a cache. */
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Variables;
  readonly context: Context;
}

export interface SubgraphResult {
  data?: ResultObject | null;
  errors?: ExecutionResult['errors'];
}

/** A subgraph in this process. The answer's objects must be the caller's own: the gateway writes into them. */
export interface InProcessSubgraph<Context extends GatewayContext = GatewayContext> {
  readonly name: string;
  execute(request: SubgraphRequest<Context>): Promise<SubgraphResult> | SubgraphResult;
}

/** A subgraph behind HTTP. It is sent `authorization` (or `x-iroko-account`), `x-request-id` and the client's address, and nothing else of the request. */
export interface HttpSubgraph {
  readonly name: string;
  readonly url: string;
}

export type GatewaySubgraph<Context extends GatewayContext = GatewayContext> =
  | InProcessSubgraph<Context>
  | HttpSubgraph;
