/**
 * Going on in another account without a second password. The refresh token is used up, as by any refresh, and the
 * session before ends: one sign-in is in one account at a time. How long it lasts in all does not change.
 */
import { recordChange } from '@iroko/changes';
import { type Database, isId, newId } from '@iroko/database';
import { ApiError } from '@iroko/errors';
import type { SigningKeys } from '../keys/signing-keys';
import { accountsOfPerson } from '../sign-in/sign-in.sql';
import { exchange, type Refreshed } from './refresh-session';
import { endSession, insertSwitchedSession, isConfined } from './sessions.sql';

/** Throws as `refreshSession`; FORBIDDEN, in the same words, for an account one is not in and for none at all. */
export function switchAccount(
  services: { database: Database; keys: SigningKeys },
  { refreshToken, accountId }: { refreshToken: string; accountId: string },
  requestId: string,
): Promise<Refreshed> {
  return exchange(services, refreshToken, requestId, async (tx, before) => {
    const { userId } = before;
    const accounts = isId(accountId) ? await accountsOfPerson(tx, userId) : [];
    const target = accounts.find((account) => account.accountId === accountId.toLowerCase());
    if (!target) throw new ApiError('FORBIDDEN', 'You are not a member of this account.');
    if (target.accountId === before.accountId) return before;
    // Its provider proves somebody to its own account alone: it must not open others.
    if (await isConfined(tx, before.sessionId)) {
      throw new ApiError(
        'FORBIDDEN',
        'You signed in at a provider of this account, which proves you to this account alone. Sign in to the other one.',
      );
    }
    const claims = { userId, accountId: target.accountId, sessionId: newId() };
    await insertSwitchedSession(tx, { ...claims, id: claims.sessionId, from: before.sessionId });
    await endSession(tx, before.sessionId, 'SWITCHED');
    for (const [action, { accountId: of, sessionId }] of [
      ['SIGN_OUT', before],
      ['SIGN_IN', claims],
    ] as const) {
      await recordChange(tx.accountTransaction({ accountId: of, userId, requestId }), {
        subjectType: 'User',
        subjectId: userId,
        action,
        before: null,
        after: { sessionId, switched: true },
      });
    }
    return claims;
  });
}
