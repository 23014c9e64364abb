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

/** Throws UNAUTHENTICATED for nobody, FORBIDDEN for an API token. */
export function signedInPerson({ kind, userId, accountId, sessionId }: Viewer): SignedIn {
  if (kind === 'anonymous') throw unauthenticated();
  if (userId && accountId && sessionId) return { userId, accountId, sessionId };
  throw new ApiError('FORBIDDEN', 'Only somebody who signed in may do this; an API token may not.');
}
