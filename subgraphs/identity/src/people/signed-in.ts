/**
 * Only somebody who signed in changes who they are: a token that leaked must not.
 */
import { ApiError, unauthenticated } from '@iroko/errors';
import type { Viewer } from '@iroko/viewer';

export interface SignedIn {
  userId: string;
  accountId: string;
  sessionId: string;
}

/**
 * Throws UNAUTHENTICATED for nobody, FORBIDDEN for an API token and for a session that was opened at a sign-in provider
 * of the account: whoever keeps that provider must not reach the person's other accounts through it.
 */
export function signedInPerson({ kind, userId, accountId, sessionId, confined }: Viewer): SignedIn {
  if (kind === 'anonymous') throw unauthenticated();
  if (confined) {
    throw new ApiError(
      'FORBIDDEN',
      'You signed in at a provider of this account, which proves you to this account alone. Sign in with your password to change who you are; who has none yet sets one by requestPasswordReset.',
    );
  }
  if (userId && accountId && sessionId) return { userId, accountId, sessionId };
  throw new ApiError('FORBIDDEN', 'Only somebody who signed in may do this; an API token may not.');
}
