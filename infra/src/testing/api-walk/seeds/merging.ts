import { runJobsUntilIdle } from '@iroko/jobs';
import type { SeededIds, SeedKit } from './kit';

/** A comparison of the released version with the draft and a quality report of the draft, done; a change proposed for the clinic. */
export async function seedMerging(kit: SeedKit, places: SeededIds): Promise<SeededIds> {
  const { compareVersions } = await kit.run<{ compareVersions: { id: string } }>(
    'georegistry',
    'mutation ($input: CompareVersionsInput!) { compareVersions(input: $input) { id } }',
    { input: { from: places.SourceVersion, to: places.DraftVersion } },
  );
  const { checkQuality } = await kit.run<{ checkQuality: { id: string } }>(
    'georegistry',
    'mutation ($version: ID!) { checkQuality(version: $version) { id } }',
    { version: places.DraftVersion },
  );
  await runJobs(kit);
  const { proposeOrgUnitChange } = await kit.run<{ proposeOrgUnitChange: { id: string } }>(
    'georegistry',
    'mutation ($id: ID!) { proposeOrgUnitChange(unitId: $id, input: { name: "Clinic II" }) { id } }',
    { id: places.OrgUnit },
  );
  return {
    Comparison: compareVersions.id,
    ChangeRequest: proposeOrgUnitChange.id,
    QualityReport: checkQuality.id,
  };
}

async function runJobs({ stage }: SeedKit): Promise<void> {
  const { services, subgraphs } = stage;
  const jobs = subgraphs.find(({ name }) => name === 'georegistry')?.jobs ?? [];
  await runJobsUntilIdle({ database: services.platform, viewers: services.viewers, jobs });
}
