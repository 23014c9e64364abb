import { sealAll } from '@iroko/changes';
import { enqueue } from '@iroko/jobs';
import type { SeededIds, SeedKit } from './kit';

export const SEEDED_JOB = 'identity.removeExpiredFiles';

/** A job that waits, since nobody works here. */
export async function seedJob({ stage, account }: SeedKit): Promise<SeededIds> {
  const bound = stage.subgraphs.flatMap(({ jobs = [] }) => jobs);
  const definition = bound.find(
    ({ definition: { name } }) => name === 'identity.removeExpiredFiles',
  )?.definition;
  if (!definition) throw new Error(`There is no job ${SEEDED_JOB}.`);
  const db = stage.services.platform.forAccount(account.actor);
  return { Job: await db.transaction((tx) => enqueue(tx, definition, {})) };
}

/** Only sealed changes are read. */
export async function sealChanges({ stage, account }: SeedKit): Promise<void> {
  await sealAll(stage.services.platform.system, account.accountId);
}
