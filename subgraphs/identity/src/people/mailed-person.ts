/**
 * Somebody who followed a link to an address becomes the person of that address: a new one, who chooses a password,
 * or the known one, who proves it with theirs. The link alone makes nobody somebody who is there already, and a
 * password is chosen by whoever reads the mail, never by whoever asked for it.
 */
import { type Database, newId, type SystemTransaction } from '@iroko/database';
import { ApiError, conflict, unauthenticated } from '@iroko/errors';
import { insertPerson, type PersonInsert } from '../accounts/found-account.sql';
import { PASSWORD_LENGTH_MAX, type Passwords } from '../passwords/passwords';
import { checkedNewPassword } from '../passwords/strength';
import { beginAttempt } from '../sign-in/attempts';
import { closeAttempt } from '../sign-in/attempts.sql';
import { knownSource } from '../sign-in/known-source';
import type { RequestOrigin } from '../sign-in/source';
import { type KnownPerson, knownPerson, setFirstPassword } from './mailed-person.sql';

export interface MailedAddress {
  email: string;
  emailKey: string;
  firstName: string;
  lastName: string;
  language: string | null;
}

export type MailedPerson =
  | { kind: 'new'; person: PersonInsert }
  | { kind: 'known'; userId: string; emailKey: string; firstPasswordHash: string | null };

interface Services {
  database: Database;
  passwords: Passwords;
}

/**
 * Checks and hashes, and writes nothing but the attempt. `signedIn` is the person who asks, when somebody signed in:
 * they need no password again. Throws BAD_USER_INPUT (weak password, or none), UNAUTHENTICATED (not the password of
 * the known person), RATE_LIMITED, FORBIDDEN (deactivated).
 */
export async function mailedPerson(
  { database, passwords }: Services,
  address: MailedAddress,
  { password, signedIn }: { password: string; signedIn: string | null },
  from: RequestOrigin,
): Promise<MailedPerson> {
  const known = await knownPerson(database.system, address.emailKey);
  if (known && !known.active) throw new ApiError('FORBIDDEN', 'This person was deactivated.');
  const names = known ?? address;
  if (known?.passwordHash != null || known?.id === signedIn) {
    const person = known as KnownPerson;
    if (person.id !== signedIn)
      await prove({ database, passwords }, person, address.emailKey, password, from);
    return { kind: 'known', userId: person.id, emailKey: address.emailKey, firstPasswordHash: null };
  }
  checkedNewPassword(password, [address.email, names.firstName, names.lastName], ['password']);
  const hash = await passwords.hash(password);
  if (known) return { kind: 'known', userId: known.id, emailKey: address.emailKey, firstPasswordHash: hash };
  return { kind: 'new', person: { ...address, id: newId(), passwordHash: hash } };
}

async function prove(
  { database, passwords }: Services,
  person: KnownPerson,
  emailKey: string,
  password: string,
  { source }: RequestOrigin,
): Promise<void> {
  const attemptId = await beginAttempt(database, emailKey, source);
  const proven =
    password.length <= PASSWORD_LENGTH_MAX && (await passwords.verify(password, person.passwordHash));
  await closeAttempt(database.system, attemptId, proven ? 'SUCCEEDED' : 'FAILED');
  if (!proven) {
    throw unauthenticated(
      'There is a user with this address already: give the password you sign in with, or reset it first.',
      'unknown',
    );
  }
}

/** Writes the person and answers their id. Throws CONFLICT when another request wrote them meanwhile. */
export async function writeMailedPerson(
  tx: SystemTransaction,
  mailed: MailedPerson,
  { source }: RequestOrigin,
): Promise<string> {
  const taken = () => conflict('Another request made this user at the same moment. Send yours again.');
  if (mailed.kind === 'new') {
    if ((await insertPerson(tx, mailed.person)) === 0) throw taken();
    await knownSource(tx, mailed.person.emailKey, source);
    return mailed.person.id;
  }
  const { userId, firstPasswordHash, emailKey } = mailed;
  if (firstPasswordHash !== null && (await setFirstPassword(tx, userId, firstPasswordHash)) === 0)
    throw taken();
  await knownSource(tx, emailKey, source);
  return userId;
}
