/** Edits of shared records say which revision they began from; what changed since answers CONFLICT. */
import { conflict } from '@iroko/errors';

/** Throws CONFLICT with both revisions and the fields that the editor would overwrite unseen. */
export function checkRevision(expected: number, actual: number, fields: readonly string[]): void {
  if (expected === actual) return;
  throw conflict(
    `This was changed meanwhile: you edited revision ${expected}, it is at ${actual}. Read it again and repeat your edit.`,
    { expectedRevision: expected, actualRevision: actual, fields },
  );
}

/** The names of the fields in which two records differ, values compared by their JSON. */
export function differingFields<Fields extends object>(
  before: Fields,
  after: Fields,
): (keyof Fields & string)[] {
  return (Object.keys(after) as (keyof Fields & string)[]).filter(
    (field) => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null),
  );
}

/** Only the named fields of a record. */
export function picked<Fields extends object, Name extends keyof Fields & string>(
  record: Fields,
  names: readonly Name[],
): Pick<Fields, Name> {
  return Object.fromEntries(names.map((name) => [name, record[name]])) as Pick<Fields, Name>;
}
