/**
 * Following the link of a registration: the person, and the account or the membership, all or nothing.
 */
import { personal, recordChange } from '@iroko/changes';
import { type Database, isViolation, newId, type SystemTransaction } from '@iroko/database';
import type { Settings } from '@iroko/settings';
import { checkedSlug } from '../accounts/account-form';
import { writeFounding } from '../accounts/found-account';
import { insertAccount } from '../accounts/found-account.sql';
import { goodLink, refusedLink, useLink } from '../mail-links/mail-link';
import { joinAccount, WITHOUT_RIGHTS } from '../memberships/join';
import type { Passwords } from '../passwords/passwords';
import { mailedPerson, writeMailedPerson } from '../people/mailed-person';
import type { RequestOrigin } from '../sign-in/source';
import { domainOf } from './mail-domains';
import { refuseClosed, refusedDomain, takenSlug } from './register';
import {
  accountThatAllows,
  deleteRegistration,
  type RegistrationRow,
  registrationById,
} from './registration.sql';

export interface ConfirmRegistrationInput {
  token: string;
  /** Chosen now, or the present one of somebody who has a user here. */
  password: string;
  /** Of the account, when the one asked for was taken meanwhile. */
  slug?: string | null;
}

interface Services {
  database: Database;
  passwords: Passwords;
  settings: Pick<Settings, 'signUp'>;
}

/**
 * Answers the slug of the account. Throws BAD_USER_INPUT (link, weak password), UNAUTHENTICATED (wrong password of a
 * known person), RATE_LIMITED, FORBIDDEN (closed meanwhile, deactivated), CONFLICT (slug, member already).
 */
export async function confirmRegistration(
  services: Services,
  { token, password, slug }: ConfirmRegistrationInput,
  from: RequestOrigin,
): Promise<string> {
  const { database } = services;
  const link = await goodLink(database.system, ['CONFIRM_REGISTRATION'], token);
  const row = await registrationById(database.system, link.subjectId);
  if (!row) throw refusedLink('used', 'This link was used before, and a link works once.');
  if (row.joinAccountId === null) refuseClosed(services.settings);
  const wanted = slug == null ? row.accountSlug : checkedSlug(slug, ['slug']);
  const person = await mailedPerson(services, row, { password, signedIn: null }, from);
  try {
    return await database.system.transaction(async (tx) => {
      await useLink(tx, link);
      const userId = await writeMailedPerson(tx, person, from);
      const account =
        row.joinAccountId === null
          ? await found(tx, { ...row, accountSlug: wanted }, userId, from)
          : await join(tx, row, row.joinAccountId, userId, from);
      await deleteRegistration(tx, row.id);
      await recordChange(
        tx.accountTransaction({ accountId: account.id, userId, requestId: from.requestId }),
        {
          subjectType: 'User',
          subjectId: userId,
          action: 'REGISTER',
          before: null,
          after: { email: personal(row.email, userId) },
        },
      );
      return account.slug;
    });
  } catch (error) {
    if (isViolation(error, 'account_slug_key')) throw takenSlug(wanted ?? '', ['slug']);
    throw error;
  }
}

interface AccountOfPerson {
  id: string;
  slug: string;
}

async function found(
  tx: SystemTransaction,
  row: RegistrationRow,
  userId: string,
  { requestId }: RequestOrigin,
): Promise<AccountOfPerson> {
  const account = {
    id: newId(),
    slug: row.accountSlug ?? '',
    name: row.accountName ?? '',
    timeZone: row.accountTimezone ?? 'UTC',
    language: row.accountLanguage ?? 'en',
    foundingKey: `registration ${row.id}`,
  };
  await insertAccount(tx, account);
  await writeFounding(tx, account, userId, { userId, requestId });
  return account;
}

/** The account is asked again: it may no longer let the domain in. */
async function join(
  tx: SystemTransaction,
  row: RegistrationRow,
  accountId: string,
  userId: string,
  { requestId }: RequestOrigin,
): Promise<AccountOfPerson> {
  const domain = domainOf(row.emailKey);
  const account = await accountThatAllows(tx, { id: accountId }, domain);
  if (!account) throw refusedDomain();
  const inside = tx.accountTransaction({ accountId, userId, requestId });
  await joinAccount(inside, userId, WITHOUT_RIGHTS, { byMailDomain: domain });
  return account;
}
