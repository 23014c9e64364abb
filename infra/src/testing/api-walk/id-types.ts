/**
 * Whose id it is that an argument takes: said in the examples, or by its name, or by the name of the operation.
 */
import type { GraphQLField } from 'graphql';
import { getNamedType } from 'graphql';
import { ID_TYPES } from './examples';
import type { IdPlace } from './id-places';

export class Unfed extends Error {
  override name = 'Unfed';
}

/** Throws Unfed, with what to do, when nothing says the type or there is no such record. */
export function typeOfId(
  place: IdPlace,
  field: GraphQLField<unknown, unknown>,
  known: ReadonlySet<string>,
): string {
  const name = place.path.at(-1) ?? '';
  const said = ID_TYPES[place.coordinate] ?? ID_TYPES[name];
  if (said && !known.has(said)) {
    throw new Unfed(
      `${place.coordinate} takes an id of ${said}, and no ${said} is seeded: add one in infra/src/testing/api-walk/seeds/.`,
    );
  }
  const guesses = said ? [said] : guessed(name, field);
  const type = guesses.find((guess) => known.has(guess)) ?? onlyOneEndingIn(guesses[0] ?? '', known);
  if (type) return type;
  throw new Unfed(
    `Nothing says whose id ${place.coordinate} takes (tried ${guesses.join(', ')}; seeded are ${[...known].join(', ')}). Name the type in ID_TYPES of infra/src/testing/api-walk/examples.ts, or seed a record of it in seeds/.`,
  );
}

/** `formId` and `forms` take a Form; `id` what the field answers, or what its name ends in: `removeOrgUnit`. */
function guessed(name: string, field: GraphQLField<unknown, unknown>): string[] {
  if (name !== 'id' && name !== 'ids') return [capitalized(name.replace(/(Ids?|s)$/, ''))];
  return [getNamedType(field.type).name, ...endings(capitalized(field.name.replace(/s$/, '')))];
}

/** `RemoveOrgUnit`, `OrgUnit`, `Unit`. */
function endings(name: string): string[] {
  const words = name.match(/[A-Z][^A-Z]*/g) ?? [];
  return words.map((_, index) => words.slice(index).join(''));
}

/** `typeId` takes an OrgUnitType where there is no other type whose name ends so. */
function onlyOneEndingIn(guess: string, known: ReadonlySet<string>): string | undefined {
  const ending = guess === '' ? [] : [...known].filter((type) => type.endsWith(guess));
  return ending.length === 1 ? ending[0] : undefined;
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
