/**
 * Which object types satisfy a type condition, looked up in the whole supergraph: a plan also speaks of types
 * that clients do not see.
 */
import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import type { ResultObject } from './subgraph';

/** Without a `__typename` nothing is known: `unknown` says what to answer then. */
export function satisfies(
  schema: GraphQLSchema,
  object: ResultObject,
  condition: string,
  unknown = false,
): boolean {
  const name = object.__typename;
  if (typeof name !== 'string' || name === '') return unknown;
  if (name === condition) return true;
  const type = schema.getType(name);
  const wanted = schema.getType(condition);
  if (!type || !wanted || !isAbstractType(wanted)) return false;
  return (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wanted, type);
}
