/**
 * Values for the arguments of a field: what is required, what leads to the ID under test, and what the examples say.
 */
import {
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { EXAMPLES, GIVEN } from './examples';
import { argumentCoordinate, type IdPlace } from './id-places';
import { Unfed } from './id-types';

export interface Feeding {
  /** The id for a place: the one under test for that place, one of the asking account's own elsewhere. */
  idAt(place: IdPlace): string;
  /** The place that must be there although nothing requires it. */
  towards?: IdPlace | undefined;
  /** Whole arguments, by name, that are taken as they are. */
  given?: Readonly<Record<string, unknown>> | undefined;
}

const SCALARS: Readonly<Record<string, unknown>> = {
  String: 'x',
  Int: 1,
  Float: 1,
  Boolean: false,
  Long: 1,
  JSON: {},
  DateTime: '2026-03-01T08:00:00Z',
  Date: '2026-03-01',
  GeoJSON: { type: 'Point', coordinates: [23.6, -6.1] },
};

/** The arguments by name. Throws Unfed for a scalar of which no example is known. */
export function argumentValues(
  owner: GraphQLNamedType,
  field: GraphQLField<unknown, unknown>,
  feeding: Feeding,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const argument of field.args) {
    const coordinate = argumentCoordinate(owner.name, field.name, argument.name);
    const path = [argument.name];
    if (feeding.given && argument.name in feeding.given) {
      values[argument.name] = feeding.given[argument.name];
    } else if (isRequiredArgument(argument) || isWanted(coordinate, path, feeding)) {
      values[argument.name] = inputValue(argument.type, path, coordinate, feeding);
    }
  }
  return values;
}

function isWanted(coordinate: string, path: readonly string[], { towards }: Feeding): boolean {
  if (coordinate in EXAMPLES || GIVEN.has(coordinate)) return true;
  return path.every((name, index) => towards?.path[index] === name);
}

function inputValue(
  type: GraphQLInputType,
  path: readonly string[],
  coordinate: string,
  feeding: Feeding,
): unknown {
  if (isNonNullType(type)) return inputValue(type.ofType, path, coordinate, feeding);
  if (coordinate in EXAMPLES) return EXAMPLES[coordinate];
  if (isListType(type)) return [inputValue(type.ofType, path, coordinate, feeding)];
  if (isInputObjectType(type)) return inputObject(Object.values(type.getFields()), path, type.name, feeding);
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (type.name === 'ID') return feeding.idAt({ path, coordinate });
  if (type.name in SCALARS) return SCALARS[type.name];
  throw new Unfed(
    `${coordinate} is a ${type.name}, of which no example is known: add one to SCALARS in infra/src/testing/api-walk/argument-values.ts, or for this coordinate to EXAMPLES in examples.ts.`,
  );
}

function inputObject(
  fields: readonly GraphQLInputField[],
  path: readonly string[],
  name: string,
  feeding: Feeding,
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const field of fields) {
    const coordinate = `${name}.${field.name}`;
    const inner = [...path, field.name];
    if (isRequiredInputField(field) || isWanted(coordinate, inner, feeding)) {
      value[field.name] = inputValue(field.type, inner, coordinate, feeding);
    }
  }
  return value;
}
