/**
 * Every field of a subgraph that can be asked for: root fields, fields of entities by reference, and fields of what
 * those answer. Each knows how an operation leads to it.
 */
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isUnionType,
  type OperationTypeNode,
} from 'graphql';
import { argumentValues, type Feeding } from './argument-values';
import { type IdPlace, idPlaces } from './id-places';
import { selectionOf } from './selections';

export interface Operation {
  /** `Query.orgUnit`, `OrgUnit.submissionCount`. */
  coordinate: string;
  kind: OperationTypeNode;
  owner: GraphQLObjectType;
  field: GraphQLField<unknown, unknown>;
  /** The fields that lead to the owner, outermost first; none for a root field. */
  way: readonly Step[];
  idPlaces: readonly IdPlace[];
}

/** A field on the way, or the reference of an entity. */
type Step =
  | { owner: GraphQLObjectType; field: GraphQLField<unknown, unknown> }
  | { entity: GraphQLObjectType };

export interface Request {
  query: string;
  variables: Record<string, unknown>;
}

/** Entities that the subgraph answers by reference; of others it only knows the id. */
export function entityTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const union = schema.getType('_Entity');
  return isUnionType(union) ? union.getTypes().filter(isResolvable) : [];
}

function isResolvable({ astNode }: GraphQLObjectType): boolean {
  const keys = (astNode?.directives ?? []).filter(({ name }) => name.value === 'key');
  return keys.some(({ arguments: given = [] }) =>
    given.every(
      ({ name, value }) => name.value !== 'resolvable' || (value.kind === 'BooleanValue' && value.value),
    ),
  );
}

/** Root fields first; fields of other types only when they take an id, since the others are walked by selection. */
export function operationsOf(schema: GraphQLSchema): Operation[] {
  const roots = (['query', 'mutation', 'subscription'] as OperationTypeNode[]).flatMap((kind) => {
    const type = schema.getRootType(kind);
    return type ? fieldsOf(type, kind, []) : [];
  });
  const inner = [...waysToTypes(schema, roots)].flatMap(([type, way]) =>
    fieldsOf(type, 'query' as OperationTypeNode, way).filter(({ idPlaces: places }) => places.length > 0),
  );
  return [...roots, ...inner];
}

function fieldsOf(owner: GraphQLObjectType, kind: OperationTypeNode, way: readonly Step[]): Operation[] {
  return Object.values(owner.getFields())
    .filter((field) => !field.name.startsWith('_'))
    .map((field) => ({
      coordinate: `${owner.name}.${field.name}`,
      kind,
      owner,
      field,
      way,
      idPlaces: idPlaces(owner, field),
    }));
}

/** The shortest way to every type that a query reaches: entities by reference, others through fields. */
function waysToTypes(schema: GraphQLSchema, roots: readonly Operation[]): Map<GraphQLObjectType, Step[]> {
  const ways = new Map<GraphQLObjectType, Step[]>();
  const queue: [GraphQLObjectType, Step[]][] = entityTypes(schema).map((entity) => [entity, [{ entity }]]);
  for (const { kind, owner, field } of roots) {
    const answered = getNamedType(field.type);
    if (kind === 'query' && isObjectType(answered)) queue.push([answered, [{ owner, field }]]);
  }
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [type, way] = next;
    if (ways.has(type)) continue;
    ways.set(type, way);
    for (const field of Object.values(type.getFields())) {
      const answered = getNamedType(field.type);
      if (isObjectType(answered)) queue.push([answered, [...way, { owner: type, field }]]);
    }
  }
  return ways;
}

/** How the fields that lead to an operation are fed. */
export interface WayFeeding {
  feed(field: GraphQLField<unknown, unknown>): Feeding;
  /** The id of the entity at its beginning. */
  entityId(type: string): string;
}

/** The operation as a request. A root field has no way and needs no feeding for it. */
export function requestOf(operation: Operation, feeding: Feeding, feedingWay?: WayFeeding): Request {
  const variables = new Variables();
  const target = call(
    operation.owner,
    operation.field,
    feeding,
    variables,
    selectionOf(operation.field.type),
  );
  const body = operation.way.reduceRight((inner, step) => {
    if (!feedingWay) throw new Error(`${operation.coordinate} is no root field: say how to feed its way.`);
    if ('entity' in step) {
      const reference = { __typename: step.entity.name, id: feedingWay.entityId(step.entity.name) };
      const name = variables.add('[_Any!]!', [reference]);
      return `_entities(representations: $${name}) { ... on ${step.entity.name} { ${inner} } }`;
    }
    return call(step.owner, step.field, feedingWay.feed(step.field), variables, `{ ${inner} }`);
  }, target);
  return {
    query: `${operation.kind} Walk${variables.declaration()} { ${body} }`,
    variables: variables.values,
  };
}

/** Everything that an entity answers by reference. */
export function referenceTo(type: GraphQLObjectType, id: string): Request {
  return {
    query: `query Walk($references: [_Any!]!) { _entities(representations: $references) { ... on ${type.name} ${selectionOf(type)} } }`,
    variables: { references: [{ __typename: type.name, id }] },
  };
}

function call(
  owner: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  feeding: Feeding,
  variables: Variables,
  selection: string,
): string {
  const values = argumentValues(owner, field, feeding);
  const given = field.args.filter(({ name }) => name in values);
  const list = given.map(({ name, type }) => `${name}: $${variables.add(String(type), values[name])}`);
  return `${field.name}${list.length > 0 ? `(${list.join(', ')})` : ''} ${selection}`;
}

class Variables {
  readonly values: Record<string, unknown> = {};
  private readonly declared: string[] = [];

  add(type: string, value: unknown): string {
    const name = `v${this.declared.length}`;
    this.declared.push(`$${name}: ${type}`);
    this.values[name] = value;
    return name;
  }

  declaration(): string {
    return this.declared.length > 0 ? `(${this.declared.join(', ')})` : '';
  }
}
