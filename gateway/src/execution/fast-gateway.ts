/**
 * The gateway object that Apollo Server is given: ApolloGateway, with our executor in front of its own.
 *
 * The first request of an operation goes through the stock executor, which plans it; the plan is caught on the
 * way and compiled. Every further request of that operation runs the compiled plan. What cannot be compiled
 * stays with the stock executor for good.
 */
import './telemetry-off';
import { ApolloGateway } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import type {
  GatewayApolloConfig,
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
  GatewayInterface,
  GatewayLoadResult,
  GatewaySchemaLoadOrUpdateCallback,
} from '@apollo/server-gateway-interface';
import type { Logger } from '@iroko/telemetry';
import { buildASTSchema, type GraphQLSchema, parse } from 'graphql';
import { BoundedCache } from '../bounded-cache';
import { introspect } from './introspection';
import { CompiledOperation } from './operation';
import { NotSupported, type Services } from './run';
import { stockDataSource } from './stock-data-source';
import type { GatewayContext, Variables } from './subgraph';

/** Operations whose compiled plan is kept; at about 50 kB each this is some 50 MB at the very most. */
const OPERATIONS_MAX = 1000;

export interface FastGatewayOptions {
  readonly supergraphSdl: string;
  readonly services: Services;
  readonly log: Logger;
  /** False leaves everything to the stock executor, to compare with it. */
  readonly fast?: boolean;
  /** Told for every execution which of the two executors answered. */
  readonly onExecuted?: (executor: 'fast' | 'stock') => void;
}

export class FastGateway implements GatewayInterface {
  readonly #stock: ApolloGateway;
  readonly #options: FastGatewayOptions;
  /** `null`: this operation stays with the stock executor. */
  readonly #operations = new BoundedCache<CompiledOperation | 'stock'>(OPERATIONS_MAX);
  #supergraph: GraphQLSchema | undefined;
  #executeStock: GatewayExecutor | null = null;

  constructor(options: FastGatewayOptions) {
    this.#options = options;
    const { services, log } = options;
    this.#stock = new ApolloGateway({
      supergraphSdl: options.supergraphSdl,
      buildService: ({ name }) => stockDataSource(name, services),
      logger: {
        debug: () => undefined,
        info: () => undefined,
        warn: log.warn.bind(log),
        error: log.error.bind(log),
      },
      __exposeQueryPlanExperimental: false,
      experimental_didResolveQueryPlan: ({ queryPlan, requestContext }) =>
        this.#catch(queryPlan, requestContext),
    });
    this.#stock.onSchemaLoadOrUpdate(({ coreSupergraphSdl }) => {
      this.#operations.clear();
      this.#supergraph = buildASTSchema(parse(coreSupergraphSdl), {
        assumeValid: true,
        assumeValidSDL: true,
      });
    });
  }

  onSchemaLoadOrUpdate(callback: GatewaySchemaLoadOrUpdateCallback): () => void {
    return this.#stock.onSchemaLoadOrUpdate(callback);
  }

  async load(options: { apollo: GatewayApolloConfig }): Promise<GatewayLoadResult> {
    const { executor } = await this.#stock.load(options);
    this.#executeStock = executor;
    return { executor: (request) => this.execute(request) };
  }

  async stop(): Promise<void> {
    this.#operations.clear();
    await this.#stock.stop();
  }

  async execute(request: GatewayGraphQLRequestContext): Promise<GatewayExecutionResult> {
    const schemaAnswer = this.#options.fast === false ? undefined : introspect(request);
    if (schemaAnswer) {
      this.#options.onExecuted?.('fast');
      return schemaAnswer;
    }
    const compiled = this.#operations.get(keyOf(request));
    if (compiled instanceof CompiledOperation && compiled.schema === request.schema) {
      const variables: Variables = request.request.variables ?? {};
      const result = await compiled.execute(variables, request.context as GatewayContext);
      if (result) {
        this.#options.onExecuted?.('fast');
        return result as GatewayExecutionResult;
      }
    }
    if (!this.#executeStock) throw new Error('The gateway was asked before it was loaded.');
    this.#options.onExecuted?.('stock');
    return this.#executeStock(request);
  }

  /** Called by the stock executor with the plan it is about to run. */
  #catch(plan: QueryPlan, request: GatewayGraphQLRequestContext): void {
    if (this.#options.fast === false || !this.#supergraph) return;
    const key = keyOf(request);
    const known = this.#operations.get(key);
    if (known === 'stock' || (known && known.schema === request.schema)) return;
    try {
      const compiled = new CompiledOperation({
        plan,
        document: request.document,
        operationName: request.request.operationName,
        schema: request.schema,
        supergraph: this.#supergraph,
        services: this.#options.services,
      });
      compiled.prepare(request.request.variables ?? {});
      this.#operations.set(key, compiled);
    } catch (error) {
      if (!(error instanceof NotSupported))
        this.#options.log.error({ error }, 'A query plan was not compiled.');
      this.#operations.set(key, 'stock');
    }
  }
}

function keyOf(request: GatewayGraphQLRequestContext): string {
  return `${request.queryHash}:${request.request.operationName ?? ''}`;
}
