/**
 * What a new account and its first administrator must look like. Every wrong field is refused by name.
 */
import { badInput } from '@iroko/errors';
import { type EmailAddress, parseEmail } from '../users/email';

export const LANGUAGES = ['en', 'fr', 'pt'] as const;

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const NAME_LENGTH_MAX = 200;

/** A name as people give it: one line, without surrounding space. Throws BAD_USER_INPUT that names the path. */
export function checkedName(text: string, path: string[], options: { mayBeEmpty?: boolean } = {}): string {
  const name = text.trim().normalize('NFC');
  const what = path.join('.');
  if (name === '' && !options.mayBeEmpty) throw badInput(`${what} is empty.`, { path });
  if (name.length > NAME_LENGTH_MAX) {
    throw badInput(`${what} has ${name.length} characters; ${NAME_LENGTH_MAX} are allowed.`, { path });
  }
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(name)) {
    throw badInput(`${what} has a line break or another control character.`, { path });
  }
  return name;
}

export const isSlug = (text: string) => SLUG.test(text);

export function checkedSlug(slug: string, path: string[]): string {
  if (isSlug(slug)) return slug;
  throw badInput(
    'A slug has 1 to 63 small letters, digits and hyphens, and neither begins nor ends with a hyphen.',
    { path },
  );
}

export function checkedLanguage(language: string, path: string[]): string {
  if ((LANGUAGES as readonly string[]).includes(language)) return language;
  throw badInput(`The languages are ${LANGUAGES.join(', ')}.`, { path });
}

export function checkedTimeZone(timeZone: string, path: string[]): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    throw badInput('A time zone is an IANA name such as Africa/Kinshasa.', { path });
  }
}

export function checkedEmail(text: string, path: string[]): EmailAddress {
  const email = parseEmail(text);
  if (email) return email;
  throw badInput('This is no e-mail address; one looks like name@example.org.', { path });
}
