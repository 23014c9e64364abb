/**
 * The door for what answers more than once. It admits, counts and begins subscriptions, and makes of every end that
 * the client did not ask for a last answer that says why.
 */
import { badInput, unavailable } from '@iroko/errors';
import {
  countedAddress,
  type GraphQLAnswer,
  type GraphQLParameters,
  type HttpRequest,
  type LiveEndpoint,
  type LiveOptions,
  MethodNotAllowed,
  publicError,
} from '@iroko/http';
import type { Settings } from '@iroko/settings';
import {
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
} from 'graphql';
import type { GatewayContext } from '../execution/subgraph';
import { observeLive } from '../measures';
import { followChanges } from './follow-changes';
import { followJob } from './follow-job';
import { type FollowingOptions, followingOf, type LiveParameters } from './following';
import { subscribedQuery } from './subscribed-query';
import { Tally } from './tally';

export type LiveSettings = Pick<Settings, 'liveConnectionLimit' | 'liveSubscriptionLimit' | 'queryCostLimit'>;

/** What the gateway lends its door for subscriptions. */
export interface LiveParts<Context extends GatewayContext>
  extends Pick<FollowingOptions<Context>, 'context' | 'watch' | 'execute'> {
  readonly settings: LiveSettings;
  schema(): GraphQLSchema;
  /** Kind and cost of an operation, once it is within the limits. Throws as for every request. */
  admit(parameters: GraphQLParameters): { kind: string; cost: number } | undefined;
  /** Counts a request against the rate limit. Throws RATE_LIMITED. */
  take(request: HttpRequest): void;
}

export class LiveDoor<Context extends GatewayContext> implements LiveEndpoint {
  readonly #connections: Tally;
  readonly #subscriptions: Tally;

  constructor(private readonly parts: LiveParts<Context>) {
    const { liveConnectionLimit, liveSubscriptionLimit } = parts.settings;
    this.#connections = new Tally(
      'connections of this address',
      'LIVE_CONNECTION_LIMIT',
      liveConnectionLimit,
    );
    this.#subscriptions = new Tally(
      'subscriptions of this token, or address without one,',
      'LIVE_SUBSCRIPTION_LIMIT',
      liveSubscriptionLimit,
    );
  }

  connect(request: HttpRequest): () => void {
    return this.#connections.add(countedAddress(request.remoteAddress));
  }

  async open(
    parameters: GraphQLParameters,
    request: HttpRequest,
    { signal, withoutMutations }: LiveOptions,
  ): Promise<AsyncIterable<GraphQLAnswer>> {
    this.parts.take(request);
    const admitted = this.parts.admit(parameters);
    const now = request.renewed();
    const context = await this.parts.context(now);
    if (admitted?.kind !== 'subscription') {
      if (withoutMutations && admitted?.kind === 'mutation') {
        throw new MethodNotAllowed('A mutation is sent by POST; GET is for queries.');
      }
      return once(() => this.parts.execute(parameters, context, now));
    }
    const { document, operation, variables } = this.#read(parameters);
    const subscribed = subscribedQuery(this.parts.schema(), document, operation, variables);
    const leave = this.#subscriptions.add(context.client ?? countedAddress(request.remoteAddress));
    const done = () => {
      leave();
      observeLive(this.#subscriptions.open);
    };
    observeLive(this.#subscriptions.open);
    // Also for a client that is gone before the first answer was asked for.
    signal.addEventListener('abort', done, { once: true });
    const following = followingOf({
      ...this.parts,
      request,
      signal: AbortSignal.any([signal, request.closing]),
    });
    const answers =
      subscribed.field === 'changes'
        ? followChanges(following, subscribed, admitted.cost, this.parts.settings.queryCostLimit)
        : followJob(following, subscribed);
    return this.#ending(answers, request, done);
  }

  /** Throws BAD_USER_INPUT with the first mistake. */
  #read({ query, operationName, variables = {} }: LiveParameters) {
    const schema = this.parts.schema();
    const document = parse(query);
    const [mistake] = validate(schema, document);
    if (mistake) throw asBadInput(mistake);
    const operation = getOperationAST(document, operationName);
    if (!operation)
      throw badInput('The document has no operation of that name.', { path: ['operationName'] });
    const read = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    if (read.errors?.[0]) throw asBadInput(read.errors[0]);
    return { document, operation, variables };
  }

  async *#ending(
    answers: AsyncGenerator<GraphQLAnswer>,
    request: HttpRequest,
    ended: () => void,
  ): AsyncGenerator<GraphQLAnswer> {
    try {
      yield* answers;
      if (request.closing.aborted) {
        throw unavailable('This server stops. Come back with the last cursor.', 'gateway');
      }
    } catch (error) {
      yield { errors: [publicError(error, request)] };
    } finally {
      ended();
    }
  }
}

async function* once(answer: () => Promise<GraphQLAnswer>): AsyncGenerator<GraphQLAnswer> {
  yield await answer();
}

function asBadInput({ message, locations }: GraphQLError): Error {
  const [place] = locations ?? [];
  return badInput(message, place ? { line: place.line, column: place.column } : {});
}
