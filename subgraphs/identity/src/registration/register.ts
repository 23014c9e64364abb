/**
 * Asking to become somebody here: to found an account, where the operator lets strangers (`SIGN_UP=open`), or to join
 * one that lets one's mail domain in. Nothing is made before the link in the mail is followed: no person, no account,
 * and no password that whoever asked could know.
 */
import { type Database, newId } from '@iroko/database';
import { ApiError, badInput, conflict } from '@iroko/errors';
import { mailLanguage, type Post, renderMail } from '@iroko/mail';
import type { Settings } from '@iroko/settings';
import {
  checkedEmail,
  checkedLanguage,
  checkedName,
  checkedSlug,
  checkedTimeZone,
} from '../accounts/account-form';
import type { MailLinks } from '../mail-links/mail-link';
import type { RequestOrigin } from '../sign-in/source';
import { askForMail } from '../unproven/ask-unproven';
import { domainOf } from './mail-domains';
import {
  accountById,
  accountThatAllows,
  insertRegistration,
  type RegistrationRow,
  registrationById,
  slugIsTaken,
} from './registration.sql';
import type { RegisterInput } from './registration-type';
import { registrationWords } from './registration-words';

export interface RegisteringServices {
  database: Database;
  settings: Pick<Settings, 'signUp'>;
}

/** Throws BAD_USER_INPUT, FORBIDDEN (closed, or the account lets the domain not in), CONFLICT (slug), RATE_LIMITED. */
export async function register(
  services: RegisteringServices,
  input: RegisterInput,
  from: RequestOrigin,
): Promise<void> {
  const row = await checkedRegistration(services, input);
  await services.database.system.transaction(async (tx) => {
    await insertRegistration(tx, row);
    const details = { registrationId: row.id };
    await askForMail(tx, { kind: 'REGISTER', addressKey: row.emailKey, details }, from);
  });
}

async function checkedRegistration(
  services: RegisteringServices,
  input: RegisterInput,
): Promise<RegistrationRow> {
  const email = checkedEmail(input.email, ['input', 'email']);
  const name = (text: string | null | undefined, field: string) =>
    checkedName(text ?? '', ['input', field], { mayBeEmpty: true });
  return {
    id: newId(),
    email: email.address,
    emailKey: email.key,
    firstName: name(input.firstName, 'firstName'),
    lastName: name(input.lastName, 'lastName'),
    language: input.language == null ? null : checkedLanguage(input.language, ['input', 'language']),
    ...(await wish(services, input, email.key)),
  };
}

type Wish = Pick<
  RegistrationRow,
  'joinAccountId' | 'accountName' | 'accountSlug' | 'accountTimezone' | 'accountLanguage'
>;

async function wish(
  { database, settings }: RegisteringServices,
  { account, joinAccount }: RegisterInput,
  emailKey: string,
): Promise<Wish> {
  if ((account == null) === (joinAccount == null)) {
    throw badInput('Give either `account`, to found one, or `joinAccount`.', { path: ['input'] });
  }
  const founding = { accountName: null, accountSlug: null, accountTimezone: null, accountLanguage: null };
  if (joinAccount != null) {
    const slug = checkedSlug(joinAccount, ['input', 'joinAccount']);
    const open = await accountThatAllows(database.system, { slug }, domainOf(emailKey));
    if (!open) throw refusedDomain();
    return { ...founding, joinAccountId: open.id };
  }
  refuseClosed(settings);
  const path = (field: string) => ['input', 'account', field];
  const slug = checkedSlug(account?.slug ?? '', path('slug'));
  const checked = {
    joinAccountId: null,
    accountName: checkedName(account?.name ?? '', path('name')),
    accountSlug: slug,
    accountTimezone: checkedTimeZone(account?.timeZone ?? 'UTC', path('timeZone')),
    accountLanguage: checkedLanguage(account?.language ?? 'en', path('language')),
  };
  if (await slugIsTaken(database.system, slug)) throw takenSlug(slug, path('slug'));
  return checked;
}

export function refuseClosed({ signUp }: Pick<Settings, 'signUp'>): void {
  if (signUp === 'open') return;
  throw new ApiError(
    'FORBIDDEN',
    'Sign-up is closed here: accounts are set up by whoever operates this Iroko. Ask an administrator of your account for an invitation.',
  );
}

/** In the same words for an account that does not exist. */
export function refusedDomain(): ApiError {
  return new ApiError(
    'FORBIDDEN',
    'Nobody joins this account by themselves with such an address. Ask an administrator of the account for an invitation.',
  );
}

export function takenSlug(slug: string, path: string[]): ApiError {
  return conflict(`An account has the slug ${slug} already. Choose another.`, { fields: ['slug'], path });
}

/** Sends the link. Nobody looks up whether the address has a person: the mail is the same. */
export async function mailRegistration(
  { database, post, mailLinks }: { database: Database; post: Post; mailLinks: MailLinks },
  id: string,
  registrationId: string,
): Promise<void> {
  const row = await registrationById(database.system, registrationId);
  if (!row) return;
  const joined =
    row.joinAccountId === null ? undefined : await accountById(database.system, row.joinAccountId);
  const language = mailLanguage(row.language, row.accountLanguage, joined?.language);
  const url = await mailLinks.make(database.system, 'CONFIRM_REGISTRATION', row.id, language);
  const words = registrationWords(joined?.name ?? row.accountName ?? '', url);
  await post.deliver({ id, to: row.email, ...renderMail(words[language], language) });
}
