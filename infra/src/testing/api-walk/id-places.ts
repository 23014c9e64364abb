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
  return placesOf(owner, field, ({ name }) => name === 'ID');
}

/** Where something of a type stands that is no input object itself. */
export function placesOf(
  owner: GraphQLNamedType,
  field: GraphQLField<unknown, unknown>,
  wanted: (type: GraphQLNamedType) => boolean,
): IdPlace[] {
  return field.args.flatMap((argument) =>
    placesIn(
      argument.type,
      [argument.name],
      argumentCoordinate(owner.name, field.name, argument.name),
      [],
      wanted,
    ),
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
  wanted: (type: GraphQLNamedType) => boolean,
): IdPlace[] {
  const named = getNamedType(type);
  if (wanted(named)) return [{ path, coordinate }];
  // An input that contains itself has the same fields again: once is enough.
  if (!isInputObjectType(named) || entered.includes(named.name)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    placesIn(
      field.type,
      [...path, field.name],
      `${named.name}.${field.name}`,
      [...entered, named.name],
      wanted,
    ),
  );
}
