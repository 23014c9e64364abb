import { runJobsUntilIdle } from '@iroko/jobs';
import type { SeededIds, SeedKit } from './kit';

/** A dataset with one row at the clinic. */
export async function seedDatasets(kit: SeedKit, places: SeededIds): Promise<SeededIds> {
  const fileId = await kit.upload(`Place,Cases\n${places.OrgUnit},1\n`, 'cases.csv');
  const { createDataset } = await kit.run<{ createDataset: { datasetId: string } }>(
    'datasets',
    'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { datasetId } }',
    { input: { name: 'Cases', fileId, unit: { heading: 'Place', by: 'ID' } } },
  );
  const { services, subgraphs } = kit.stage;
  const jobs = subgraphs.find(({ name }) => name === 'datasets')?.jobs ?? [];
  await runJobsUntilIdle({ database: services.platform, viewers: services.viewers, jobs });
  return { Dataset: createDataset.datasetId, TableFile: fileId };
}
