/**
 * Removes files that nobody kept, with their bytes, and what uploads that broke off have left.
 */
import { accountsWithExpired, type Files } from '@iroko/files';
import { defineJob } from '@iroko/jobs';
import { z } from 'zod';

export const removeExpiredFiles = defineJob({
  name: 'identity.removeExpiredFiles',
  input: z.object({}),
  schedule: {
    everyHours: 1,
    accounts: async (system) => (await accountsWithExpired(system)).map(({ accountId }) => accountId),
  },
  handler: async (job, _input, { files }: { files: Files }) => ({
    removed: await files.removeExpired(job.db),
  }),
});
