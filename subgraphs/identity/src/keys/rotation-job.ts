/**
 * Signing keys are changed by themselves, so that one that leaked unnoticed is not good for ever. Keys belong to no
 * account, and a job belongs to one: the oldest account carries it.
 */
import { defineJob } from '@iroko/jobs';
import { z } from 'zod';
import type { SigningKeys } from './signing-keys';
import { accountToRotateFor } from './signing-keys.sql';

/** Long enough that a leak is found first, short enough that nobody forgets how it is done. */
export const SIGNING_KEY_DAYS = 90;

export const rotateSigningKey = defineJob<
  Record<string, never>,
  { kid: string | null },
  { keys: SigningKeys }
>({
  name: 'identity.rotateSigningKey',
  input: z.strictObject({}),
  oneAtATimeBy: () => 'all',
  schedule: {
    everyHours: 24,
    accounts: async (system) => {
      const account = await accountToRotateFor(system, SIGNING_KEY_DAYS);
      return account ? [account.id] : [];
    },
  },
  handler: async (job, _, { keys }) => {
    const kid = await keys.rotateAfter(SIGNING_KEY_DAYS);
    if (kid !== null) await job.log('INFO', `Access tokens are signed with the key ${kid} now.`);
    return { kid };
  },
});
