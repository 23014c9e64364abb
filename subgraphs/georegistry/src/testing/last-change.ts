import { type ChangeEvent, readChanges, sealAll } from '@iroko/changes';
import type { TestRegistry } from './registry';

/** What the log told of last. */
export async function lastChange(
  { database, account }: TestRegistry,
  subjectType: string,
  subjectId: string,
): Promise<ChangeEvent> {
  await sealAll(database.system, account.accountId);
  const db = database.forAccount(account.actor);
  const event = (await readChanges(db, 0, 1000, { subjectType, subjectId })).at(-1);
  if (!event) throw new Error('There is no event.');
  return event;
}
