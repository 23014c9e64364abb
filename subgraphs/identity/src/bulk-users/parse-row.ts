/**
 * What one row of a file of users says, looked at by itself: plain data, or what is wrong in which column. Names of
 * roles, projects, places and the like are only cut apart here; whether there are such is asked for many rows at once.
 */
import type { ErrorCode } from '@iroko/errors';
import { isPossiblePhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js';
import { LANGUAGES } from '../accounts/account-form';
import { PASSWORD_LENGTH_MAX } from '../passwords/passwords';
import { DHIS2_ID } from '../single-sign-on/dhis2';
import { type EmailAddress, parseEmail } from '../users/email';
import type { ColumnPlaces, UserColumn } from './columns';

export interface RowProblem {
  /** As an editor or a spreadsheet counts them, from 1. */
  line: number;
  column: UserColumn | null;
  /** BAD_USER_INPUT, or FORBIDDEN for what whoever asks may not do. */
  code: ErrorCode;
  message: string;
}

/** What a column says; undefined where the file has no such column. */
export interface UserRow {
  line: number;
  email: EmailAddress;
  passwordGiven: boolean;
  firstName: string;
  lastName: string;
  organization: string;
  language: string | null;
  phone: string | null;
  dhis2Id: string | null | undefined;
  permissions: readonly string[] | undefined;
  roles: readonly string[] | undefined;
  projects: readonly string[] | undefined;
  units: readonly string[] | undefined;
  unitRefs: readonly string[] | undefined;
  types: readonly string[] | undefined;
  teams: readonly string[] | undefined;
}

const NAME_LENGTH_MAX = 200;
const ENTRIES_MAX = 200;

class Wrong extends Error {
  constructor(
    readonly column: UserColumn,
    message: string,
  ) {
    super(message);
  }
}

/** Reads one row; `defaults` fill cells that are empty. */
export function parseUserRow(
  line: number,
  cells: readonly string[],
  places: ColumnPlaces,
  defaults: Partial<Record<UserColumn, string>>,
): UserRow | RowProblem {
  const cell = (column: UserColumn) => {
    const place = places.get(column);
    const text = place === undefined ? '' : (cells[place] ?? '').trim();
    return text === '' ? (defaults[column] ?? '') : text;
  };
  const isThere = (column: UserColumn) => places.has(column) || defaults[column] !== undefined;
  const list = (column: UserColumn) => (isThere(column) ? entries(column, cell(column)) : undefined);
  try {
    const email = emailOf(cell('username'), cell('email'));
    return {
      line,
      email,
      passwordGiven: passwordOf(cell('password')),
      firstName: name('first_name', cell('first_name')),
      lastName: name('last_name', cell('last_name')),
      organization: name('organization', cell('organization')),
      language: languageOf(cell('profile_language')),
      phone: phoneOf(cell('phone_number')),
      dhis2Id: isThere('dhis2_id') ? dhis2IdOf(cell('dhis2_id')) : undefined,
      permissions: list('permissions'),
      roles: list('user_roles'),
      projects: list('projects'),
      units: list('orgunit'),
      unitRefs: list('orgunit__source_ref'),
      types: list('editable_org_unit_types'),
      teams: list('teams'),
    };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { line, column: error.column, code: 'BAD_USER_INPUT', message: error.message };
  }
}

export const isProblem = (row: UserRow | RowProblem): row is RowProblem => 'message' in row;

/** People sign in by their address; a username counts where it is one and no address is given. */
function emailOf(username: string, email: string): EmailAddress {
  if (/\s/.test(username)) throw new Wrong('username', 'A username has no space in it.');
  const text = email || username;
  if (text === '') throw new Wrong('email', 'There is no e-mail address, by which people sign in.');
  const parsed = parseEmail(text);
  if (parsed) return parsed;
  if (email === '') {
    throw new Wrong('email', 'People sign in by e-mail address: give one, or a username that is one.');
  }
  throw new Wrong('email', `${shown(email)} is no e-mail address; one looks like name@example.org.`);
}

function name(column: UserColumn, text: string): string {
  const clean = text.normalize('NFC');
  if (clean.length > NAME_LENGTH_MAX) {
    throw new Wrong(column, `It has ${clean.length} characters; ${NAME_LENGTH_MAX} are allowed.`);
  }
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(clean)) {
    throw new Wrong(column, 'It has a line break or another control character.');
  }
  return clean;
}

/** It is not used: a person has one password for all accounts, so nobody else chooses it. */
function passwordOf(text: string): boolean {
  if (text.length > PASSWORD_LENGTH_MAX) throw new Wrong('password', 'The password is too long.');
  return text !== '';
}

function languageOf(text: string): string | null {
  if (text === '') return null;
  const language = LANGUAGES.find((known) => known === text.toLowerCase());
  if (language) return language;
  throw new Wrong('profile_language', `${shown(text)} is none of the languages ${LANGUAGES.join(', ')}.`);
}

/** As E.164 writes it. A spreadsheet that took it for a number has lost the plus sign. */
function phoneOf(text: string): string | null {
  if (text === '') return null;
  const international = /^\d{8,15}$/.test(text) ? `+${text}` : text;
  const number = parsePhoneNumberFromString(international)?.number;
  if (number && isPossiblePhoneNumber(number) && /^\+[1-9][0-9]{6,14}$/.test(number)) return number;
  throw new Wrong(
    'phone_number',
    `${shown(text)} is no telephone number with plus sign and country code, such as +243 81 000 00 01.`,
  );
}

function dhis2IdOf(text: string): string | null {
  if (text === '') return null;
  if (DHIS2_ID.test(text)) return text;
  throw new Wrong('dhis2_id', `${shown(text)} is no id of DHIS2: a letter and ten letters or digits.`);
}

/** Entries between commas, each once; one with a comma in it stands in quotes. */
function entries(column: UserColumn, text: string): string[] {
  const found = [...text.matchAll(/"((?:[^"]|"")*)"|[^,]+/g)]
    .map(([whole, quoted]) => (quoted === undefined ? whole : quoted.replaceAll('""', '"')).trim())
    .filter((entry) => entry !== '');
  if (found.length > ENTRIES_MAX) {
    throw new Wrong(column, `There are ${found.length} entries; ${ENTRIES_MAX} are allowed.`);
  }
  return [...new Set(found)];
}

const shown = (text: string) => JSON.stringify(text.slice(0, 100));
