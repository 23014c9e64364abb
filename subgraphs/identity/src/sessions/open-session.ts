/**
 * The tokens of a session: what signing in and refreshing have in common.
 */
import { newId, type SystemTransaction } from '@iroko/database';
import { ACCESS_TOKEN_SECONDS, type AccessClaims, signAccessToken } from '@iroko/viewer';
import type { SigningKeys } from '../keys/signing-keys';
import { newRefreshToken } from './refresh-token';
import { insertRefreshToken } from './sessions.sql';

export interface SessionTokens {
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
}

/** Writes a new refresh token of the session and signs an access token. */
export async function issueTokens(
  tx: SystemTransaction,
  keys: SigningKeys,
  claims: AccessClaims,
): Promise<SessionTokens> {
  const refresh = newRefreshToken();
  const { expiresAt } = await insertRefreshToken(tx, {
    id: newId(),
    sessionId: claims.sessionId,
    hash: refresh.hash,
  });
  const issuedAt = new Date();
  return {
    accessToken: await signAccessToken(await keys.newest(), claims, issuedAt),
    accessTokenExpiresAt: new Date((Math.floor(issuedAt.getTime() / 1000) + ACCESS_TOKEN_SECONDS) * 1000),
    refreshToken: refresh.token,
    refreshTokenExpiresAt: expiresAt,
  };
}
