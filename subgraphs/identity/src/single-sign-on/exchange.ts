/**
 * A one-time code becomes a session. The session is the account's: it was proven by the account's own provider, which
 * must not open other accounts of the person, nor change the person.
 */
import { personal, recordChange } from '@iroko/changes';
import { type Database, newId } from '@iroko/database';
import { unauthenticated } from '@iroko/errors';
import type { SigningKeys } from '../keys/signing-keys';
import { issueTokens } from '../sessions/open-session';
import type { Refreshed } from '../sessions/refresh-session';
import { deleteOldSessions, insertSession } from '../sessions/sessions.sql';
import type { RequestOrigin } from '../sign-in/source';
import { sha256 } from './browser-secret';
import { takeCode } from './flows.sql';
import { isMember } from './members.sql';
import { enabledProvider } from './providers.sql';

const refused = () =>
  unauthenticated('The code is unknown, was used, or took too long. Sign in again.', 'unknown');

/** Throws UNAUTHENTICATED in the same words whatever is wrong. */
export async function exchangeCode(
  { database, keys }: { database: Database; keys: SigningKeys },
  { code, verifier }: { code: string; verifier: string },
  from: RequestOrigin,
): Promise<Refreshed> {
  const taken = code.length > 100 ? undefined : await takeCode(database.system, sha256(code));
  if (!taken || sha256(verifier).toString('base64url') !== taken.challenge) throw refused();
  const { accountId, userId, providerId } = taken;
  const claims = { userId, accountId, sessionId: newId() };
  const signingKey = await keys.newest();
  const tokens = await database.system.transaction(async (tx) => {
    const inside = tx.accountTransaction({ accountId, userId, requestId: from.requestId });
    const stands = (await enabledProvider(tx, providerId)) && (await isMember(inside, userId));
    if (!stands) throw refused();
    await insertSession(tx, { ...claims, id: claims.sessionId, source: from.source || null, providerId });
    await deleteOldSessions(tx);
    await recordChange(inside, {
      subjectType: 'User',
      subjectId: userId,
      action: 'SIGN_IN',
      before: null,
      after: {
        sessionId: claims.sessionId,
        providerId,
        source: personal(from.source || null, userId),
      },
    });
    return issueTokens(tx, signingKey, claims);
  });
  return { ...tokens, ...claims };
}
