/**
 * Ends the session of an access token. The token itself dies with it, everywhere within 10 seconds.
 */
import { recordChange } from '@iroko/changes';
import type { Database } from '@iroko/database';
import { badInput, unauthenticated } from '@iroko/errors';
import { actorOf, type Viewer } from '@iroko/viewer';
import { endSession } from './sessions.sql';

/** Throws UNAUTHENTICATED when nobody is signed in, BAD_USER_INPUT for an API token, which has no session. */
export async function signOut(database: Database, viewer: Viewer, requestId: string): Promise<void> {
  if (viewer.kind === 'anonymous') throw unauthenticated();
  const { sessionId, userId } = viewer;
  if (!sessionId || !userId)
    throw badInput('An API token has no session to end. Revoke it with revokeApiToken.');
  await database.system.transaction(async (tx) => {
    if ((await endSession(tx, sessionId, 'SIGNED_OUT')) === 0) return;
    await recordChange(tx.accountTransaction(actorOf(viewer, requestId)), {
      subjectType: 'User',
      subjectId: userId,
      action: 'SIGN_OUT',
      before: null,
      after: { sessionId },
    });
  });
}
