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

/** Records of which an edit of the name can be taken back, each with where its name stands. */
const NAMED = {
  Account: 'identity.account',
  Project: 'identity.project',
  Role: 'identity.role',
  Team: 'identity.team',
  DataSource: 'georegistry.data_source',
  Group: 'georegistry.group',
  GroupSet: 'georegistry.group_set',
  OrgUnitType: 'georegistry.org_unit_type',
} as const;

/** An edit of each of them, as if its name had just been changed: `GroupChange` and so on. */
export async function seedEdits({ stage, account }: SeedKit, ids: SeededIds): Promise<SeededIds> {
  const { platform } = stage.services;
  const edits: SeededIds = {};
  for (const [subjectType, table] of Object.entries(NAMED)) {
    const subjectId = ids[subjectType];
    if (!subjectId) throw new Error(`No ${subjectType} is seeded.`);
    const { rows } = await platform.pool.query(`SELECT name FROM ${table} WHERE id = $1`, [subjectId]);
    const { name } = rows[0] as { name: string };
    const change = {
      subjectType,
      subjectId,
      action: 'UPDATE',
      before: { name: `Old ${name}` },
      after: { name },
    };
    edits[`${subjectType}Change`] = await platform
      .forAccount(account.actor)
      .transaction((tx) => recordChange(tx, change));
  }
  return edits;
}

/** Only sealed changes are read. Answers the first edit of a unit. */
export async function sealChanges({ stage, account }: SeedKit): Promise<SeededIds> {
  await sealAll(stage.services.platform.system, account.accountId);
  const db = stage.services.platform.forAccount(account.actor);
  const [edit] = await readChanges(db, 0, 1, { subjectType: 'OrgUnit', actions: ['UPDATE'] });
  if (!edit) throw new Error('No edit of a unit is seeded.');
  return { ChangeEvent: edit.id };
}
