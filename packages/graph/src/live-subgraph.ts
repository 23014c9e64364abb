/**
 * Subscriptions of a subgraph that runs apart, for routers. Each event is answered with the rights of its moment.
 */
import { badInput } from '@iroko/errors';
import {
  type GraphQLAnswer,
  type GraphQLParameters,
  type HttpRequest,
  type LiveEndpoint,
  type LiveOptions,
  publicError,
} from '@iroko/http';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import type { RequestContext } from './context';
import type { Subgraph } from './subgraph';

export class LiveSubgraph implements LiveEndpoint {
  constructor(private readonly subgraph: Pick<Subgraph, 'schema' | 'context'>) {}

  /** A router is no client whose connections need counting. */
  connect(): () => void {
    return () => undefined;
  }

  async open(
    parameters: GraphQLParameters,
    request: HttpRequest,
    { signal }: LiveOptions,
  ): Promise<AsyncIterable<GraphQLAnswer>> {
    const document = this.#read(parameters);
    const ends = AbortSignal.any([signal, request.closing]);
    const renewed = async () => {
      const { viewer, requestId, log, remoteAddress } = request.renewed();
      return { viewer: await viewer(), requestId, log, remoteAddress, signal: ends, renewed };
    };
    const context = this.subgraph.context(await renewed());
    if (getOperationAST(document, parameters.operationName)?.operation !== 'subscription') {
      return this.#once(document, parameters, request, context);
    }
    const source = await createSourceEventStream({
      ...this.#operation(document, parameters),
      contextValue: context,
    });
    if (!(Symbol.asyncIterator in source)) {
      const error = source.errors?.[0];
      throw error?.originalError ?? error ?? new Error('A subscription neither began nor said why.');
    }
    return this.#answers(source, document, parameters, request, context);
  }

  /** Throws BAD_USER_INPUT. */
  #read({ query, operationName }: GraphQLParameters): DocumentNode {
    try {
      const document = parse(query);
      const [mistake] = validate(this.subgraph.schema, document);
      if (mistake) throw mistake;
      if (getOperationAST(document, operationName)) return document;
    } catch (error) {
      throw error instanceof GraphQLError ? badInput(error.message) : error;
    }
    throw badInput('The document has no operation of that name.', { path: ['operationName'] });
  }

  #operation(document: DocumentNode, { operationName, variables }: GraphQLParameters) {
    const { schema } = this.subgraph;
    return { schema, document, operationName: operationName ?? null, variableValues: variables ?? {} };
  }

  async *#once(
    document: DocumentNode,
    parameters: GraphQLParameters,
    request: HttpRequest,
    contextValue: RequestContext,
  ): AsyncGenerator<GraphQLAnswer> {
    yield publicAnswer(await execute({ ...this.#operation(document, parameters), contextValue }), request);
  }

  async *#answers(
    source: AsyncIterable<unknown>,
    document: DocumentNode,
    parameters: GraphQLParameters,
    request: HttpRequest,
    context: RequestContext,
  ): AsyncGenerator<GraphQLAnswer> {
    try {
      for await (const rootValue of source) {
        const contextValue = await context.now();
        const operation = this.#operation(document, parameters);
        yield publicAnswer(await execute({ ...operation, rootValue, contextValue }), request);
      }
    } catch (error) {
      yield { errors: [publicError(error, request)] };
    }
  }
}

function publicAnswer({ data, errors }: ExecutionResult, request: HttpRequest): GraphQLAnswer {
  return {
    ...(errors && { errors: errors.map((error) => publicError(error, request)) }),
    ...(data !== undefined && { data }),
  };
}
