/**
 * What to select of an answer: everything that can be had without arguments, to a depth, so that a leak shows.
 */
import {
  type GraphQLOutputType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** Enough for the fields of the nodes of a connection, and of what they refer to. */
const DEPTH = 4;

/** `{ … }`, or nothing for a leaf. */
export function selectionOf(type: GraphQLOutputType, depth = DEPTH): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  const fields = isObjectType(named) || isInterfaceType(named) ? Object.values(named.getFields()) : [];
  const selected = fields.flatMap((field) => {
    if (field.name.startsWith('_') || field.args.some(isRequiredArgument)) return [];
    if (isLeafType(getNamedType(field.type))) return [field.name];
    return depth > 1 ? [`${field.name} ${selectionOf(field.type, depth - 1)}`] : [];
  });
  return `{ __typename ${selected.join(' ')} }`;
}
