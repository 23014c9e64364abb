/**
 * The limits of one document, checked before it is validated: an unlimited server spends a second validating
 * 5,000 aliases and overflows its stack at depth 2,000. A document that passed is remembered with its cost.
 */
import { badInput, limitExceeded } from '@iroko/errors';
import type { Settings } from '@iroko/settings';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { BoundedCache } from '../bounded-cache';
import { type Cost, compileCost } from './operation-cost';
import { fragmentsOf, sizeOf } from './operation-size';
import { checkSyntaxLimits } from './syntax-limits';

export type QueryLimits = Pick<
  Settings,
  'queryDepthLimit' | 'queryAliasLimit' | 'queryRootFieldLimit' | 'queryTokenLimit' | 'queryCostLimit'
>;

/** Remembered documents: 1,000 of at most 32 kB each. A longer one is read again each time. */
const DOCUMENTS_MAX = 1000;
const REMEMBERED_TEXT_MAX = 32 * 1024;

interface AdmittedOperation {
  readonly kind: OperationDefinitionNode['operation'];
  readonly cost: Cost;
}

/** An operation within the limits. */
export interface Admitted {
  readonly kind: OperationDefinitionNode['operation'];
  readonly cost: number;
}

type AdmittedDocument = ReadonlyMap<string, AdmittedOperation>;

export class DocumentLimits {
  readonly #documents = new BoundedCache<AdmittedDocument>(DOCUMENTS_MAX);

  constructor(
    private readonly limits: QueryLimits,
    private readonly schema: () => GraphQLSchema,
  ) {}

  /** To be called when the schema changes: costs depend on its default page sizes. */
  forget(): void {
    this.#documents.clear();
  }

  /**
   * Kind and cost of the operation that is asked for; undefined when the document has none of that name, which
   * validation will say. Throws BAD_USER_INPUT for what cannot be parsed, LIMIT_EXCEEDED naming the limit.
   */
  admit(
    text: string,
    operationName: string | undefined,
    variables: Readonly<Record<string, unknown>>,
  ): Admitted | undefined {
    const operations = this.#documents.get(text) ?? this.#read(text);
    const operation = operationName === undefined ? first(operations) : operations.get(operationName);
    if (!operation) return undefined;
    const cost = operation.cost(variables);
    checkLimit('cost', 'QUERY_COST_LIMIT', this.limits.queryCostLimit, cost);
    return { kind: operation.kind, cost };
  }

  #read(text: string): AdmittedDocument {
    checkSyntaxLimits(text, this.limits);
    const document = parseDocument(text);
    const fragments = fragmentsOf(document);
    const operations = new Map<string, AdmittedOperation>();
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      this.#checkSize(definition, fragments);
      const cost = compileCost(this.schema(), definition, fragments);
      operations.set(definition.name?.value ?? '', { kind: definition.operation, cost });
    }
    if (text.length <= REMEMBERED_TEXT_MAX) this.#documents.set(text, operations);
    return operations;
  }

  #checkSize(operation: OperationDefinitionNode, fragments: ReturnType<typeof fragmentsOf>): void {
    const size = sizeOf(operation, fragments);
    const { limits } = this;
    checkLimit('depth', 'QUERY_DEPTH_LIMIT', limits.queryDepthLimit, size.depth);
    checkLimit('number of aliases', 'QUERY_ALIAS_LIMIT', limits.queryAliasLimit, size.aliases);
    checkLimit(
      'number of root fields',
      'QUERY_ROOT_FIELD_LIMIT',
      limits.queryRootFieldLimit,
      size.rootFields,
    );
    checkLimit('number of fields with fragments', 'QUERY_TOKEN_LIMIT', limits.queryTokenLimit, size.fields);
  }
}

function checkLimit(what: string, setting: string, maximum: number, actual: number): void {
  if (actual <= maximum) return;
  throw limitExceeded(
    `The operation's ${what} is ${inDigits(actual)}; the limit is ${inDigits(maximum)}, set by ${setting}.`,
    setting,
    maximum,
    actual,
  );
}

/** Page sizes multiply: past this, digits tell a person nothing. */
function inDigits(count: number): string {
  return count > 1e12 ? 'more than a million million' : count.toLocaleString('en');
}

function first(operations: AdmittedDocument): AdmittedOperation | undefined {
  for (const operation of operations.values()) return operation;
  return undefined;
}

function parseDocument(text: string): DocumentNode {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const { line, column } = error.locations?.[0] ?? {};
    throw badInput(`${error.message} (line ${line}, column ${column})`, { line, column });
  }
}
