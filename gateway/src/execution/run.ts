/**
 * The state of one operation while its plan runs, and the place in the answer where a step of the plan works.
 */
import type { ResponsePath } from '@apollo/query-planner';
import type { GatewayContext, InProcessSubgraph, ResultObject, Variables } from './subgraph';

/** The subgraphs by name; those behind HTTP have a client that looks like one in this process. */
export type Services = ReadonlyMap<string, InProcessSubgraph>;

export interface Run {
  readonly variables: Variables;
  readonly context: GatewayContext;
  /** The answer as the subgraphs gave it, before it is shaped for the client. */
  readonly data: ResultObject;
  readonly errors: unknown[];
}

/** Where a step works: the objects at `path`, one of them or, below a list, all of them. */
export interface Target {
  readonly path: ResponsePath;
  readonly data: unknown;
}

/** A node of the plan, compiled. It answers nothing: it writes into the run. */
export type Step = (run: Run, target: Target) => Promise<void>;

/** Thrown while compiling: this operation stays with the stock executor. */
export class NotSupported extends Error {
  override name = 'NotSupported';
}
