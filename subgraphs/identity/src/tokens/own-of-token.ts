/**
 * What is one's own when one comes by a token. That of a person is theirs too, unless it reaches less than they do:
 * what they made with their whole reach must not be had by it. A service token has what it made itself.
 */
import { isWholeAccount, type Viewer } from '@iroko/viewer';

/** Whether only what came by this very token is the viewer's own. */
export function seesOwnOfToken({ userId, tokenId, scope }: Viewer): boolean {
  return tokenId !== null && (userId === null || !isWholeAccount(scope));
}
