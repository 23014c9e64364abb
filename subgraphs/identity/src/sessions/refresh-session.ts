/**
 * A refresh token is exchanged for the next one and a new access token. An old one that comes back was stolen, or
 * its successor was: nobody can tell, so the whole session ends.
 *
 * Two requests with the same token at the same moment are no theft (two windows of one browser): the second is
 * refused with CONFLICT and the session goes on with the tokens of the first.
 */
import { performance } from 'node:perf_hooks';
import { recordChange } from '@iroko/changes';
import type { Database, SystemTransaction } from '@iroko/database';
import { conflict, unauthenticated } from '@iroko/errors';
import type { AccessClaims } from '@iroko/viewer';
import type { SigningKeys } from '../keys/signing-keys';
import { issueTokens, type SessionTokens } from './open-session';
import { Overlaps } from './overlaps';
import { refreshTokenHash } from './refresh-token';
import { endSession, lockRefreshToken, markRefreshTokenUsed, type RefreshTokenRow } from './sessions.sql';

export interface Refreshed extends SessionTokens {
  userId: string;
  accountId: string;
  sessionId: string;
}

interface Services {
  database: Database;
  keys: SigningKeys;
}

const unknown = () => unauthenticated('The refresh token is not known. Sign in again.', 'unknown');

const overlaps = new Overlaps();

/** Throws UNAUTHENTICATED for a token that is unknown, expired or used before, or whose session has ended. */
export function refreshSession(services: Services, token: string, requestId: string): Promise<Refreshed> {
  return exchange(services, token, requestId, async (_, claims) => claims);
}

/** What a good token leads to: the claims of the next ones. What it throws leaves the token good. */
type Next = (tx: SystemTransaction, claims: AccessClaims) => Promise<AccessClaims>;

/** Uses a refresh token up and answers new tokens for what `next` says. Throws as `refreshSession`. */
export async function exchange(
  services: Services,
  token: string,
  requestId: string,
  next: Next,
): Promise<Refreshed> {
  const begun = performance.now();
  const hash = refreshTokenHash(token);
  if (!hash) throw unknown();
  const key = await services.keys.newest();
  const result = await overlaps.run(hash.toString('base64'), (overlapped) =>
    services.database.system.transaction(async (tx) => {
      const found = await lockRefreshToken(tx, hash, (performance.now() - begun) / 1000);
      if (!found?.accountId) return unknown();
      const { userId, accountId, sessionId } = found;
      const meanwhile = found.usedMeanwhile || overlapped();
      const refusal = refusalOf(found, meanwhile);
      // A reuse ends the session, and that is committed although the request is refused.
      if (found.used && !meanwhile) await endReused(tx, { userId, accountId, requestId }, sessionId);
      if (refusal) return refusal;
      await markRefreshTokenUsed(tx, found.id);
      const claims = await next(tx, { userId, accountId, sessionId });
      return { ...(await issueTokens(tx, key, claims)), ...claims };
    }),
  );
  if (result instanceof Error) throw result;
  return result;
}

async function endReused(
  tx: SystemTransaction,
  actor: { userId: string; accountId: string; requestId: string },
  sessionId: string,
): Promise<void> {
  if ((await endSession(tx, sessionId, 'REUSED')) === 0) return;
  await recordChange(tx.accountTransaction(actor), {
    subjectType: 'User',
    subjectId: actor.userId,
    action: 'SESSION_REVOKED',
    before: null,
    after: { sessionId, reason: 'REFRESH_TOKEN_REUSED' },
  });
}

/** Why the token is not good, or undefined when it is. */
function refusalOf(found: RefreshTokenRow, usedMeanwhile: boolean): Error | undefined {
  if (found.ended) return unauthenticated('The session has ended. Sign in again.', 'revoked');
  if (found.used && usedMeanwhile) {
    return conflict(
      'This refresh token was used by another request at the same moment. Go on with the tokens that request was given.',
    );
  }
  if (found.used) {
    return unauthenticated(
      'This refresh token was used before, so it may have been stolen: its session has ended. Sign in again.',
      'revoked',
    );
  }
  if (found.expired) return unauthenticated('The refresh token has expired. Sign in again.', 'expired');
  if (!found.member) return unauthenticated('You are no longer a member of this account.', 'revoked');
  return undefined;
}
