/**
 * What an opened session is answered as, however it was opened.
 */
import type { IdentityContext } from '../context';
import type { Refreshed } from '../sessions/refresh-session';
import { viewerType } from '../viewer/me-resolver';
import type { SessionTokensType } from './session-tokens-type';

export async function sessionAnswer(context: IdentityContext, opened: Refreshed): Promise<SessionTokensType> {
  // The token is read back as any request would: what is answered here is what the next request gets.
  const viewer = await context.services.viewers.fromAuthorization(`Bearer ${opened.accessToken}`);
  return { ...opened, me: viewerType(viewer) };
}
