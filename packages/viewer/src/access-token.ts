/**
 * What an access token looks like: the one place that signs and reads them.
 *
 * It says who (user, account, session) and never what they may do, so that a right taken away is gone although
 * tokens that were signed before still live.
 */
import { isId } from '@iroko/database';
import { unauthenticated } from '@iroko/errors';
import { type CryptoKey, errors, jwtVerify, type KeyObject, SignJWT } from 'jose';

/** 15 minutes: how long a stolen token is of use at most. Ending its session ends it within 10 seconds. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

const ISSUER = 'iroko';
const AUDIENCE = 'iroko';
/** RFC 9068's name for an access token, so that no other JWT of ours passes for one. */
const TYPE = 'at+jwt';
const ALGORITHM = 'EdDSA';
/** An Ed25519 signature is 64 bytes. */
const SIGNATURE_LENGTH = 86;

/** Who an access token speaks for. */
export interface AccessClaims {
  userId: string;
  accountId: string;
  sessionId: string;
}

/** Claims as verified, and until when the token says so. */
export interface VerifiedClaims extends AccessClaims {
  kid: string;
  expiresAtMs: number;
}

export interface SigningKey {
  kid: string;
  privateKey: CryptoKey | KeyObject;
}

/** An access token that is good from `issuedAt` for 15 minutes. */
export function signAccessToken(key: SigningKey, claims: AccessClaims, issuedAt: Date): Promise<string> {
  const seconds = Math.floor(issuedAt.getTime() / 1000);
  return new SignJWT({ acc: claims.accountId, sid: claims.sessionId })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: TYPE })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(claims.userId)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + ACCESS_TOKEN_SECONDS)
    .sign(key.privateKey);
}

/** Gives the public key of a key id, or undefined when we know none of that name. */
export type FindKey = (kid: string) => Promise<CryptoKey | undefined>;

/** The claims of a token that one of our keys signed and that has not expired. Throws UNAUTHENTICATED otherwise. */
export async function verifyAccessToken(token: string, findKey: FindKey, now: Date): Promise<VerifiedClaims> {
  refuseLooseSignature(token);
  let kid = '';
  try {
    const { payload } = await jwtVerify(
      token,
      async (header) => {
        kid = header.kid ?? '';
        const key = await findKey(kid);
        if (!key) throw unauthenticated('The token was not signed here. Sign in again.', 'unknown');
        return key;
      },
      { algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE, typ: TYPE, currentDate: now },
    );
    const { sub, acc, sid, exp } = payload;
    if (!isIdClaim(sub) || !isIdClaim(acc) || !isIdClaim(sid) || exp === undefined) throw invalid();
    return { userId: sub, accountId: acc, sessionId: sid, kid, expiresAtMs: exp * 1000 };
  } catch (error) {
    throw translated(error);
  }
}

/**
 * Four bits of the last character of a signature mean nothing, and decoders pass over them: sixteen texts would be
 * one token. Only the one we wrote counts.
 */
function refuseLooseSignature(token: string): void {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  const canonical = Buffer.from(signature, 'base64url').toString('base64url');
  if (signature.length !== SIGNATURE_LENGTH || signature !== canonical) throw invalid();
}

function isIdClaim(value: unknown): value is string {
  return typeof value === 'string' && isId(value);
}

function invalid(): Error {
  return unauthenticated('The token is not valid. Sign in again.', 'malformed');
}

/** jose's errors are ours; what is none of them (a database that is away) says nothing about the token. */
function translated(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) {
    return unauthenticated('The token has expired. Refresh the session or sign in again.', 'expired');
  }
  return error instanceof errors.JOSEError || error instanceof TypeError ? invalid() : error;
}
