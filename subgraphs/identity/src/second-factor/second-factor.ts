/**
 * A person's own second factor: begun, confirmed with a first code, and taken away again. Whoever finds an open browser
 * must know the password, and has as few tries at it and at codes as at the sign-in.
 */
import { randomBytes } from 'node:crypto';
import { recordChange } from '@iroko/changes';
import type { Database, SystemTransaction } from '@iroko/database';
import { badInput, conflict } from '@iroko/errors';
import type { Seal } from '@iroko/secrets';
import type { Viewer } from '@iroko/viewer';
import { PASSWORD_LENGTH_MAX, type Passwords } from '../passwords/passwords';
import { endSessionsEverywhere } from '../people/end-sessions';
import { type OwnPersonRow, personById } from '../people/own-person.sql';
import { type SignedIn, signedInPerson } from '../people/signed-in';
import { beginAttempt } from '../sign-in/attempts';
import { closeAttempt } from '../sign-in/attempts.sql';
import type { RequestOrigin } from '../sign-in/source';
import { base32 } from './base32';
import { freshRecoveryCodes, recoveryHash, stepOf, useCode } from './codes';
import {
  activeFactor,
  deleteFactor,
  deleteRecoveryCodes,
  factorOf,
  insertRecoveryCodes,
  lockFactor,
  writeBegun,
  writeConfirmed,
} from './second-factor.sql';
import { otpauthUri } from './totp';

/** As long as a SHA-1, which RFC 4226 recommends. */
const SECRET_BYTES = 20;

export interface SecondFactorServices {
  database: Database;
  passwords: Passwords;
  secondFactorSeal: Seal;
}

export interface Proofs {
  password: string;
  code: string;
}

type Action =
  | 'BEGIN_SECOND_FACTOR'
  | 'CONFIRM_SECOND_FACTOR'
  | 'REMOVE_SECOND_FACTOR'
  | 'NEW_RECOVERY_CODES'
  | 'USE_RECOVERY_CODE'
  | 'SECOND_FACTOR_FAILED';

const notThere = () => conflict('You have no second factor. Begin with beginSecondFactor.');
const alreadyActive = () => conflict('You have a second factor already. Remove it first.');
const wrongCode = () => badInput('This code is wrong or was used before.', { path: ['code'] });
const wrongPassword = () => badInput('This is not your present password.', { path: ['password'] });

/** Throws BAD_USER_INPUT (wrong password), CONFLICT (one is active), RATE_LIMITED, FORBIDDEN for an API token. */
export async function beginSecondFactor(
  services: SecondFactorServices,
  viewer: Viewer,
  password: string,
  from: RequestOrigin,
): Promise<{ secret: string; uri: string }> {
  const { database, secondFactorSeal } = services;
  const own = signedInPerson(viewer);
  const person = await personById(database.system, own.userId);
  if (await activeFactor(database.system, own.userId)) throw alreadyActive();
  const attemptId = await beginAttempt(database, person.emailKey, from.source);
  const proven = await isPassword(services, person, password);
  await closeAttempt(database.system, attemptId, proven ? 'SUCCEEDED' : 'FAILED');
  if (!proven) throw wrongPassword();
  const secret = randomBytes(SECRET_BYTES);
  await database.system.transaction(async (tx) => {
    const written = await writeBegun(tx, own.userId, secondFactorSeal.close(secret, own.userId));
    if (written === 0) throw alreadyActive();
    await note(tx, own, 'BEGIN_SECOND_FACTOR', from);
  });
  return { secret: base32(secret), uri: otpauthUri(secret, person.email) };
}

