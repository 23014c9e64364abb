/**
 * Founds an account with its first administrator, for an operator: the demo, the command line, tests.
 *
 * Idempotent by key: whoever founds twice with one key, also at the same moment, gets the first account again.
 */
import { recordChange, recordChanges } from '@iroko/changes';
import {
  type AccountTransaction,
  type Database,
  isViolation,
  newId,
  type SystemTransaction,
} from '@iroko/database';
import { badInput, conflict } from '@iroko/errors';
import { textKey } from '@iroko/text';
import type { Passwords } from '../passwords/passwords';
import { checkedNewPassword } from '../passwords/strength';
import { checkedEmail, checkedLanguage, checkedName, checkedSlug, checkedTimeZone } from './account-form';
import {
  type AccountInsert,
  accountByFoundingKey,
  giveRole,
  insertAccount,
  insertMembership,
  insertPerson,
  insertRole,
  type PersonInsert,
  personIdByEmail,
} from './found-account.sql';

export interface FoundAccountInput {
  /** Chosen by the operator; the same key gives the same account. */
  key: string;
  /** Small letters, digits and hyphens; unique everywhere. */
  slug: string;
  name: string;
  /** IANA name; UTC without it. */
  timeZone?: string;
  /** en, fr or pt; en without it. */
  language?: string;
  administrator: {
    email: string;
    /** Of a new person. Somebody who is known keeps the password they have. */
    password?: string;
    firstName?: string;
    lastName?: string;
    language?: string;
  };
}

export interface FoundedAccount {
  accountId: string;
  administratorId: string;
  /** False when the key had founded it before. */
  created: boolean;
}

export interface FoundingServices {
  database: Database;
  passwords: Passwords;
}

/** Throws BAD_USER_INPUT, or CONFLICT when the slug belongs to another account or the key founded another slug. */
export async function foundAccount(
  { database, passwords }: FoundingServices,
  input: FoundAccountInput,
  requestId: string = newId(),
): Promise<FoundedAccount> {
  const { account, person, password } = checkedFounding(input);
  const known = await database.system.transaction((tx) => existing(tx, account));
  if (known) return known;
  const passwordHash = password === undefined ? null : await passwords.hash(password);
  try {
    return await database.system.transaction((tx) =>
      write(tx, account, { ...person, passwordHash }, requestId),
    );
  } catch (error) {
    if (isViolation(error, 'account_slug_key')) {
      throw conflict(`An account has the slug ${account.slug} already.`, { fields: ['slug'] });
    }
    throw error;
  }
}

async function write(
  tx: SystemTransaction,
  account: AccountInsert,
  person: PersonInsert,
  requestId: string,
): Promise<FoundedAccount> {
  if ((await insertAccount(tx, account)) === 0) {
    const known = await existing(tx, account);
    if (known) return known;
    throw new Error('An account that was there a moment ago is gone.');
  }
  await insertPerson(tx, person);
  const { id: userId } = await personIdByEmail(tx, person.emailKey);
  await writeFounding(tx, account, userId, { requestId });
  return { accountId: account.id, administratorId: userId, created: true };
}

/** The first member of a new account, with the role that holds every permission; and what the log says of it. */
export async function writeFounding(
  tx: SystemTransaction,
  account: AccountInsert,
  userId: string,
  actor: { userId?: string; requestId: string },
): Promise<void> {
  const inside = tx.accountTransaction({ ...actor, accountId: account.id });
  await insertMembership(inside, userId);
  const roleId = await writeAdministratorRole(inside, account);
  await giveRole(inside, userId, roleId);
  await recordChange(inside, {
    subjectType: 'Membership',
    subjectId: userId,
    action: 'CREATE',
    before: null,
    after: { userId, roleIds: [roleId] },
  });
}

/** Answers the id of the role. */
export async function writeAdministratorRole(
  inside: AccountTransaction,
  { id, name, slug, timeZone, language }: AccountInsert,
): Promise<string> {
  const role = { id: newId(), name: 'Administrator', permissions: [], everyPermission: true };
  await insertRole(inside, { ...role, nameKey: textKey(role.name) });
  await recordChanges(inside, [
    {
      subjectType: 'Account',
      subjectId: id,
      action: 'CREATE',
      before: null,
      after: { name, slug, timeZone, language },
    },
    {
      subjectType: 'Role',
      subjectId: role.id,
      action: 'CREATE',
      before: null,
      after: { name: role.name, everyPermission: true },
    },
  ]);
  return role.id;
}

async function existing(tx: SystemTransaction, account: AccountInsert): Promise<FoundedAccount | undefined> {
  const known = await accountByFoundingKey(tx, account.foundingKey);
  if (!known?.administratorId) return undefined;
  if (known.slug !== account.slug) {
    throw conflict(`The key ${account.foundingKey} founded the account ${known.slug} before.`, {
      fields: ['key'],
    });
  }
  return { accountId: known.accountId, administratorId: known.administratorId, created: false };
}

/** Throws BAD_USER_INPUT. */
export function checkedFounding(input: FoundAccountInput) {
  const { administrator } = input;
  if (input.key.trim() === '' || input.key.length > 200) {
    throw badInput('A key has 1 to 200 characters.', { path: ['key'] });
  }
  const email = checkedEmail(administrator.email, ['administrator', 'email']);
  const account: AccountInsert = {
    id: newId(),
    slug: checkedSlug(input.slug, ['slug']),
    name: checkedName(input.name, ['name']),
    timeZone: checkedTimeZone(input.timeZone ?? 'UTC', ['timeZone']),
    language: checkedLanguage(input.language ?? 'en', ['language']),
    foundingKey: checkedName(input.key, ['key']),
  };
  const personName = (text: string | undefined, field: string) =>
    checkedName(text ?? '', ['administrator', field], { mayBeEmpty: true });
  const person = {
    id: newId(),
    email: email.address,
    emailKey: email.key,
    firstName: personName(administrator.firstName, 'firstName'),
    lastName: personName(administrator.lastName, 'lastName'),
    language:
      administrator.language === undefined
        ? null
        : checkedLanguage(administrator.language, ['administrator', 'language']),
  };
  const password =
    administrator.password === undefined
      ? undefined
      : checkedNewPassword(
          administrator.password,
          [person.email, person.firstName, person.lastName],
          ['administrator', 'password'],
        );
  return { account, person, password };
}
