import { seedReleasedUnits } from '@iroko/testing';
import type { SeededIds, SeedKit } from './kit';

export async function seedPlaces({ stage, account }: SeedKit): Promise<SeededIds> {
  const db = stage.services.platform.forAccount(account.actor);
  const { dataSourceId, unitIds } = await seedReleasedUnits(db, ['clinic a', 'clinic b']);
  return { DataSource: dataSourceId, OrgUnit: unitIds[0] as string };
}
