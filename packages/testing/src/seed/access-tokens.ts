/**
 * Access tokens for tests, signed by a key of this process that the test's database publishes beside identity's own.
 */
import { generateKeyPairSync } from 'node:crypto';
import { type Database, newId } from '@iroko/database';
import { type AccessClaims, signAccessToken } from '@iroko/viewer';
import { insertSession, insertVerificationKey } from './identity.sql';

const kid = `test-${newId()}`;
const pair = generateKeyPairSync('ed25519');
const publicJwk = { ...pair.publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' };

/** Opens a session of a member and signs its access token. */
export async function seedSession(
  database: Database,
  member: { accountId: string; userId: string },
): Promise<AccessClaims & { accessToken: string }> {
  const claims = { ...member, sessionId: newId() };
  await insertVerificationKey(database.system, { kid, publicJwk });
  await insertSession(database.system, { ...claims, id: claims.sessionId });
  return { ...claims, accessToken: await signTestToken(claims) };
}

/** Signs any claims at any time: for tests of tokens that are expired or belong to somebody else. */
export function signTestToken(claims: AccessClaims, issuedAt = new Date()): Promise<string> {
  return signAccessToken({ kid, privateKey: pair.privateKey }, claims, issuedAt);
}
