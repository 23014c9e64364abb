/**
 * What an authorization header says, before anything is looked up. A header that cannot be understood is refused:
 * whoever sent one meant to be somebody, and must not be answered as nobody.
 */
import { createHash } from 'node:crypto';
import { unauthenticated } from '@iroko/errors';

export type Bearer = { kind: 'access'; token: string } | { kind: 'api'; token: string };

/** How every API token begins, so that people and secret scanners recognise one. */
export const API_TOKEN_PREFIX = 'iroko_';

/** An access token is under 500 characters; anything far longer is no token and is not worth hashing. */
const TOKEN_LENGTH_MAX = 2048;

const API_TOKEN = /^iroko_[A-Za-z0-9_-]{43}$/;
const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** The token of `Bearer <token>`, or undefined when there is no header. Throws UNAUTHENTICATED for anything else. */
export function readBearer(header: string | undefined): Bearer | undefined {
  if (header === undefined) return undefined;
  const token = /^bearer +(\S+)$/i.exec(header)?.[1];
  if (token === undefined) {
    throw unauthenticated('The authorization header must be "Bearer <token>".', 'malformed');
  }
  if (API_TOKEN.test(token)) return { kind: 'api', token };
  if (token.length <= TOKEN_LENGTH_MAX && JWT.test(token)) return { kind: 'access', token };
  throw unauthenticated(
    'The token cannot be read. Send it whole: an access token from signIn, or an API token that begins with iroko_.',
    'malformed',
  );
}

/** SHA-256 of a token. Tokens are 32 random bytes or signed, so there is nothing to guess and no slow hash. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
