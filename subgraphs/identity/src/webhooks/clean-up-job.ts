/** Removes deliveries that ended long ago. What they told of stays in the log. */
import { defineJob } from '@iroko/jobs';
import { z } from 'zod';
import { accountsWithOldDeliveries, deleteOldDeliveries } from './sending.sql';

const KEPT_DAYS = 30;
const PARKED_KEPT_DAYS = 90;
const BATCH = 5000;

export const removeOldDeliveries = defineJob<Record<string, never>, { removed: number }, object>({
  name: 'identity.removeOldDeliveries',
  input: z.strictObject({}),
  schedule: {
    everyHours: 24,
    accounts: async (system) =>
      (await accountsWithOldDeliveries(system, KEPT_DAYS)).map(({ accountId }) => accountId),
  },
  handler: async (job) => {
    let removed = 0;
    for (;;) {
      job.throwIfStopped();
      const gone = await deleteOldDeliveries(job.db, KEPT_DAYS, PARKED_KEPT_DAYS, BATCH);
      removed += gone;
      if (gone < BATCH) return { removed };
    }
  },
});
