/**
 * The tokens of a session: what signing in and refreshing have in common.
 */
import { newId, type SystemTransaction } from '@iroko/database';
import { ACCESS_TOKEN_SECONDS, type AccessClaims, type SigningKey, signAccessToken } from '@iroko/viewer';
import { newRefreshToken } from './refresh-token';
import { insertRefreshToken } from './sessions.sql';

export interface SessionTokens {
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
}

/**
 * Writes a new refresh token of the session and signs an access token. The key is fetched before the transaction:
 * a transaction that waits for a second connection can wait for ever.
 */
export async function issueTokens(
  tx: SystemTransaction,
  key: SigningKey,
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
    accessToken: await signAccessToken(key, claims, issuedAt),
    accessTokenExpiresAt: new Date((Math.floor(issuedAt.getTime() / 1000) + ACCESS_TOKEN_SECONDS) * 1000),
    refreshToken: refresh.token,
    refreshTokenExpiresAt: expiresAt,
  };
}
