/**
 * Questions by which somebody could find out what they are not shown: a word in every text of every filter and search,
 * and every order that a list can be sorted in.
 */
import { type GraphQLEnumType, getNamedType, isEnumType } from 'graphql';
import { type IdPlace, placesOf } from './id-places';
import type { Operation, Request } from './operations';
import type { SeededRecords } from './seeds';
import { walkRequest } from './walker';

/** The operation as it is asked without a filter, and once for each text and each order. */
export function probes(operation: Operation, word: string, own: SeededRecords): Request[] {
  const { owner, field } = operation;
  const texts = placesOf(owner, field, ({ name }) => name === 'String').map((place) =>
    asked(operation, place, word, own),
  );
  const enums = new Map<string, GraphQLEnumType>();
  const chosen = placesOf(owner, field, (type) => {
    if (isEnumType(type)) enums.set(type.name, type);
    return isEnumType(type);
  });
  const sorted = chosen.filter(({ path }) => /sort|order/i.test(path.join('.')));
  const orders = sorted.flatMap((place) =>
    valuesAt(operation, place, enums).map((value) => asked(operation, place, value, own)),
  );
  return [walkRequest(operation, undefined, '', own), ...texts, ...orders];
}

function valuesAt(
  { field }: Operation,
  { path }: IdPlace,
  enums: ReadonlyMap<string, GraphQLEnumType>,
): string[] {
  let type = getNamedType(field.args.find(({ name }) => name === path[0])?.type);
  for (const name of path.slice(1)) {
    if (!type || !('getFields' in type)) return [];
    type = getNamedType((type.getFields() as Record<string, { type: typeof type }>)[name]?.type);
  }
  return (enums.get(type?.name ?? '')?.getValues() ?? []).map(({ name }) => name);
}

function asked(operation: Operation, place: IdPlace, value: string, own: SeededRecords): Request {
  const request = walkRequest(operation, place, '', own);
  // The field under test stands last; what leads to it stands before.
  const names = [...request.query.matchAll(new RegExp(`\\b${place.path[0]}: \\$(v\\d+)`, 'g'))];
  const variable = names.at(-1)?.[1];
  if (variable === undefined)
    throw new Error(`${operation.coordinate} was not asked with ${place.path.join('.')}.`);
  const variables = {
    ...request.variables,
    [variable]: replaced(request.variables[variable], place.path.slice(1), value),
  };
  return { ...request, variables };
}

function replaced(before: unknown, path: readonly string[], value: string): unknown {
  if (Array.isArray(before)) return [replaced(before[0], path, value)];
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const inner = before as Record<string, unknown>;
  return { ...inner, [name]: replaced(inner[name], rest, value) };
}
