/**
 * Whoever is signed in proves once more that they are that person, before what a found browser must not do: the
 * password, and with a second factor its code too. Tries are as few as at the sign-in.
 */
import { recordChange } from '@iroko/changes';
import type { Database, SystemTransaction } from '@iroko/database';
import { badInput } from '@iroko/errors';
import type { Seal } from '@iroko/secrets';
import { PASSWORD_LENGTH_MAX, type Passwords } from '../passwords/passwords';
import type { OwnPersonRow } from '../people/own-person.sql';
import type { SignedIn } from '../people/signed-in';
import { beginAttempt } from '../sign-in/attempts';
import { closeAttempt } from '../sign-in/attempts.sql';
import type { RequestOrigin } from '../sign-in/source';
import { useCode } from './codes';
import { activeFactor } from './second-factor.sql';

export interface ProvingServices {
  database: Database;
  passwords: Passwords;
  secondFactorSeal: Seal;
}

export interface OwnProof {
  password: string;
  /** Of the app or a recovery code; looked at only where the person has a second factor. */
  code: string | null;
}

/** Where the two stand in what was sent. */
export interface ProofPaths {
  password: string[];
  code: string[];
}

/**
 * Throws BAD_USER_INPUT, with `reason`: `wrong_password`, `no_password`, `second_factor_required` or
 * `second_factor_wrong`; and RATE_LIMITED.
 */
export async function proveOneself(
  { database, passwords, secondFactorSeal }: ProvingServices,
  { own, person }: { own: SignedIn; person: OwnPersonRow },
  { password, code }: OwnProof,
  paths: ProofPaths,
  from: RequestOrigin,
): Promise<void> {
  if (person.passwordHash === null) {
    throw badInput('You have no password yet. Set one by requestPasswordReset, and sign in with it.', {
      path: paths.password,
      reason: 'no_password',
    });
  }
  const attemptId = await beginAttempt(database, person.emailKey, from.source);
  const proven =
    password.length <= PASSWORD_LENGTH_MAX && (await passwords.verify(password, person.passwordHash));
  const factor = proven ? await activeFactor(database.system, own.userId) : undefined;
  if (!proven || !factor) {
    await closeAttempt(database.system, attemptId, proven ? 'SUCCEEDED' : 'FAILED');
    if (proven) return;
    throw badInput('This is not your present password.', { path: paths.password, reason: 'wrong_password' });
  }
  if (code === null || code.trim() === '') {
    // No guess was made, so it counts for nothing; but no success either.
    await closeAttempt(database.system, attemptId, 'REFUSED');
    throw badInput('Send the code of your app, or a recovery code, along with the password.', {
      path: paths.code,
      reason: 'second_factor_required',
    });
  }
  const used = await database.system.transaction(async (tx) => {
    const kind = await useCode(tx, secondFactorSeal, own.userId, code);
    await closeAttempt(tx, attemptId, kind ? 'SUCCEEDED' : 'FAILED');
    if (kind === undefined) await note(tx, own, 'SECOND_FACTOR_FAILED', from);
    if (kind === 'RECOVERY') await note(tx, own, 'USE_RECOVERY_CODE', from);
    return kind;
  });
  if (used) return;
  throw badInput('This code is wrong or was used before.', {
    path: paths.code,
    reason: 'second_factor_wrong',
  });
}

async function note(
  tx: SystemTransaction,
  { userId, accountId }: SignedIn,
  action: 'SECOND_FACTOR_FAILED' | 'USE_RECOVERY_CODE',
  { requestId }: RequestOrigin,
): Promise<void> {
  await recordChange(tx.accountTransaction({ accountId, userId, requestId }), {
    subjectType: 'User',
    subjectId: userId,
    action,
    before: null,
    after: null,
  });
}
