/**
 * The key in a phone's server URL: 48 bytes as 64 URL-safe characters. The first 16 bytes are the account's id, so
 * that the key is looked up within its account and nowhere else; the other 32 are random and what makes it secret.
 */
import { createHash, randomBytes } from 'node:crypto';

const ACCOUNT_BYTES = 16;
const SECRET_BYTES = 32;
const FORM = /^[\w-]{64}$/;

export interface AppUserKey {
  accountId: string;
  /** SHA-256 of the whole key: it is random enough that nothing slower is needed. */
  hash: Buffer;
}

/** A new key for a phone of the account. */
export function makeKey(accountId: string): { key: string; hash: Buffer } {
  const account = Buffer.from(accountId.replaceAll('-', ''), 'hex');
  const key = Buffer.concat([account, randomBytes(SECRET_BYTES)]).toString('base64url');
  return { key, hash: hashOf(key) };
}

/** What a key says; undefined when it cannot be one. */
export function readKey(key: string): AppUserKey | undefined {
  if (!FORM.test(key)) return undefined;
  const hex = Buffer.from(key, 'base64url').subarray(0, ACCOUNT_BYTES).toString('hex');
  return { accountId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), hash: hashOf(key) };
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
