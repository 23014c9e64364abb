/**
 * One record of every type that has an id, in an account of its own. All accounts of the walk get the same ones, so
 * that nobody could tell them apart but by their ids.
 */
import { type SeededAccount, seedAccount } from '@iroko/testing';
import type { Stage } from '../stage';
import { seedDatasets } from './datasets';
import { seedIdentity } from './identity';
import { seedKit } from './kit';
import { seedMerging } from './merging';
import { seedPlaces } from './places';
import { sealChanges, seedEdits, seedJob, seedProjectChange } from './platform';
import { seedSubmissions } from './submissions';

export interface SeededRecords {
  account: SeededAccount;
  /** Type name to the id of a record of the account. */
  ids: ReadonlyMap<string, string>;
}

export async function seedRecords(stage: Stage): Promise<SeededRecords> {
  const account = await seedAccount(stage.services.platform, { name: 'Ministry of Health' });
  const kit = seedKit(stage, account);
  const places = await seedPlaces(kit);
  const ids = {
    ...(await seedIdentity(kit, places)),
    ...places,
    ...(await seedMerging(kit, places)),
    ...(await seedSubmissions(kit, places)),
    ...(await seedDatasets(kit, places)),
    ...(await seedJob(kit)),
    ...(await seedProjectChange(kit)),
  };
  Object.assign(ids, await seedEdits(kit, ids));
  const sealed = await sealChanges(kit);
  return { account, ids: new Map(Object.entries({ ...ids, ...sealed })) };
}
