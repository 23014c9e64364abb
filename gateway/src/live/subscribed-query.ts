/**
 * A subscription as the query that answers it: the client's selection of an event becomes the selection of a page of
 * the log, so that a whole batch of events is one ordinary operation of the gateway, planned and executed like every
 * other.
 */
import { badInput } from '@iroko/errors';
import {
  type ArgumentNode,
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { collectFields } from 'graphql/execution/collectFields';

type Variables = Readonly<Record<string, unknown>>;

/** The variables that the query adds to those of the client. */
export const FIRST = 'iroko_first';
export const AFTER = 'iroko_after';
/** Beside the client's selection of a job: the field by which its end is seen. */
export const STATUS = 'iroko_status';

export interface SubscribedQuery {
  /** The root field: `changes` or `jobProgress`. */
  readonly field: string;
  /** The key of the root field in each answer. */
  readonly responseKey: string;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Variables;
  /** The cursor that was given, if any. */
  readonly after: string | null;
}

/** The document must be valid. Throws BAD_USER_INPUT for a field left out by `@skip`. */
export function subscribedQuery(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): SubscribedQuery {
  const root = schema.getSubscriptionType();
  const fragments = fragmentsOf(document);
  const collected = root
    ? collectFields(schema, Object.fromEntries(fragments), variables, root, operation.selectionSet)
    : new Map<string, FieldNode[]>();
  const [entry] = collected;
  const node = entry?.[1][0];
  if (!entry || !node) throw badInput('The subscription selects no field.', { path: ['query'] });
  const [responseKey, nodes] = entry;
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  const own = node.name.value === 'changes' ? pageOfChanges(node, selections) : job(node, selections);
  const used = usedIn(own, fragments);
  const definitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    used.variables.has(variable.name.value),
  );
  const query: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: 'query' as OperationDefinitionNode['operation'],
        ...(operation.name && { name: operation.name }),
        variableDefinitions: [...definitions, ...(node.name.value === 'changes' ? OWN_VARIABLES : [])],
        selectionSet: { kind: Kind.SELECTION_SET, selections: [own] },
      },
      ...[...fragments.values()].filter(({ name }) => used.fragments.has(name.value)),
    ],
  };
  return {
    field: node.name.value,
    responseKey,
    query: print(query),
    operationName: operation.name?.value,
    variables: Object.fromEntries(
      definitions.flatMap(({ variable: { name } }) =>
        name.value in variables ? [[name.value, variables[name.value]]] : [],
      ),
    ),
    after: afterOf(node, operation, variables),
  };
}

const OWN_VARIABLES: VariableDefinitionNode[] = [
  variableDefinition(FIRST, 'Int', true),
  variableDefinition(AFTER, 'String', false),
];

function pageOfChanges(node: FieldNode, selections: readonly SelectionNode[]): FieldNode {
  const filter = node.arguments?.filter(({ name }) => name.value === 'filter') ?? [];
  return field(
    'changes',
    [argument('first', FIRST), argument('after', AFTER), ...filter],
    [
      field('edges', [], [field('cursor'), field('node', [], selections)]),
      field('pageInfo', [], [field('endCursor'), field('hasNextPage')]),
    ],
  );
}

function job(node: FieldNode, selections: readonly SelectionNode[]): FieldNode {
  const status: FieldNode = { ...field('status'), alias: { kind: Kind.NAME, value: STATUS } };
  return field('job', node.arguments ?? [], [...selections, status]);
}

function afterOf(node: FieldNode, operation: OperationDefinitionNode, variables: Variables): string | null {
  const given = node.arguments?.find(({ name }) => name.value === 'after')?.value;
  if (!given) return null;
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  const value = valueFromASTUntyped(given, { ...Object.fromEntries(defaults), ...variables });
  return typeof value === 'string' ? value : null;
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );
}

/** What the field uses, also through fragments: a query may define neither more nor less. */
function usedIn(node: ASTNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const used = { variables: new Set<string>(), fragments: new Set<string>() };
  const look = (part: ASTNode) =>
    visit(part, {
      enter(each) {
        if (each.kind === Kind.VARIABLE) used.variables.add(each.name.value);
        if (each.kind !== Kind.FRAGMENT_SPREAD) return;
        const fragment = fragments.get(each.name.value);
        if (!fragment || used.fragments.has(each.name.value)) return;
        used.fragments.add(each.name.value);
        look(fragment);
      },
    });
  look(node);
  return used;
}

function field(
  name: string,
  arguments_: readonly ArgumentNode[] = [],
  selections: readonly SelectionNode[] = [],
): FieldNode {
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections };
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: name },
    arguments: arguments_,
    ...(selections.length > 0 && { selectionSet }),
  };
}

function argument(name: string, variable: string): ArgumentNode {
  return {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: name },
    value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: variable } },
  };
}

function variableDefinition(name: string, type: string, required: boolean): VariableDefinitionNode {
  const named = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } } as const;
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
    type: required ? { kind: Kind.NON_NULL_TYPE, type: named } : named,
  };
}
