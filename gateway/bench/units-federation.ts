/** Fifty units with parent and groups, and one field from a second subgraph: what the gateway is measured on. */
import { buildSchema, type GraphQLSchema } from 'graphql';
import type { SubgraphDefinition } from '../testing/federation';

interface Unit {
  id: string;
  name: string;
  code: string | null;
  status: string;
  parent: { id: string; name: string };
  groups: { id: string; name: string }[];
}

const units: Unit[] = Array.from({ length: 50 }, (_, index) => ({
  id: `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`,
  name: `École primaire ${index}`,
  code: index % 3 === 0 ? null : `E${index}`,
  status: 'VALID',
  parent: { id: `01890000-0000-7000-8000-${String(index % 7).padStart(12, 'a')}`, name: `Zone ${index % 7}` },
  groups: Array.from({ length: 2 }, (_, group) => ({
    id: `01890000-0000-7000-8000-${String(group).padStart(12, 'b')}`,
    name: `Group ${group}`,
  })),
}));

const UNIT_FIELDS = 'id: ID! name: String! code: String status: Status! parent: Unit groups: [Group!]!';
const REST = `
  enum Status { NEW VALID REJECTED }
  type Group { id: ID! name: String! }
  type Units { nodes: [Unit!]! totalCount: Int! }
  type Query { units(first: Int = 50): Units! }`;

const unitsOf = async () => ({ nodes: units, totalCount: units.length });
const countOf = async (unit: { id: string }) => unit.id.length;

export const definitions: SubgraphDefinition[] = [
  {
    name: 'places',
    sdl: `type Unit @key(fields: "id") { ${UNIT_FIELDS} } ${REST}`,
    resolvers: { Query: { units: unitsOf } },
  },
  {
    name: 'counts',
    sdl: 'type Unit @key(fields: "id") { id: ID! submissionCount: Int! }',
    resolvers: { Unit: { submissionCount: countOf } },
  },
];

/** The same from one schema: the baseline. */
export function singleSchema(): { schema: GraphQLSchema; rootValue: object } {
  const schema = buildSchema(`type Unit { ${UNIT_FIELDS} submissionCount: Int! } ${REST}`);
  const unit = schema.getType('Unit');
  if (unit && 'getFields' in unit) {
    const field = unit.getFields().submissionCount;
    if (field && 'resolve' in field) field.resolve = countOf;
  }
  return { schema, rootValue: { units: unitsOf } };
}

export const LIST = `query List($first: Int) { units(first: $first) { totalCount nodes {
  id name code status parent { id name } groups { id name } } } }`;
export const FEDERATED = `query Federated($first: Int) { units(first: $first) { nodes { id name submissionCount } } }`;
