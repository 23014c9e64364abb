/**
 * Which scalar and enum values may go out. A subgraph of ours never sends another, but one behind HTTP is not
 * taken at its word; the rules are those of the stock executor.
 */
import { type GraphQLNamedType, isEnumType } from 'graphql';

export type LeafCheck = (value: unknown) => boolean;

const anything: LeafCheck = () => true;
const isBoolean: LeafCheck = (value) => typeof value === 'boolean';
const isText: LeafCheck = (value) => typeof value === 'string';
const isInteger: LeafCheck = (value) => typeof value === 'number' && isWhole(value);
const isNumber: LeafCheck = (value) => typeof value === 'number' && Number.isFinite(value);
const isId: LeafCheck = (value) => typeof value === 'string' || (typeof value === 'number' && isWhole(value));

/** Written without point or exponent: 1e21 is whole, but JSON does not write it as an integer. */
function isWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 1e21;
}

const BUILT_IN = new Map<string, LeafCheck>([
  ['Boolean', isBoolean],
  ['String', isText],
  ['Int', isInteger],
  ['Float', isNumber],
  ['ID', isId],
]);

export function leafCheck(type: GraphQLNamedType): LeafCheck {
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map((value) => value.name));
    return (value) => typeof value === 'string' && names.has(value);
  }
  return BUILT_IN.get(type.name) ?? anything;
}
