/**
 * Who asks for jobs in tests, and what their handlers write.
 */
import type { AccountDatabase } from '@iroko/database';
import { ALL_PERMISSIONS, type Viewer, WHOLE_ACCOUNT } from '@iroko/viewer';

/** Everybody may do everything, unless a test says otherwise. */
export const everybody = {
  forJob: async ({
    accountId,
    jobId,
    userId = null,
  }: {
    accountId: string;
    jobId: string;
    userId?: string | null;
  }) =>
    ({
      kind: 'job',
      accountId,
      userId,
      sessionId: null,
      tokenId: null,
      jobId,
      permissions: new Set(ALL_PERMISSIONS),
      scope: WHOLE_ACCOUNT,
    }) satisfies Viewer,
};

export const write = (db: AccountDatabase, word: string) =>
  db.execute(db.sql`INSERT INTO platform.written (account_id, word) VALUES (${db.account}, ${word})`);
