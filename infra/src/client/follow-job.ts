/** Waits for a job of the API and tells how far it is. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from './api-client';

export interface JobView {
  id: string;
  name: string;
  status: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  progress: { done: number; total: number | null; unit: string | null; message: string | null } | null;
  result: unknown;
  error: { code: string; message: string } | null;
}

const JOB = `query Job($id: ID!) {
  job(id: $id) { id name status progress { done total unit message } result error { code message } }
}`;

/** Quick at first, so that a short job is not waited for; then twice a second, as often as progress is written. */
const PAUSE_MS = { first: 50, longest: 500 };

/** The job once it has ended, however it ended. */
export async function followJob(
  client: ApiClient,
  id: string,
  onProgress: (job: JobView) => void = () => undefined,
): Promise<JobView> {
  for (let pause = PAUSE_MS.first; ; pause = Math.min(PAUSE_MS.longest, pause * 1.5)) {
    const { job } = await client.graphql<{ job: JobView }>(JOB, { id });
    onProgress(job);
    if (job.status !== 'QUEUED' && job.status !== 'RUNNING') return job;
    await delay(pause);
  }
}
