/**
 * Sessions and their refresh tokens. They belong to persons, so they are reached without an account.
 */
import type { SystemTransaction } from '@iroko/database';
import { REFRESH_TOKEN_DAYS, SESSION_DAYS } from './refresh-token';

export interface NewSession {
  id: string;
  userId: string;
  accountId: string;
  source: string | null;
  /** Where it was proven, when not by a password here. */
  providerId?: string | null;
}

export const insertSession = (tx: SystemTransaction, session: NewSession) =>
  tx.execute(tx.sql`
    INSERT INTO identity.session (id, user_id, account_id, source, provider_id, expires_at)
    VALUES (${session.id}, ${session.userId}, ${session.accountId}, ${session.source},
            ${session.providerId ?? null}::uuid, now() + make_interval(days => ${SESSION_DAYS}))`);

/** A session of the same person in another account, which ends when the one before would have. */
export const insertSwitchedSession = (
  tx: SystemTransaction,
  { id, accountId, from }: { id: string; accountId: string; from: string },
) =>
  tx.execute(tx.sql`
    INSERT INTO identity.session (id, user_id, account_id, source, expires_at)
    SELECT ${id}, s.user_id, ${accountId}, s.source, s.expires_at
    FROM identity.session s
    WHERE s.id = ${from}`);

/** Never outlives its session. Returns until when it is good. */
export const insertRefreshToken = (
  tx: SystemTransaction,
  token: { id: string; sessionId: string; hash: Buffer },
) =>
  tx.one<{ expiresAt: Date }>(tx.sql`
    INSERT INTO identity.refresh_token (id, session_id, token_hash, expires_at)
    SELECT ${token.id}, s.id, ${token.hash}, least(s.expires_at, now() + make_interval(days => ${REFRESH_TOKEN_DAYS}))
    FROM identity.session s
    WHERE s.id = ${token.sessionId}
    RETURNING expires_at AS "expiresAt"`);

export interface RefreshTokenRow {
  id: string;
  sessionId: string;
  userId: string;
  /** Null once sessions without an account exist. */
  accountId: string | null;
  expired: boolean;
  ended: boolean;
  /** Whether the member may still act in the account. */
  member: boolean;
  used: boolean;
  /** Whether it was used only after this request had begun: an overlap, not a reuse. */
  usedMeanwhile: boolean;
}

/** Locks token and session; `waitedSeconds` is how long ago the request began. */
export const lockRefreshToken = (tx: SystemTransaction, hash: Buffer, waitedSeconds: number) =>
  tx.maybe<RefreshTokenRow>(tx.sql`
    SELECT t.id, t.session_id AS "sessionId", s.user_id AS "userId", s.account_id AS "accountId",
           least(t.expires_at, s.expires_at) <= now() AS expired,
           s.ended_at IS NOT NULL AS ended,
           EXISTS (SELECT 1 FROM identity.viewer_rights r
                   WHERE r.account_id = s.account_id AND r.user_id = s.user_id) AS member,
           t.used_at IS NOT NULL AS used,
           coalesce(t.used_at > statement_timestamp() - make_interval(secs => ${waitedSeconds}), false)
             AS "usedMeanwhile"
    FROM identity.refresh_token t
    JOIN identity.session s ON s.id = t.session_id
    WHERE t.token_hash = ${hash}
    FOR UPDATE OF t, s`);

export const markRefreshTokenUsed = (tx: SystemTransaction, id: string) =>
  tx.execute(tx.sql`UPDATE identity.refresh_token SET used_at = clock_timestamp() WHERE id = ${id}`);

/** Returns the number of sessions ended: 0 when it had ended before. */
export const endSession = (
  tx: SystemTransaction,
  sessionId: string,
  reason: 'SIGNED_OUT' | 'REUSED' | 'REVOKED' | 'SWITCHED',
) =>
  tx.execute(tx.sql`
    UPDATE identity.session SET ended_at = now(), end_reason = ${reason}
    WHERE id = ${sessionId} AND ended_at IS NULL`);

/** Sessions over for 30 days, a few at a time; their refresh tokens go with them. */
export const deleteOldSessions = (tx: SystemTransaction) =>
  tx.execute(tx.sql`
    DELETE FROM identity.session
    WHERE id IN (
      SELECT s.id FROM identity.session s
      WHERE s.expires_at < now() - interval '30 days'
      ORDER BY s.expires_at
      LIMIT 20
      FOR UPDATE SKIP LOCKED
    )`);

/** Whether it was opened at a sign-in provider of its account. */
export const isConfined = async (tx: SystemTransaction, sessionId: string): Promise<boolean> => {
  const session = await tx.maybe<{ id: string }>(tx.sql`
    SELECT s.id FROM identity.session s WHERE s.id = ${sessionId} AND s.provider_id IS NOT NULL`);
  return session !== undefined;
};
