import { readChanges, recordChange, sealAll } from '@iroko/changes';
import { newId } from '@iroko/database';
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

/** A change that concerns a project, whatever else it is. */
export async function seedProjectChange({ stage, account }: SeedKit): Promise<SeededIds> {
  const db = stage.services.platform.forAccount(account.actor);
  const projectId = newId();
  const change = { subjectType: 'OrgUnit', subjectId: newId(), action: 'UPDATE', before: {}, after: {} };
  await db.transaction((tx) => recordChange(tx, { ...change, projectId }));
  return { ChangedProject: projectId };
}

/** Only sealed changes are read. Answers the first edit of a unit. */
export async function sealChanges({ stage, account }: SeedKit): Promise<SeededIds> {
  await sealAll(stage.services.platform.system, account.accountId);
  const db = stage.services.platform.forAccount(account.actor);
  const [edit] = await readChanges(db, 0, 1, { subjectType: 'OrgUnit', actions: ['UPDATE'] });
  if (!edit) throw new Error('No edit of a unit is seeded.');
  return { ChangeEvent: edit.id };
}