/** Answers the recovery codes. Throws BAD_USER_INPUT (wrong code), CONFLICT, RATE_LIMITED, FORBIDDEN. */
export async function confirmSecondFactor(
  { database, secondFactorSeal }: SecondFactorServices,
  viewer: Viewer,
  code: string,
  from: RequestOrigin,
): Promise<string[]> {
  const own = signedInPerson(viewer);
  const begun = await factorOf(database.system, own.userId);
  if (!begun) throw notThere();
  if (begun.active) throw alreadyActive();
  const person = await personById(database.system, own.userId);
  const attemptId = await beginAttempt(database, person.emailKey, from.source);
  const codes = await database.system.transaction(async (tx) => {
    const factor = await lockFactor(tx, own.userId);
    // Another request may have confirmed or removed it meanwhile; then this code is good no more.
    const step = factor && !factor.active ? stepOf(secondFactorSeal, own.userId, factor, code) : undefined;
    await closeAttempt(tx, attemptId, step === undefined ? 'FAILED' : 'SUCCEEDED');
    if (step === undefined) {
      await note(tx, own, 'SECOND_FACTOR_FAILED', from);
      return undefined;
    }
    await writeConfirmed(tx, own.userId, step);
    await note(tx, own, 'CONFIRM_SECOND_FACTOR', from);
    // Those that were opened with a password alone: one of them may be why a factor was wanted.
    await endSessionsEverywhere(
      tx,
      { userId: own.userId, requestId: from.requestId },
      'REVOKED',
      own.sessionId,
    );
    return renewCodes(tx, own.userId);
  });
  if (!codes) throw wrongCode();
  return codes;
}

/** Throws BAD_USER_INPUT (wrong password or code), CONFLICT (there is none), RATE_LIMITED, FORBIDDEN. */
export async function removeSecondFactor(
  services: SecondFactorServices,
  viewer: Viewer,
  proofs: Proofs,
  from: RequestOrigin,
): Promise<void> {
  await withBoth(services, viewer, proofs, from, async (tx, own) => {
    await deleteFactor(tx, own.userId);
    await note(tx, own, 'REMOVE_SECOND_FACTOR', from);
  });
}

/** Those before are good no more. Throws as removeSecondFactor. */
export function newRecoveryCodes(
  services: SecondFactorServices,
  viewer: Viewer,
  proofs: Proofs,
  from: RequestOrigin,
): Promise<string[]> {
  return withBoth(services, viewer, proofs, from, async (tx, own) => {
    await note(tx, own, 'NEW_RECOVERY_CODES', from);
    return renewCodes(tx, own.userId);
  });
}

/** Does the work once password and code were right, in the transaction that uses the code up. */
async function withBoth<T>(
  services: SecondFactorServices,
  viewer: Viewer,
  { password, code }: Proofs,
  from: RequestOrigin,
  work: (tx: SystemTransaction, own: SignedIn) => Promise<T>,
): Promise<T> {
  const { database, secondFactorSeal } = services;
  const own = signedInPerson(viewer);
  if (!(await activeFactor(database.system, own.userId))) throw notThere();
  const person = await personById(database.system, own.userId);
  const attemptId = await beginAttempt(database, person.emailKey, from.source);
  if (!(await isPassword(services, person, password))) {
    await closeAttempt(database.system, attemptId, 'FAILED');
    throw wrongPassword();
  }
  const done = await database.system.transaction(async (tx) => {
    const used = await useCode(tx, secondFactorSeal, own.userId, code);
    await closeAttempt(tx, attemptId, used ? 'SUCCEEDED' : 'FAILED');
    if (used === 'RECOVERY') await note(tx, own, 'USE_RECOVERY_CODE', from);
    if (used) return { result: await work(tx, own) };
    await note(tx, own, 'SECOND_FACTOR_FAILED', from);
    return undefined;
  });
  if (!done) throw wrongCode();
  return done.result;
}

async function isPassword(
  { passwords }: SecondFactorServices,
  person: OwnPersonRow,
  password: string,
): Promise<boolean> {
  return password.length <= PASSWORD_LENGTH_MAX && passwords.verify(password, person.passwordHash);
}

async function renewCodes(tx: SystemTransaction, userId: string): Promise<string[]> {
  const codes = freshRecoveryCodes();
  await deleteRecoveryCodes(tx, userId);
  await insertRecoveryCodes(tx, userId, codes.map(recoveryHash));
  return codes;
}

async function note(
  tx: SystemTransaction,
  { userId, accountId }: SignedIn,
  action: Action,
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
