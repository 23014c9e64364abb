import { runJobsUntilIdle } from '@iroko/jobs';
import type { SeededIds, SeedKit } from './kit';

export interface Created {
  id: string;
}

/** Makes a record by the mutation of that name. */
export type Create = (field: string, input: Record<string, unknown>, selection?: string) => Promise<Created>;

/** A census, whose hospital is the same place as the clinic; and a run that links its dispensary to the ward. */
export async function seedLinks(
  kit: SeedKit,
  create: Create,
  { unitId, versionId }: { unitId: string; versionId: string | undefined },
): Promise<SeededIds> {
  const census = await create('createDataSource', { name: 'Census' }, 'id draft { id }');
  const { id: dataSourceId, draft } = census as unknown as { id: string; draft: Created };
  const unit = async (input: Record<string, unknown>): Promise<string> => {
    const state = await create('createOrgUnit', { dataSourceId, ...input }, 'unit { id }');
    return (state as unknown as { unit: Created }).unit.id;
  };
  const hospital = await unit({ name: 'Hospital' });
  const { id } = await create('createLink', { unitId, otherUnitId: hospital });
  await unit({ name: 'Dispensary', code: 'W1' });
  const place = await unit({ name: 'Health post' });
  const run = await create('startMatchRun', {
    left: { versionId },
    right: { versionId: draft.id },
    method: 'CODE',
  });
  const { services, subgraphs } = kit.stage;
  const jobs = subgraphs.find(({ name }) => name === 'georegistry')?.jobs ?? [];
  await runJobsUntilIdle({ database: services.platform, viewers: services.viewers, jobs });
  const PairsFile = await kit.upload(`left,right\n${unitId},${place}\n`, 'pairs.csv');
  return {
    PairsFile,
    Link: id,
    MatchRun: run.id,
    CensusList: dataSourceId,
    CensusHospital: hospital,
    CensusPlace: place,
  };
}
