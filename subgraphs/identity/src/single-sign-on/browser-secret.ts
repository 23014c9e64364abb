/**
 * What ties a sign-in to the browser that began it. One random secret stays in a cookie of that browser; state, nonce
 * and PKCE verifier derive from it, and we keep only a hash of the state. So a callback is good in that browser alone,
 * and nothing in the database would help somebody to finish a sign-in that is not theirs.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long somebody may take at the provider. */
export const FLOW_MINUTES = 10;

export interface FlowSecrets {
  state: string;
  nonce: string;
  verifier: string;
}

const FORM = /^[A-Za-z0-9_-]{43}$/;

export const newBrowserSecret = (): string => randomBytes(32).toString('base64url');

/** 43 characters each, as PKCE wants its verifier at least. */
export function secretsOf(browserSecret: string): FlowSecrets {
  const derived = (purpose: string) =>
    sha256(`iroko sign-in ${purpose} ${browserSecret}`).toString('base64url');
  return { state: derived('state'), nonce: derived('nonce'), verifier: derived('verifier') };
}

/** The cookie of one flow: a second sign-in, in another window, does not undo the first. */
export const cookieName = (state: string): string => `iroko_sign_in_${state.slice(0, 12)}`;

export function cookieFor(state: string, browserSecret: string, publicUrl: string): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  // Lax: the provider sends the browser back from another site, by an ordinary link.
  return `${cookieName(state)}=${browserSecret}; Path=/sign-in; Max-Age=${FLOW_MINUTES * 60}; HttpOnly; SameSite=Lax${secure}`;
}

export const clearedCookie = (state: string): string =>
  `${cookieName(state)}=; Path=/sign-in; Max-Age=0; HttpOnly; SameSite=Lax`;

/** The secrets of the flow of that state, when this browser began it. */
export function provenSecrets(state: string, cookies: string | undefined): FlowSecrets | undefined {
  if (!FORM.test(state)) return undefined;
  const name = `${cookieName(state)}=`;
  const found = (cookies ?? '').split(';').find((cookie) => cookie.trim().startsWith(name));
  const browserSecret = found?.trim().slice(name.length) ?? '';
  if (!FORM.test(browserSecret)) return undefined;
  const secrets = secretsOf(browserSecret);
  return timingSafeEqual(Buffer.from(secrets.state), Buffer.from(state)) ? secrets : undefined;
}

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
