/**
 * Ends the sessions of a person in every account. Each account's log is told of its own.
 */
import { recordChanges } from '@iroko/changes';
import type { SystemTransaction } from '@iroko/database';
import { endSessionsOf } from './own-person.sql';

export interface EndedBy {
  userId: string;
  requestId: string;
}

export async function endSessionsEverywhere(
  tx: SystemTransaction,
  { userId, requestId }: EndedBy,
  reason: 'SIGNED_OUT' | 'REVOKED',
  kept: string | null = null,
): Promise<void> {
  const byAccount = new Map<string, string[]>();
  for (const { sessionId, accountId } of await endSessionsOf(tx, userId, kept, reason)) {
    if (accountId !== null) byAccount.set(accountId, [...(byAccount.get(accountId) ?? []), sessionId]);
  }
  for (const [accountId, sessionIds] of byAccount) {
    await recordChanges(
      tx.accountTransaction({ accountId, userId, requestId }),
      sessionIds.map((sessionId) => ({
        subjectType: 'User',
        subjectId: userId,
        action: reason === 'SIGNED_OUT' ? 'SIGN_OUT' : 'SESSION_REVOKED',
        before: null,
        after: { sessionId },
      })),
    );
  }
}
