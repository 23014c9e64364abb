/**
 * An answer that is a job is whole only when the job is done: what it says then, and what stands in the files it
 * made, must be alike too.
 */
import { text } from 'node:stream/consumers';
import type { AccountDatabase } from '@iroko/database';
import { findJob, runJobsUntilIdle } from '@iroko/jobs';
import type { SeededRecords } from './seeds';
import { SEEDED_JOB } from './seeds/platform';
import type { AnswerSeen, Stage } from './stage';

export interface JobOutcome {
  status: string;
  error: unknown;
  result: unknown;
  files: string[];
}

/** The outcomes of the jobs in the answer, once they have run. */
export async function jobOutcomes(
  stage: Stage,
  answer: AnswerSeen,
  { account, ids }: SeededRecords,
): Promise<JobOutcome[]> {
  const jobIds = jobsIn(answer.data).filter((id) => id !== ids.get('Job'));
  if (jobIds.length === 0) return [];
  const jobs = stage.subgraphs.flatMap((subgraph) => subgraph.jobs ?? []);
  await runJobsUntilIdle({
    database: stage.services.platform,
    viewers: stage.services.viewers,
    // The seeded job stays as it is: whoever cancels it later finds it waiting.
    jobs: jobs.filter(({ definition }) => definition.name !== SEEDED_JOB),
  });
  const db = stage.services.platform.forAccount(account.actor);
  return Promise.all(jobIds.map((id) => outcomeOf(stage, db, id)));
}

async function outcomeOf(stage: Stage, db: AccountDatabase, id: string): Promise<JobOutcome> {
  const { status, error, result } = await findJob(db, id);
  return { status, error, result, files: await filesIn(stage, db, result) };
}

async function filesIn(stage: Stage, db: AccountDatabase, result: unknown): Promise<string[]> {
  const contents: string[] = [];
  for (const value of valuesIn(result)) {
    if (typeof value !== 'string') continue;
    const file = await stage.services.files.open(db, value).catch(() => undefined);
    if (file) contents.push(await text(file.stream));
  }
  return contents;
}

function jobsIn(data: unknown): string[] {
  const own = data as { __typename?: string; id?: string } | null;
  if (own?.__typename === 'Job' && own.id) return [own.id];
  return typeof data === 'object' && data !== null ? Object.values(data).flatMap(jobsIn) : [];
}

function valuesIn(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : [value];
}
