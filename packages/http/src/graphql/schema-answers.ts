/**
 * Answers operations on one executable schema, with documents parsed and validated once. This is how a subgraph
 * answers when it runs in a process of its own; in one process with the gateway none of this is needed.
 */
import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import type { GraphQLAnswer } from './answer';
import type { GraphQLParameters } from './parameters';
import { type ErrorScope, publicError } from './public-errors';
import { MethodNotAllowed } from './route';

/** Remembered documents: 1,000 of at most 32 kB each. A router sends the same ones again and again. */
const DOCUMENTS_MAX = 1000;
const REMEMBERED_TEXT_MAX = 32 * 1024;

export class SchemaAnswers {
  readonly #documents = new Map<string, DocumentNode>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** `queriesOnly` refuses anything else with MethodNotAllowed. */
  async answer(
    parameters: GraphQLParameters,
    scope: ErrorScope,
    options: { contextValue: unknown; queriesOnly: boolean },
  ): Promise<GraphQLAnswer> {
    const { document, errors } = this.#prepare(parameters.query);
    if (!document) return { errors: errors.map((error) => publicError(error, scope)) };
    const kind = getOperationAST(document, parameters.operationName)?.operation;
    if (options.queriesOnly && kind && kind !== 'query') {
      throw new MethodNotAllowed(`A ${kind} is sent by POST; GET is for queries.`);
    }
    const result = await execute({
      schema: this.schema,
      document,
      variableValues: parameters.variables ?? {},
      operationName: parameters.operationName ?? null,
      contextValue: options.contextValue,
    });
    if (!result.errors) return { data: result.data };
    const publicErrors = result.errors.map((error) => publicError(error, scope));
    return result.data === undefined ? { errors: publicErrors } : { errors: publicErrors, data: result.data };
  }

  #prepare(text: string): { document?: DocumentNode; errors: readonly GraphQLError[] } {
    const known = this.#documents.get(text);
    if (known) return { document: known, errors: [] };
    let document: DocumentNode;
    try {
      document = parse(text);
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error] };
      throw error;
    }
    const errors = validate(this.schema, document);
    if (errors.length > 0) return { errors };
    if (text.length <= REMEMBERED_TEXT_MAX) this.#remember(text, document);
    return { document, errors };
  }

  #remember(text: string, document: DocumentNode): void {
    this.#documents.set(text, document);
    if (this.#documents.size <= DOCUMENTS_MAX) return;
    for (const oldest of this.#documents.keys()) {
      this.#documents.delete(oldest);
      return;
    }
  }
}
