/** Jobs that the registry's mutations ask for, run to their end within a test. */
import { type JobRecord, jobsById, runJobsUntilIdle } from '@iroko/jobs';
import { everybody } from './import-services';
import type { Data, TestRegistry } from './registry';

/** Runs what is queued until nothing is. */
export const work = ({ database, subgraph }: TestRegistry) =>
  runJobsUntilIdle({ database, viewers: everybody, jobs: subgraph.jobs });

/** The job as it ended. */
export async function ended(registry: TestRegistry, id: string): Promise<JobRecord> {
  await work(registry);
  const [job] = await jobsById(registry.db, [id]);
  return job as JobRecord;
}

/** The result of the job; fails the test unless it succeeded. */
export async function resultOf(registry: TestRegistry, id: string): Promise<Data> {
  const job = await ended(registry, id);
  if (job.status !== 'SUCCEEDED')
    throw new Error(`The job ended ${job.status}: ${JSON.stringify(job.error)}`);
  return job.result;
}

/** The content of the file that a job wrote. */
export async function fileOf({ files, db }: TestRegistry, fileId: string): Promise<Buffer> {
  const { stream } = await files.open(db, fileId);
  return Buffer.concat(await stream.toArray());
}
