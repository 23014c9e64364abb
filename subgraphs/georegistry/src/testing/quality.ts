/** A quality report as tests ask for it: asked for, run, read. */
import { bindJobs, jobsById, runJobsUntilIdle } from '@iroko/jobs';
import { checkQualityJob, type QualityResult } from '../quality/quality-job';
import { everybody } from './import-services';
import type { Data, TestRegistry } from './registry';

const REPORT = `id units score finishedAt isStale version { id } counts { rule severity count }
  issues(first: 1000) { totalCount nodes {
    rule detail areaM2 isOutdated place { longitude latitude } unit { name } otherUnit { name } } }`;

export async function checkedReport(registry: TestRegistry, version: string): Promise<Data> {
  const { checkQuality } = await registry.data(
    'mutation ($v: ID!) { checkQuality(version: $v) { id score isStale job { id } } }',
    { v: version },
  );
  expect([checkQuality.score, checkQuality.isStale]).toEqual([null, false]);
  await runJobsUntilIdle({
    database: registry.database,
    viewers: everybody,
    jobs: bindJobs({}, [checkQualityJob]),
  });
  const [job] = await jobsById(registry.db, [checkQuality.job.id]);
  expect([job?.status, job?.error]).toEqual(['SUCCEEDED', null]);
  expect(job?.result).toMatchObject({ reportId: checkQuality.id } satisfies Partial<QualityResult>);
  return reportOf(registry, checkQuality.id);
}

export async function reportOf(registry: TestRegistry, id: string): Promise<Data> {
  const { qualityReport } = await registry.data(`query ($id: ID!) { qualityReport(id: $id) { ${REPORT} } }`, {
    id,
  });
  return qualityReport;
}

/** The issues of one rule, without what the rule says nothing of. */
export const issuesOf = (report: Data, rule: string): Data[] =>
  report.issues.nodes.filter((issue: Data) => issue.rule === rule);
