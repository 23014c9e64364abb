/**
 * Questions about the schema itself. graphql-js answers them from the schema that clients see; Apollo's executor
 * would plan them first, and knows fewer of their fields (`isOneOf` is unknown to it).
 */
import type { GatewayExecutionResult, GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import {
  type DocumentNode,
  executeSync,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';

/** Known per parsed document, which is one object for all requests of it. */
const known = new WeakMap<DocumentNode, Map<string | undefined, boolean>>();

/** The answer, or undefined when the operation asks for anything besides the schema. */
export function introspect(request: GatewayGraphQLRequestContext): GatewayExecutionResult | undefined {
  const { operationName, variables } = request.request;
  if (!asksOnlyForSchema(request.document, operationName)) return undefined;
  return executeSync({
    schema: request.schema,
    document: request.document,
    operationName: operationName ?? null,
    variableValues: variables ?? {},
  }) as GatewayExecutionResult;
}

function asksOnlyForSchema(document: DocumentNode, operationName: string | undefined): boolean {
  const ofDocument = known.get(document) ?? new Map<string | undefined, boolean>();
  known.set(document, ofDocument);
  const remembered = ofDocument.get(operationName);
  if (remembered !== undefined) return remembered;
  const operation = getOperationAST(document, operationName);
  const fragments = new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );
  const answer =
    operation?.operation === OperationTypeNode.QUERY && only(operation.selectionSet, fragments, new Set());
  // Only names that the document has: others come from clients and could be any number.
  if (operation) ofDocument.set(operationName, answer);
  return answer;
}

const SCHEMA_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type', '__typename']);

function only(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  seen: Set<string>,
): boolean {
  return selectionSet.selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return SCHEMA_FIELDS.has(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return only(selection.selectionSet, fragments, seen);
    const name = selection.name.value;
    if (seen.has(name)) return true;
    seen.add(name);
    const fragment = fragments.get(name);
    return fragment !== undefined && only(fragment.selectionSet, fragments, seen);
  });
}
