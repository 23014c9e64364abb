/**
 * `_entities` in batches. The federation library resolves references one by one; here those of one type go to one
 * call, so that a list of fifty costs one statement per type.
 */
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { RequestContext } from './context';

export type Reference = Readonly<Record<string, unknown>> & { readonly __typename: string };

/**
 * By type name: finds the records for references of that type, in their order, null for one that does not exist or
 * that the viewer may not see. A reference that cannot be read (a malformed id) is one that does not exist.
 */
export type References<Context = never> = Record<
  string,
  (
    context: Context & RequestContext,
    references: readonly Reference[],
  ) => Promise<readonly (object | null | undefined)[]>
>;

export function resolveReferencesInBatches(schema: GraphQLSchema, references: References): void {
  const entities = schema.getQueryType()?.getFields()._entities;
  if (!entities) return;
  entities.resolve = async (_source, args: { representations: Reference[] }, context: RequestContext) => {
    const found: (object | null)[] = new Array(args.representations.length).fill(null);
    await Promise.all(
      [...indexesByType(args.representations)].map(async ([type, indexes]) => {
        const find = references[type];
        if (!find) throw new Error(`${type} cannot be resolved by reference here.`);
        const batch = indexes.map((index) => args.representations[index] as Reference);
        const records = await find(context as never, batch);
        indexes.forEach((index, position) => {
          const record = records[position];
          found[index] = record ? named(record, schema.getType(type) as GraphQLObjectType) : null;
        });
      }),
    );
    return found;
  };
}

function indexesByType(references: readonly Reference[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  references.forEach(({ __typename }, index) => {
    const group = groups.get(__typename);
    if (group) group.push(index);
    else groups.set(__typename, [index]);
  });
  return groups;
}

/** The union `_Entity` tells its members apart by this mark. */
function named(record: object, type: GraphQLObjectType): object {
  const marked = record as { __typename?: string };
  if (marked.__typename !== type.name)
    Object.defineProperty(marked, '__typename', { value: type.name, configurable: true });
  return marked;
}
