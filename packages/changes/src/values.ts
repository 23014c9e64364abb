/**
 * Values that must not stand in the log as they are.
 *
 * The log is never changed, but a person may ask to be forgotten. So a personal value is kept in a table that can
 * be erased, and the chained event keeps a salted hash: it proves the value to whoever still has it, and tells
 * nothing once value and salt are gone. A secret is only named.
 */
import { createHash, randomBytes } from 'node:crypto';
import { isId, newId } from '@iroko/database';

/** A name, an address, a phone number: anything that says who a person is. */
export class Personal {
  constructor(
    readonly value: unknown,
    /** The user whose value it is, when there is one: erasing that person erases it. */
    readonly personId: string | null,
  ) {}
}

/** A password, a key: the log says that it changed and nothing else. */
export class Secret {
  readonly $secret = true;
}

/** Marks a value in `before` or `after` as personal. Null stays null: it says nothing about anybody. */
export function personal(value: unknown, personId?: string): Personal | null {
  return value === null || value === undefined ? null : new Personal(value, personId ?? null);
}

/** Marks a field in `before` or `after` as changed without saying from what to what. */
export const secret = new Secret();

export interface PersonalValueRow {
  id: string;
  personId: string | null;
  /** JSON text. */
  value: string;
  /** Hexadecimal. */
  salt: string;
}

/** How a personal value stands in the chained event. */
export interface PersonalReference {
  $personal: string;
  hash: string;
}

/** The JSON text of fields, with each personal value moved to `kept`. */
export function withoutPersonalValues(fields: unknown, kept: PersonalValueRow[]): string | null {
  if (fields === null || fields === undefined) return null;
  return JSON.stringify(fields, (_, value: unknown) => {
    if (value instanceof Personal) return keep(value, kept);
    return typeof value === 'string' ? wellFormed(value) : value;
  });
}

function keep(personalValue: Personal, kept: PersonalValueRow[]): PersonalReference {
  const value = JSON.stringify(personalValue.value, (_, part: unknown) =>
    typeof part === 'string' ? wellFormed(part) : part,
  );
  const salt = randomBytes(16);
  const id = newId();
  kept.push({ id, personId: personalValue.personId, value, salt: salt.toString('hex') });
  return { $personal: id, hash: createHash('sha256').update(salt).update(value).digest('hex') };
}

/** PostgreSQL refuses half of a surrogate pair, which JavaScript lets stand in a string. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

function isPersonalReference(value: unknown): value is PersonalReference {
  if (typeof value !== 'object' || value === null) return false;
  const { $personal, hash } = value as Partial<PersonalReference>;
  return typeof $personal === 'string' && isId($personal) && typeof hash === 'string';
}

/** The ids of the personal values that fields refer to, at any depth. */
export function personalReferences(fields: unknown, found: string[] = []): string[] {
  if (isPersonalReference(fields)) found.push(fields.$personal);
  else if (typeof fields === 'object' && fields !== null) {
    for (const value of Object.values(fields)) personalReferences(value, found);
  }
  return found;
}

/** The fields with each reference replaced by its value, or by null once it was erased. */
export function withPersonalValues<Fields>(fields: Fields, values: ReadonlyMap<string, unknown>): Fields {
  if (isPersonalReference(fields)) return (values.get(fields.$personal) ?? null) as Fields;
  if (Array.isArray(fields)) return fields.map((value) => withPersonalValues(value, values)) as Fields;
  if (typeof fields !== 'object' || fields === null) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, withPersonalValues(value, values)]),
  ) as Fields;
}
