/**
 * Signing in with e-mail and password.
 *
 * An unknown address and a wrong password get the same answer after the same work, and the same limits, so that
 * nobody learns which addresses exist.
 */
import { personal, recordChange } from '@iroko/changes';
import { type Database, newId } from '@iroko/database';
import { ApiError, badInput, unauthenticated } from '@iroko/errors';
import type { Seal } from '@iroko/secrets';
import { isSlug } from '../accounts/account-form';
import type { SigningKeys } from '../keys/signing-keys';
import { PASSWORD_LENGTH_MAX, type Passwords } from '../passwords/passwords';
import { passSecondFactor } from '../second-factor/pass';
import { issueTokens } from '../sessions/open-session';
import type { Refreshed } from '../sessions/refresh-session';
import { deleteOldSessions, insertSession } from '../sessions/sessions.sql';
import { writeDown } from '../unproven/ask-unproven';
import { parseEmail } from '../users/email';
import { beginAttempt } from './attempts';
import { closeAttempt } from './attempts.sql';
import { accountsOfPerson, type PersonRow, personByEmail, replacePasswordHash } from './sign-in.sql';
import type { RequestOrigin } from './source';

/** Longer than any address: beyond it nothing is hashed or looked up. */
const EMAIL_LENGTH_MAX = 1000;

export interface SignInInput {
  email: string;
  password: string;
  /** The slug of the account; without it the one last signed in to. */
  account?: string | null;
  /** Of the app or a recovery code; looked at only where the person has a second factor. */
  code?: string | null;
}

export interface SignInServices {
  database: Database;
  keys: SigningKeys;
  passwords: Passwords;
  secondFactorSeal: Seal;
}

/** Throws UNAUTHENTICATED, RATE_LIMITED, BAD_USER_INPUT, or FORBIDDEN for a person without such an account. */
export async function signIn(
  services: SignInServices,
  input: SignInInput,
  from: RequestOrigin,
): Promise<Refreshed> {
  refuseOversized(input);
  const { database } = services;
  const key = parseEmail(input.email)?.key;
  const attemptId = await beginAttempt(database, key ?? input.email, from.source);
  const person = await provenPerson(services, key, input.password);
  if (!person) {
    await failAttempt(database, attemptId, input, from);
    throw unauthenticated('The e-mail address or the password is wrong.', 'unknown');
  }
  await passSecondFactor(services, { attemptId, userId: person.id, ...input }, from);
  // Password and code were right; what follows is no guess.
  await closeAttempt(database.system, attemptId, 'SUCCEEDED');
  const account = await chosenAccount(database, person.id, input.account ?? null, from);
  const claims = { userId: person.id, accountId: account, sessionId: newId() };
  const signingKey = await services.keys.newest();
  const tokens = await database.system.transaction(async (tx) => {
    await insertSession(tx, { ...claims, id: claims.sessionId, source: from.source || null });
    await deleteOldSessions(tx);
    await recordChange(tx.accountTransaction({ ...claims, requestId: from.requestId }), {
      subjectType: 'User',
      subjectId: person.id,
      action: 'SIGN_IN',
      before: null,
      after: { sessionId: claims.sessionId, source: personal(from.source || null, person.id) },
    });
    return issueTokens(tx, signingKey, claims);
  });
  return { ...tokens, ...claims };
}

/** The same statements for an address that nobody has; whose it is, is found out after the answer. */
async function failAttempt(
  database: Database,
  attemptId: string,
  { email, account }: SignInInput,
  from: RequestOrigin,
): Promise<void> {
  // What is no address and no slug is nobody's, and is not kept.
  const emailKey = parseEmail(email)?.key ?? '';
  const slug = account == null || isSlug(account) ? (account ?? null) : '';
  await database.system.transaction(async (tx) => {
    await closeAttempt(tx, attemptId, 'FAILED');
    await writeDown(tx, { kind: 'SIGN_IN_FAILED', addressKey: emailKey, details: { emailKey, slug } }, from);
  });
}

function refuseOversized({ email, password }: SignInInput): void {
  if (email.length > EMAIL_LENGTH_MAX) {
    throw badInput(`email has ${email.length} characters; an address has at most 254.`, { path: ['email'] });
  }
  if (password.length > PASSWORD_LENGTH_MAX) {
    throw badInput(`password has ${password.length} characters; ${PASSWORD_LENGTH_MAX} are allowed.`, {
      path: ['password'],
    });
  }
}

/** The person of that address, when the password is theirs and they may sign in. */
async function provenPerson(
  { database, passwords }: SignInServices,
  emailKey: string | undefined,
  password: string,
): Promise<PersonRow | undefined> {
  const person = emailKey === undefined ? undefined : await personByEmail(database.system, emailKey);
  const stored = person?.passwordHash ?? null;
  const proven = await passwords.verify(password, stored);
  if (!proven || !person?.active || stored === null) return undefined;
  if (passwords.needsRehash(stored)) {
    await replacePasswordHash(database.system, person.id, stored, await passwords.hash(password));
  }
  return person;
}

/** An account that does not exist and one that the person is no member of are answered alike. */
async function chosenAccount(
  database: Database,
  userId: string,
  slug: string | null,
  { source, requestId }: RequestOrigin,
): Promise<string> {
  const accounts = await accountsOfPerson(database.system, userId);
  const chosen = slug === null ? accounts[0] : accounts.find((account) => account.slug === slug);
  if (chosen) return chosen.accountId;
  if (slug === null || accounts[0] === undefined) {
    throw new ApiError('FORBIDDEN', 'You are a member of no account.');
  }
  // Somebody has the password: that is told where the person is, without which account they were after.
  const db = database.forAccount({ accountId: accounts[0].accountId, requestId });
  await db.transaction((tx) =>
    recordChange(tx, {
      subjectType: 'User',
      subjectId: userId,
      action: 'SIGN_IN_FAILED',
      before: null,
      after: { source: personal(source || null, userId), lockedOut: false, passwordWasRight: true },
    }),
  );
  throw new ApiError(
    'FORBIDDEN',
    `You are not a member of an account ${JSON.stringify(slug.slice(0, 100))}.`,
  );
}
