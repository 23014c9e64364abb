/**
 * What a person says about themselves, changed by that person.
 */
import { personal, recordChange } from '@iroko/changes';
import type { Database } from '@iroko/database';
import { badInput } from '@iroko/errors';
import type { Viewer } from '@iroko/viewer';
import { checkedLanguage, checkedName } from '../accounts/account-form';
import { lockPerson, type OwnPersonRow, type ProfileFields, writeProfile } from './own-person.sql';
import type { UpdateProfileInput } from './profile-type';
import { signedInPerson } from './signed-in';

const HOME_PAGE_LENGTH_MAX = 2000;
/** E.164: up to 15 digits, of which the first is no zero. */
const PHONE = /^\+[1-9][0-9]{6,14}$/;

/** What is undefined stays; null or nothing erases. Throws BAD_USER_INPUT that names the field. */
export function changedProfile(now: ProfileFields, input: UpdateProfileInput): ProfileFields {
  const name = (text: string | null | undefined, before: string, field: string) =>
    text === undefined ? before : checkedName(text ?? '', ['input', field], { mayBeEmpty: true });
  const optional = (
    text: string | null | undefined,
    before: string | null,
    check: (given: string) => string,
  ) => (text === undefined ? before : text === null || text.trim() === '' ? null : check(text.trim()));
  return {
    firstName: name(input.firstName, now.firstName, 'firstName'),
    lastName: name(input.lastName, now.lastName, 'lastName'),
    organization: name(input.organization, now.organization, 'organization'),
    language: optional(input.language, now.language, (text) => checkedLanguage(text, ['input', 'language'])),
    phone: optional(input.phone, now.phone, checkedPhone),
    homePage: optional(input.homePage, now.homePage, checkedHomePage),
  };
}

/** Throws BAD_USER_INPUT, and FORBIDDEN for an API token. */
export async function updateProfile(
  database: Database,
  viewer: Viewer,
  input: UpdateProfileInput,
  requestId: string,
): Promise<OwnPersonRow> {
  const { userId, accountId } = signedInPerson(viewer);
  return database.system.transaction(async (tx) => {
    const person = await lockPerson(tx, userId);
    const profile = changedProfile(person, input);
    const fields = (Object.keys(profile) as (keyof ProfileFields)[]).filter(
      (field) => profile[field] !== person[field],
    );
    if (fields.length === 0) return person;
    const valuesOf = (source: ProfileFields) =>
      Object.fromEntries(fields.map((field) => [field, personal(source[field], userId)]));
    const written = await writeProfile(tx, userId, profile);
    await recordChange(tx.accountTransaction({ accountId, userId, requestId }), {
      subjectType: 'User',
      subjectId: userId,
      action: 'UPDATE',
      before: valuesOf(person),
      after: valuesOf(profile),
    });
    return written;
  });
}

/** People put spaces, dots and brackets between the digits. */
function checkedPhone(text: string): string {
  const digits = text.replace(/[\s().-]/g, '');
  if (PHONE.test(digits)) return digits;
  throw badInput('A telephone number has a plus sign, the country code and the number: +243 81 000 00 01.', {
    path: ['input', 'phone'],
  });
}

function checkedHomePage(text: string): string {
  const isWeb = URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
  const href = isWeb ? new URL(text).href : '';
  if (isWeb && href.length <= HOME_PAGE_LENGTH_MAX) return href;
  throw badInput(
    `A home page is an http or https address of at most ${HOME_PAGE_LENGTH_MAX} characters, such as https://example.org.`,
    { path: ['input', 'homePage'] },
  );
}
