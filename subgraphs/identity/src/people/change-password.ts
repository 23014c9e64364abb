/**
 * A new password for oneself. Whoever finds an open browser must know the old one, and has as few tries as at the
 * sign-in. Every other session ends: one of them may be why the password is changed.
 */
import { recordChange, secret } from '@iroko/changes';
import type { Database } from '@iroko/database';
import { badInput, conflict } from '@iroko/errors';
import type { Viewer } from '@iroko/viewer';
import { PASSWORD_LENGTH_MAX, type Passwords } from '../passwords/passwords';
import { checkedNewPassword } from '../passwords/strength';
import { beginAttempt } from '../sign-in/attempts';
import { closeAttempt } from '../sign-in/attempts.sql';
import { endSessionsEverywhere } from './end-sessions';
import { personById, writePassword } from './own-person.sql';
import { signedInPerson } from './signed-in';

export interface ChangePasswordInput {
  currentPassword: string;
  newPassword: string;
}

/** Throws BAD_USER_INPUT (wrong or weak password), FORBIDDEN for an API token, RATE_LIMITED, CONFLICT. */
export async function changePassword(
  { database, passwords }: { database: Database; passwords: Passwords },
  viewer: Viewer,
  { currentPassword, newPassword }: ChangePasswordInput,
  from: { source: string; requestId: string },
): Promise<void> {
  const { userId, accountId, sessionId } = signedInPerson(viewer);
  const person = await personById(database.system, userId);
  checkedNewPassword(newPassword, [person.email, person.firstName, person.lastName], ['newPassword']);
  const attemptId = await beginAttempt(database, person.emailKey, from.source);
  const proven =
    currentPassword.length <= PASSWORD_LENGTH_MAX &&
    (await passwords.verify(currentPassword, person.passwordHash));
  await closeAttempt(database.system, attemptId, proven ? 'SUCCEEDED' : 'FAILED');
  const stored = person.passwordHash;
  if (!proven || stored === null) {
    throw badInput('This is not your present password.', { path: ['currentPassword'] });
  }
  const hash = await passwords.hash(newPassword);
  await database.system.transaction(async (tx) => {
    if ((await writePassword(tx, userId, stored, hash)) === 0) {
      throw conflict('The password was changed by another request at this moment.', {
        fields: ['password'],
      });
    }
    await recordChange(tx.accountTransaction({ accountId, userId, requestId: from.requestId }), {
      subjectType: 'User',
      subjectId: userId,
      action: 'CHANGE_PASSWORD',
      before: { password: secret },
      after: { password: secret },
    });
    await endSessionsEverywhere(tx, { userId, requestId: from.requestId }, 'REVOKED', sessionId);
  });
}
