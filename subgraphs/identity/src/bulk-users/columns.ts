/**
 * The columns of a file of users: those of Iaso, so that its files can be taken as they are, and no others.
 */
import { badInput } from '@iroko/errors';

export const USER_COLUMNS = [
  'username',
  'password',
  'email',
  'first_name',
  'last_name',
  'orgunit',
  'orgunit__source_ref',
  'permissions',
  'profile_language',
  'dhis2_id',
  'organization',
  'projects',
  'user_roles',
  'teams',
  'phone_number',
  'editable_org_unit_types',
] as const;

export type UserColumn = (typeof USER_COLUMNS)[number];

/** Where each column stands in this file; a column that is not there is not changed for people who are there. */
export type ColumnPlaces = ReadonlyMap<UserColumn, number>;

/** Throws BAD_USER_INPUT for a heading that is none of ours, one that stands twice, and a file that names nobody. */
export function columnPlaces(headings: readonly string[]): ColumnPlaces {
  const places = new Map<UserColumn, number>();
  headings.forEach((heading, index) => {
    const name = heading.trim().toLowerCase();
    if (name === '') return;
    const column = USER_COLUMNS.find((known) => known === name);
    if (!column) {
      throw badInput(
        `The column ${JSON.stringify(heading.slice(0, 100))} is not known. The columns are ${USER_COLUMNS.join(', ')}.`,
        { column: heading.slice(0, 100) },
      );
    }
    if (places.has(column)) throw badInput(`The column ${column} stands twice.`, { column });
    places.set(column, index);
  });
  if (places.has('email') || places.has('username')) return places;
  throw badInput('The file has neither a column email nor a column username, so it names nobody.');
}
