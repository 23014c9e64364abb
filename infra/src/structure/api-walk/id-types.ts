/**
 * Whose id it is that an argument takes: said in the examples, or by its name, or by what the field answers.
 */
import { type GraphQLField, getNamedType, isObjectType } from 'graphql';
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
  const said = ID_TYPES[place.coordinate];
  const guesses = said ? [said] : guessed(place.path.at(-1) ?? '', field);
  const type = guesses.find((guess) => known.has(guess));
  if (type) return type;
  throw new Unfed(
    said
      ? `${place.coordinate} takes an id of ${said}, and no ${said} is seeded: add one to seedRecords in infra/src/structure/api-walk/seeds/.`
      : `Nothing says whose id ${place.coordinate} takes (tried ${guesses.join(', ') || 'nothing'}; seeded are ${[...known].join(', ')}). Name the type in ID_TYPES of infra/src/structure/api-walk/examples.ts, or seed a record of it in seeds/.`,
  );
}

function guessed(name: string, field: GraphQLField<unknown, unknown>): string[] {
  const byName = /^(.+?)(?:Ids?|s)?$/.exec(name)?.[1] ?? name;
  if (name !== 'id' && name !== 'ids') return [capitalized(byName), lastWord(byName)];
  const answered = getNamedType(field.type);
  const members = isObjectType(answered) ? Object.values(answered.getFields()) : [];
  return [answered.name, ...members.map(({ type }) => getNamedType(type).name)];
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `targetFormId` is the id of a Form. */
function lastWord(name: string): string {
  return capitalized(/[A-Z][a-z]*$/.exec(name)?.[0] ?? name);
}
