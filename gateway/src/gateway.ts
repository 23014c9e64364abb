/**
 * The gateway: the one public door. It takes operations over HTTP, holds them to the limits, has them executed
 * over the subgraphs it is given, and lets out only errors of the published list.
 */
import type { ApolloServer } from '@apollo/server';
import { badInput } from '@iroko/errors';
import {
  countedAddress,
  type ErrorScope,
  type GraphQLAnswer,
  type GraphQLParameters,
  graphqlRoutes,
  type HttpRequest,
  MethodNotAllowed,
  type Route,
  type SocketRoute,
} from '@iroko/http';
import type { Settings } from '@iroko/settings';
import type { Logger } from '@iroko/telemetry';
import type { GraphQLSchema } from 'graphql';
import { apolloServer } from './apollo-server';
import { FastGateway } from './execution/fast-gateway';
import type { GatewayContext, GatewaySubgraph, InProcessSubgraph } from './execution/subgraph';
import { type BuildInfo, healthRoutes, type ReadinessCheck } from './health';
import { checkReachable, httpSubgraph } from './http-subgraph';
import { DocumentLimits, type QueryLimits } from './limits/document-limits';
import { RateLimit } from './limits/rate-limit';
import { LiveDoor, type LiveSettings } from './live/live-door';
import { countExecution, observeRequest, timedSubgraph } from './measures';
import { landingRoutes } from './pages/landing';
import { publicAnswer } from './public-answer';

export type GatewaySettings = QueryLimits &
  LiveSettings &
  Pick<Settings, 'requestLimitKb' | 'rateLimitPerMinute' | 'corsOrigins'>;

export interface GatewayOptions<Context extends GatewayContext> {
  /** As `composeSupergraph` makes it. */
  readonly supergraphSdl: string;
  readonly subgraphs: readonly GatewaySubgraph<Context>[];
  readonly settings: GatewaySettings;
  readonly log: Logger;
  /** Built once per request and handed to every subgraph in this process. Throws UNAUTHENTICATED. */
  context(request: HttpRequest): Promise<Context>;
  /** What `/ready` asks, besides subgraphs behind HTTP, which the gateway asks itself. */
  readonly checks?: readonly ReadinessCheck[];
  readonly build?: BuildInfo;
  /** Calls `wake` when the log of the account has grown; subscriptions wait for it. Answers what ends that. */
  watch?(account: string, wake: () => void): () => void;
  /** False leaves everything to Apollo's own executor, to compare with it. */
  readonly fast?: boolean;
}

export interface Gateway<Context extends GatewayContext = GatewayContext> {
  /** `/graphql`, `/`, its assets, `/health` and `/ready`, for `createHttpServer`. */
  readonly routes: readonly Route[];
  /** `/graphql` over WebSockets. */
  readonly sockets: readonly SocketRoute[];
  /** One operation as `/graphql` executes it, limits and public errors included, without HTTP. */
  execute(
    parameters: Pick<GraphQLParameters, 'query'> & Partial<GraphQLParameters>,
    context: Context,
    log?: Logger,
  ): Promise<GraphQLAnswer>;
  /** The schema as clients see it. */
  readonly schema: GraphQLSchema;
  stop(): Promise<void>;
}

const UNKNOWN_BUILD: BuildInfo = { version: '0.0.0', build: 'development' };

/** Resolves when the supergraph is loaded; rejects when it cannot be. */
export async function createGateway<Context extends GatewayContext>(
  options: GatewayOptions<Context>,
): Promise<Gateway<Context>> {
  const { settings, log, subgraphs } = options;
  const front = new FastGateway({
    supergraphSdl: options.supergraphSdl,
    services: new Map(subgraphs.map((each) => [each.name, serviceOf(each)])),
    log,
    fast: options.fast ?? true,
    onExecuted: countExecution,
  });
  const server = apolloServer<Context>(front, log);
  let schema: GraphQLSchema | undefined;
  const limits = new DocumentLimits(settings, () => {
    if (!schema) throw new Error('The gateway was asked before it was loaded.');
    return schema;
  });
  front.onSchemaLoadOrUpdate(({ apiSchema }) => {
    schema = apiSchema;
    limits.forget();
  });
  await server.start();
  const door = new Door(server, limits, new RateLimit(settings.rateLimitPerMinute), options, () => {
    if (!schema) throw new Error('The gateway was asked before it was loaded.');
    return schema;
  });
  return {
    routes: [
      ...door.routes(),
      ...healthRoutes(options.build ?? UNKNOWN_BUILD, checksOf(options), log),
      ...landingRoutes(),
    ],
    sockets: door.sockets(),
    execute: (parameters, context, requestLog = log) =>
      door.execute(
        { operationName: undefined, variables: undefined, extensions: undefined, ...parameters },
        context,
        requestLog,
      ),
    get schema() {
      return schema as GraphQLSchema;
    },
    stop: () => server.stop(),
  };
}

