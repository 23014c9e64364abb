/**
 * The shape of an answer: which fields the client asked for, in its order, under its names, for every type of
 * object that can stand there. It is read from the operation once per combination of conditions, and the two
 * shapers work from it.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  GraphQLNonNull,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLString,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type SelectionNode,
} from 'graphql';
import { type Conditions, isIncluded } from './conditions';
import { NotSupported } from './run';

export interface FieldShape {
  /** The name in the answer: the alias, or the field's name. */
  readonly key: string;
  readonly name: string;
  readonly type: GraphQLOutputType;
  /** What is asked for below; undefined for a leaf. */
  readonly below: CompositeShape | undefined;
}

/** The fields asked for on objects of one type. */
export interface ObjectShape {
  readonly type: GraphQLCompositeType;
  readonly fields: readonly FieldShape[];
}

export interface ShapeSource {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditions: Conditions;
}

/** A place of the answer whose static type may be an interface or a union: one shape for each real type. */
export class CompositeShape {
  readonly #shapes = new Map<string, ObjectShape | undefined>();

  constructor(
    private readonly source: ShapeSource,
    readonly type: GraphQLCompositeType,
    private readonly selections: readonly SelectionNode[],
  ) {}

  /** The shape of objects of this type; undefined when the client's schema has no such composite type. */
  of(typeName: string): ObjectShape | undefined {
    if (!this.#shapes.has(typeName)) {
      const type: GraphQLNamedType | undefined = this.source.schema.getType(typeName);
      this.#shapes.set(typeName, isCompositeType(type) ? this.#collect(type) : undefined);
    }
    return this.#shapes.get(typeName);
  }

  /** The shape of objects that do not say what they are. */
  ofStaticType(): ObjectShape {
    return this.of(this.type.name) as ObjectShape;
  }

  #collect(type: GraphQLCompositeType): ObjectShape {
    const nodes = new Map<string, FieldNode[]>();
    collectFields(this.source, type, this.selections, nodes);
    const fields = [...nodes].map(([key, group]) => fieldShape(this.source, type, key, group));
    return { type, fields };
  }
}

/** As in the specification's CollectFields, with the conditions known. */
function collectFields(
  source: ShapeSource,
  type: GraphQLCompositeType,
  selections: readonly SelectionNode[],
  nodes: Map<string, FieldNode[]>,
): void {
  for (const selection of selections) {
    if (!isIncluded(selection, source.conditions)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const group = nodes.get(key);
      if (group) group.push(selection);
      else nodes.set(key, [selection]);
      continue;
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? source.fragments.get(selection.name.value) : selection;
    if (!fragment) continue;
    const condition = fragment.typeCondition?.name.value;
    if (!condition || applies(source.schema, condition, type)) {
      collectFields(source, type, fragment.selectionSet.selections, nodes);
    }
  }
}

function applies(schema: GraphQLSchema, condition: string, type: GraphQLCompositeType): boolean {
  if (condition === type.name) return true;
  const wanted = schema.getType(condition);
  if (!isAbstractType(wanted) || !('getInterfaces' in type)) return false;
  return schema.isSubType(wanted, type);
}

function fieldShape(
  source: ShapeSource,
  parent: GraphQLCompositeType,
  key: string,
  group: readonly FieldNode[],
): FieldShape {
  const name = (group[0] as FieldNode).name.value;
  if (name === '__schema' || name === '__type') throw new NotSupported('introspection');
  // Every object is told apart by its `__typename`; another field under that name would hide it.
  if (key === '__typename' && name !== key) throw new NotSupported('an alias called __typename');
  const type = fieldType(parent, name);
  if (!type) throw new NotSupported(`no field ${parent.name}.${name}`);
  const named = getNamedType(type);
  const selections = group.flatMap((node) => node.selectionSet?.selections ?? []);
  const below = isCompositeType(named) ? new CompositeShape(source, named, selections) : undefined;
  return { key, name, type, below };
}

function fieldType(parent: GraphQLCompositeType, name: string): GraphQLOutputType | undefined {
  if (name === '__typename') return new GraphQLNonNull(GraphQLString);
  return 'getFields' in parent ? parent.getFields()[name]?.type : undefined;
}
