/**
 * Holds the fast executor to the stock one: the same operation goes through both, over the same subgraphs, and
 * what differs is told. Used by the gateway's own tests on generated operations, and by whoever wants to replay
 * the operations of another test-suite.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ApolloServer } from '@apollo/server';
import type { Logger } from '@iroko/telemetry';
import type { FormattedExecutionResult, GraphQLSchema } from 'graphql';
import { apolloServer } from '../apollo-server';
import { FastGateway } from './fast-gateway';
import type { GatewayContext, InProcessSubgraph } from './subgraph';

export interface DifferentialOperation {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
  /** Variables to have it planned with, where those above are refused before that. */
  readonly plannedWith?: Record<string, unknown>;
}

export interface Difference {
  readonly operation: DifferentialOperation;
  readonly stock: FormattedExecutionResult;
  readonly fast: FormattedExecutionResult;
}

export interface Comparison {
  readonly difference: Difference | undefined;
  /** The fast executor's answer. */
  readonly answer: FormattedExecutionResult;
  /** False when the fast executor left this operation to the stock one: nothing was compared then. */
  readonly compared: boolean;
}

export interface DifferentialOptions<Context extends GatewayContext> {
  readonly supergraphSdl: string;
  readonly subgraphs: readonly InProcessSubgraph<Context>[];
  readonly log: Logger;
}

export class Differential<Context extends GatewayContext> {
  #executor: 'fast' | 'stock' = 'stock';
  #schema: GraphQLSchema | undefined;
  readonly #stock: ApolloServer<Context>;
  readonly #fast: ApolloServer<Context>;

  constructor({ supergraphSdl, subgraphs, log }: DifferentialOptions<Context>) {
    const services = new Map(subgraphs.map((each) => [each.name, each as InProcessSubgraph]));
    const fast = new FastGateway({
      supergraphSdl,
      services,
      log,
      onExecuted: (executor) => {
        this.#executor = executor;
      },
    });
    fast.onSchemaLoadOrUpdate(({ apiSchema }) => {
      this.#schema = apiSchema;
    });
    this.#stock = apolloServer(new FastGateway({ supergraphSdl, services, log, fast: false }), log);
    this.#fast = apolloServer(fast, log);
  }

  async start(): Promise<void> {
    await Promise.all([this.#stock.start(), this.#fast.start()]);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#stock.stop(), this.#fast.stop()]);
  }

  /** The schema as clients see it, to generate operations from. */
  get schema(): GraphQLSchema {
    if (!this.#schema) throw new Error('Start it first.');
    return this.#schema;
  }

  /**
   * Runs the operation three times: stock, then fast to have it planned, then fast compiled. So it is for
   * queries, and for mutations that may run three times. `context` is asked anew for each.
   */
  async compare(operation: DifferentialOperation, context: () => Context): Promise<Comparison> {
    const stock = await answerOf(this.#stock, operation, context());
    await answerOf(this.#fast, { ...operation, ...planningVariables(operation) }, context());
    const fast = await answerOf(this.#fast, operation, context());
    const compared = this.#executor === 'fast';
    const same = isDeepStrictEqual(comparable(stock), comparable(fast));
    return { answer: fast, compared, difference: same ? undefined : { operation, stock, fast } };
  }
}

function planningVariables({ plannedWith }: DifferentialOperation): { variables?: Record<string, unknown> } {
  return plannedWith ? { variables: plannedWith } : {};
}

async function answerOf<Context extends GatewayContext>(
  server: ApolloServer<Context>,
  { plannedWith: _, ...operation }: DifferentialOperation,
  contextValue: Context,
): Promise<FormattedExecutionResult> {
  const { body } = await server.executeOperation(operation, { contextValue });
  if (body.kind !== 'single') throw new Error('An answer in parts was not asked for.');
  // As the client reads it. Fast and stock may differ in prototypes, which JSON does not know.
  return JSON.parse(JSON.stringify(body.singleResult)) as FormattedExecutionResult;
}

/** The data as text, since the order of fields is part of the answer. Errors of parallel fetches come in any order. */
function comparable(result: FormattedExecutionResult) {
  const completions = result.extensions?.valueCompletion;
  return {
    data: JSON.stringify(result.data),
    errors: sorted((result.errors ?? []).map(comparableError)),
    completions: sorted(Array.isArray(completions) ? completions.map(({ path }) => path) : []),
  };
}

/** An alias that hides a key makes both executors stumble over what a subgraph sent, each in its own words. */
function comparableError({
  message,
  path,
  extensions,
}: NonNullable<FormattedExecutionResult['errors']>[number]) {
  const stumbled = !path && extensions?.code === 'INTERNAL_SERVER_ERROR';
  return { message: stumbled ? '' : message, path: path && withoutPositions(path), extensions };
}

/**
 * Where only some objects of a list are asked about (the places in a list of places and persons), the stock
 * executor counts wrongly and blames another item. So positions in lists are held to the truth by tests of
 * their own, and not to the stock executor. For a fetch that failed as a whole it also names its own inside.
 */
function withoutPositions(path: readonly (string | number)[]): (string | number)[] {
  const list = path.indexOf('@');
  return (list < 0 ? path : path.slice(0, list)).filter((part) => typeof part === 'string');
}

function sorted<Item>(items: Item[]): Item[] {
  return items.sort((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)));
}
