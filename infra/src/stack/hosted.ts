/**
 * A subgraph hosted in this process: how the gateway executes on it, with one context per request and subgraph.
 */
import type { GatewayContext, InProcessSubgraph } from '@iroko/gateway';
import { executeOperation, type GraphRequest, type RequestContext, type Subgraph } from '@iroko/graph';
import type { BoundJob } from '@iroko/jobs';

/** A subgraph with what it does besides answering. */
export interface HostedSubgraph extends Subgraph {
  readonly jobs?: readonly BoundJob[];
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

/** One request on its way through the gateway and the subgraphs of this process. */
export interface StackRequest extends GatewayContext, GraphRequest {
  readonly contexts: Map<string, RequestContext>;
}

export function inProcess(subgraph: Subgraph): InProcessSubgraph<StackRequest> {
  return {
    name: subgraph.name,
    execute: ({ document, operationName, variables, context }) =>
      executeOperation(
        subgraph,
        { document, operationName: operationName ?? null, variables },
        contextOf(subgraph, context),
      ),
  };
}

/** Loaders batch within one context, so all fetches of a request from one subgraph have the same one. */
function contextOf(subgraph: Subgraph, request: StackRequest): RequestContext {
  const known = request.contexts.get(subgraph.name);
  if (known) return known;
  const made = subgraph.context(request);
  request.contexts.set(subgraph.name, made);
  return made;
}