/** The executor hands the context on unread, so it need not know what more a subgraph finds in it. */
function serviceOf<Context extends GatewayContext>(subgraph: GatewaySubgraph<Context>): InProcessSubgraph {
  const service = 'url' in subgraph ? httpSubgraph(subgraph) : (subgraph as InProcessSubgraph);
  return timedSubgraph(service);
}

function checksOf<Context extends GatewayContext>(options: GatewayOptions<Context>): ReadinessCheck[] {
  const remote = options.subgraphs.flatMap((subgraph) =>
    'url' in subgraph ? [{ name: `subgraph ${subgraph.name}`, check: () => checkReachable(subgraph) }] : [],
  );
  return [...(options.checks ?? []), ...remote];
}

class Door<Context extends GatewayContext> {
  readonly #live: LiveDoor<Context>;

  constructor(
    private readonly server: ApolloServer<Context>,
    private readonly limits: DocumentLimits,
    private readonly rate: RateLimit,
    private readonly options: GatewayOptions<Context>,
    schema: () => GraphQLSchema,
  ) {
    this.#live = new LiveDoor({
      settings: options.settings,
      schema,
      admit: (parameters) => this.#admit(parameters),
      take: (request) => this.#take(request),
      context: (request) => this.#context(request),
      watch: (account, wake) => options.watch?.(account, wake) ?? (() => undefined),
      execute: (parameters, context, request) =>
        this.#run({ extensions: undefined, ...parameters }, context, request, 'query'),
    });
  }

  routes(): Route[] {
    const { settings } = this.options;
    return graphqlRoutes({
      path: '/graphql',
      description: 'The API: one GraphQL operation per request.',
      bodyLimitBytes: settings.requestLimitKb * 1024,
      bodyLimitSetting: 'REQUEST_LIMIT_KB',
      corsOrigins: settings.corsOrigins,
      admit: (request) => this.#take(request),
      answer: (parameters, request, { queriesOnly }) => this.#answer(parameters, request, queriesOnly),
      live: this.#live,
    });
  }

  sockets(): SocketRoute[] {
    const { settings } = this.options;
    return [
      {
        path: '/graphql',
        description: 'The API over WebSockets (graphql-transport-ws), for subscriptions.',
        messageLimitBytes: settings.requestLimitKb * 1024,
        corsOrigins: settings.corsOrigins,
        endpoint: this.#live,
      },
    ];
  }

  #take(request: HttpRequest): void {
    this.rate.take(countedAddress(request.remoteAddress), request.headers.authorization);
  }

  async #context(request: HttpRequest): Promise<Context> {
    const context = await this.options.context(request);
    const { authorization } = request.headers;
    if (context.client && authorization) this.rate.recognise(authorization, context.client);
    return context;
  }

  async #answer(
    parameters: GraphQLParameters,
    request: HttpRequest,
    queriesOnly: boolean,
  ): Promise<GraphQLAnswer> {
    const kind = this.#admit(parameters)?.kind;
    if (kind === 'subscription') {
      throw badInput(
        'A subscription goes over a WebSocket (graphql-transport-ws), or by a request that accepts text/event-stream.',
      );
    }
    if (queriesOnly && kind && kind !== 'query') {
      throw new MethodNotAllowed(`A ${kind} is sent by POST; GET is for queries.`);
    }
    return this.#run(parameters, await this.#context(request), request, kind);
  }

  execute(parameters: GraphQLParameters, context: Context, log: Logger): Promise<GraphQLAnswer> {
    return this.#run(
      parameters,
      context,
      { requestId: context.requestId, log },
      this.#admit(parameters)?.kind,
    );
  }

  #admit({ query, operationName, variables = {} }: GraphQLParameters) {
    return this.limits.admit(query, operationName, variables);
  }

  async #run(
    parameters: GraphQLParameters,
    context: Context,
    scope: ErrorScope,
    kind: string | undefined,
  ): Promise<GraphQLAnswer> {
    const began = performance.now();
    const response = await this.server.executeOperation(requestOf(parameters), { contextValue: context });
    if (response.body.kind !== 'single') throw new Error('An answer in parts was not asked for.');
    const answer = publicAnswer(response.body.singleResult, scope);
    observeRequest(kind, answer.errors !== undefined, performance.now() - began);
    return answer;
  }
}

function requestOf({ query, operationName, variables, extensions }: GraphQLParameters) {
  return {
    query,
    ...(operationName === undefined ? {} : { operationName }),
    ...(variables === undefined ? {} : { variables }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}
