/**
 * Refresh tokens: 32 random bytes, kept only as SHA-256, each good for one refresh.
 */
import { randomBytes } from 'node:crypto';
import { tokenHash } from '@iroko/viewer';

/** How long a session may lie unused. */
export const REFRESH_TOKEN_DAYS = 14;
/** How long a session lasts however much it is used: then the password is asked for again. */
export const SESSION_DAYS = 90;

const FORM = /^irokor_[A-Za-z0-9_-]{43}$/;

export interface SecretToken {
  token: string;
  hash: Buffer;
}

export function newRefreshToken(): SecretToken {
  const token = `irokor_${randomBytes(32).toString('base64url')}`;
  return { token, hash: tokenHash(token) };
}

/** The hash by which the token is found, or undefined for a text that never was one. */
export function refreshTokenHash(token: string): Buffer | undefined {
  return FORM.test(token) ? tokenHash(token) : undefined;
}
