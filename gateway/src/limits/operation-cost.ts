/**
 * What an operation may cost at most: every field 1, times the page sizes around it. The part that does not
 * depend on variables is added up once; a request only looks up its page sizes.
 */
import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { fragmentsOf } from './operation-size';

/** Arguments that say how many items a field answers with. */
const PAGE_SIZE_ARGUMENTS = ['first', 'last', 'limit'];

/** Where a page size is asked for without a default in the schema. */
const PAGE_SIZE_ASSUMED = 50;

type Variables = Readonly<Record<string, unknown>>;
type Fragments = ReturnType<typeof fragmentsOf>;

/** The cost of one request of the operation. */
export type Cost = (variables: Variables) => number;

/** `fixed`, and for each part under a page size from a variable, that size times the part's cost. */
interface CostTree {
  fixed: number;
  scaled: { size: Cost; part: CostTree }[];
}

export function compileCost(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
): Cost {
  const root = schema.getRootType(operation.operation);
  if (!root) return () => 0;
  const defaults = new Map(
    (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue?.kind === Kind.INT ? Number(defaultValue.value) : undefined,
    ]),
  );
  const tree = new CostReader(schema, fragments, defaults).of(root, operation.selectionSet);
  return tree.scaled.length === 0 ? () => tree.fixed : (variables) => evaluate(tree, variables);
}

function evaluate(tree: CostTree, variables: Variables): number {
  let cost = tree.fixed;
  for (const { size, part } of tree.scaled) cost += size(variables) * evaluate(part, variables);
  return cost;
}

class CostReader {
  readonly #fragments = new Map<string, CostTree>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly definitions: Fragments,
    private readonly defaults: ReadonlyMap<string, number | undefined>,
  ) {}

  of(type: GraphQLCompositeType, selectionSet: SelectionSetNode): CostTree {
    const tree: CostTree = { fixed: 0, scaled: [] };
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) this.#addField(tree, type, selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        add(
          tree,
          this.of(this.#conditioned(type, selection.typeCondition?.name.value), selection.selectionSet),
        );
      } else add(tree, this.#ofFragment(type, selection.name.value));
    }
    return tree;
  }

  #ofFragment(type: GraphQLCompositeType, name: string): CostTree {
    const known = this.#fragments.get(name);
    if (known) return known;
    const fragment = this.definitions.get(name);
    const empty = { fixed: 0, scaled: [] };
    this.#fragments.set(name, empty);
    if (!fragment) return empty;
    const tree = this.of(this.#conditioned(type, fragment.typeCondition.name.value), fragment.selectionSet);
    this.#fragments.set(name, tree);
    return tree;
  }

  #addField(tree: CostTree, parent: GraphQLCompositeType, node: FieldNode): void {
    tree.fixed += 1;
    const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    if (!node.selectionSet || !field || !isCompositeType(type)) return;
    const below = this.of(type, node.selectionSet);
    const size = this.#pageSize(field, node);
    if (typeof size === 'function') tree.scaled.push({ size, part: below });
    else add(tree, below, size);
  }

  #pageSize(field: GraphQLField<unknown, unknown>, node: FieldNode): number | Cost {
    const argument = field.args.find(({ name }) => PAGE_SIZE_ARGUMENTS.includes(name));
    if (!argument) return 1;
    const standard = typeof argument.defaultValue === 'number' ? argument.defaultValue : PAGE_SIZE_ASSUMED;
    const given = node.arguments?.find(({ name }) => PAGE_SIZE_ARGUMENTS.includes(name.value))?.value;
    if (given?.kind === Kind.INT) return Math.max(1, Number(given.value));
    if (given?.kind !== Kind.VARIABLE) return standard;
    const variable = given.name.value;
    const assumed = this.defaults.get(variable) ?? standard;
    return (variables) => {
      const value = variables[variable];
      return Math.max(1, typeof value === 'number' ? value : assumed);
    };
  }

  #conditioned(type: GraphQLCompositeType, condition: string | undefined): GraphQLCompositeType {
    const named = condition === undefined ? type : this.schema.getType(condition);
    return isCompositeType(named) ? named : type;
  }
}

function add(tree: CostTree, part: CostTree, times = 1): void {
  tree.fixed += part.fixed * times;
  for (const scaled of part.scaled) {
    tree.scaled.push(
      times === 1 ? scaled : { size: (variables) => times * scaled.size(variables), part: scaled.part },
    );
  }
}
