/**
 * A new password for oneself. Whoever finds an open browser must know the old one, and has as few tries as at the
 * sign-in. Every other session ends: one of them may be why the password is changed.
 */
import { recordChange, secret } from '@iroko/changes';
import { conflict } from '@iroko/errors';
import type { Viewer } from '@iroko/viewer';
import { checkedNewPassword } from '../passwords/strength';
import { type ProvingServices, proveOneself } from '../second-factor/prove-oneself';
import type { RequestOrigin } from '../sign-in/source';
import { endSessionsEverywhere } from './end-sessions';
import { personById, writePassword } from './own-person.sql';
import { signedInPerson } from './signed-in';

export interface ChangePasswordInput {
  currentPassword: string;
  newPassword: string;
  code: string | null;
}

const PATHS = { password: ['currentPassword'], code: ['code'] };

/** Throws BAD_USER_INPUT (wrong or weak password, wrong code), FORBIDDEN for an API token, RATE_LIMITED, CONFLICT. */
export async function changePassword(
  services: ProvingServices,
  viewer: Viewer,
  { currentPassword, newPassword, code }: ChangePasswordInput,
  from: RequestOrigin,
): Promise<void> {
  const { database, passwords } = services;
  const own = signedInPerson(viewer);
  const { userId, accountId, sessionId } = own;
  const person = await personById(database.system, userId);
  checkedNewPassword(newPassword, [person.email, person.firstName, person.lastName], ['newPassword']);
  await proveOneself(services, { own, person }, { password: currentPassword, code }, PATHS, from);
  const stored = person.passwordHash ?? '';
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
