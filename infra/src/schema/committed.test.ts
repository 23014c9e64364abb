import { type GraphQLSchema, getNamedType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { renderSchemas, staleSchemas, unconnectedSubgraphs } from './committed';

const subgraphs = unconnectedSubgraphs();

describe('the published schemas', () => {
  it('are committed as the code has them; write them with: npm run schema', () => {
    expect(staleSchemas(renderSchemas(subgraphs)).map(({ path }) => path)).toEqual([]);
  });

  it.each(subgraphs.map(({ name, schema }) => [name, schema] as const))(
    'describe every type, field and argument: %s',
    (_name, schema) => {
      expect(undescribed(schema)).toEqual([]);
    },
  );
});

/** Federation's own parts and what the language brings describe themselves elsewhere. */
const FEDERATION =
  /^(_|__|link__|federation__)|^(String|Int|Float|Boolean|ID|Query|Mutation|Subscription|FieldSet)$/;

function undescribed(schema: GraphQLSchema): string[] {
  const missing: string[] = [];
  const note = (name: string, description?: string | null) => {
    if (!description?.trim()) missing.push(name);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    const named = getNamedType(type);
    if (/^(_|link__|federation__)/.test(type.name)) continue;
    if (!FEDERATION.test(type.name)) note(type.name, type.description);
    if (!isObjectType(named) && !isInterfaceType(named) && !isInputObjectType(named)) continue;
    for (const field of Object.values(named.getFields())) {
      if (field.name.startsWith('_')) continue;
      note(`${type.name}.${field.name}`, field.description);
      if ('args' in field)
        for (const arg of field.args) note(`${type.name}.${field.name}(${arg.name})`, arg.description);
    }
  }
  return missing;
}
