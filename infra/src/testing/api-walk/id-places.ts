/**
 * Where in the arguments of a field an ID stands, at any depth, also in lists and input objects.
 */
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  isInputObjectType,
} from 'graphql';

export interface IdPlace {
  /** From the argument's name inwards; lists are passed through: their first item is meant. */
  path: readonly string[];
  /** `Query.orgUnit(id)` or `CreateOrgUnitInput.parentId`. */
  coordinate: string;
}

export function idPlaces(owner: GraphQLNamedType, field: GraphQLField<unknown, unknown>): IdPlace[] {
  return field.args.flatMap((argument) =>
    placesIn(argument.type, [argument.name], argumentCoordinate(owner.name, field.name, argument.name), []),
  );
}

export function argumentCoordinate(owner: string, field: string, argument: string): string {
  return `${owner}.${field}(${argument})`;
}

function placesIn(
  type: GraphQLInputType,
  path: readonly string[],
  coordinate: string,
  entered: readonly string[],
): IdPlace[] {
  const named = getNamedType(type);
  if (named.name === 'ID') return [{ path, coordinate }];
  // An input that contains itself has the same fields again: once is enough.
  if (!isInputObjectType(named) || entered.includes(named.name)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    placesIn(field.type, [...path, field.name], `${named.name}.${field.name}`, [...entered, named.name]),
  );
}
