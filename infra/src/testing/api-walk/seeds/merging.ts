import { runJobsUntilIdle } from '@iroko/jobs';
import type { SeededIds, SeedKit } from './kit';

/**
 * A comparison of the released version with the draft and a quality report of the draft, done; a change proposed for
 * the clinic; a plan to merge the released version into a source that has one other unit.
 */
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
    ...(await seedMergePlan(kit, places)),
    ...(await seedProposedPlan(kit, places)),
  };
}

async function seedMergePlan(kit: SeedKit, places: SeededIds): Promise<SeededIds> {
  const run = <Data>(query: string, variables: Record<string, unknown>) =>
    kit.run<Data>('georegistry', query, variables);
  const { createDataSource } = await run<{ createDataSource: { id: string } }>(
    'mutation { createDataSource(input: { name: "Register of the target" }) { id } }',
    {},
  );
  const dataSourceId = createDataSource.id;
  const { createOrgUnit } = await run<{ createOrgUnit: { unitId: string } }>(
    'mutation ($input: CreateOrgUnitInput!) { createOrgUnit(input: $input) { unitId } }',
    { input: { dataSourceId, name: 'Province' } },
  );
  const { planMerge } = await run<{ planMerge: { id: string } }>(
    'mutation ($input: PlanMergeInput!) { planMerge(input: $input) { id } }',
    { input: { versionId: places.SourceVersion, dataSourceId } },
  );
  await runJobs(kit);
  return { MergePlan: planMerge.id, UnitOfTarget: createOrgUnit.unitId };
}

/** A plan into an empty source that became change requests, one of which was rejected. */
async function seedProposedPlan(kit: SeedKit, places: SeededIds): Promise<SeededIds> {
  const run = <Data>(query: string, variables: Record<string, unknown>) =>
    kit.run<Data>('georegistry', query, variables);
  const { createDataSource } = await run<{ createDataSource: { id: string } }>(
    'mutation { createDataSource(input: { name: "Register of proposals" }) { id } }',
    {},
  );
  const { planMerge } = await run<{ planMerge: { id: string } }>(
    'mutation ($input: PlanMergeInput!) { planMerge(input: $input) { id } }',
    { input: { versionId: places.SourceVersion, dataSourceId: createDataSource.id } },
  );
  await runJobs(kit);
  await run('mutation ($id: ID!) { proposeMergePlan(id: $id) { id } }', { id: planMerge.id });
  await runJobs(kit);
  const { changeRequests } = await run<{ changeRequests: { nodes: { id: string }[] } }>(
    'query ($id: ID!) { changeRequests(filter: { mergePlan: $id }, first: 1) { nodes { id } } }',
    { id: planMerge.id },
  );
  await run('mutation ($id: ID!) { rejectChangeRequest(id: $id, reason: "Not there") { id } }', {
    id: changeRequests.nodes[0]?.id,
  });
  return { MergePlanProposed: planMerge.id };
}

async function runJobs({ stage }: SeedKit): Promise<void> {
  const { services, subgraphs } = stage;
  const jobs = subgraphs.find(({ name }) => name === 'georegistry')?.jobs ?? [];
  await runJobsUntilIdle({ database: services.platform, viewers: services.viewers, jobs });
}
