/** Waits for a job of the API and tells how far it is. */
import { setTimeout as delay } from 'node:timers/promises';
import { type ApiClient, Unreachable } from './api-client';

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

/** A job goes on when Iroko does, so a restart is waited for. */
const AWAY_MS = 120_000;

/** Iroko was away for longer than is waited for: what became of the job is unknown. */
export class JobLost extends Unreachable {
  constructor(
    readonly jobId: string,
    reason: string,
  ) {
    super(reason);
  }
}

/** The job once it has ended, however it ended. Throws JobLost. */
export async function followJob(
  client: ApiClient,
  id: string,
  onProgress: (job: JobView) => void = () => undefined,
  awayMs = AWAY_MS,
): Promise<JobView> {
  let answeredAt = performance.now();
  for (let pause = PAUSE_MS.first; ; pause = Math.min(PAUSE_MS.longest, pause * 1.5)) {
    try {
      const { job } = await client.graphql<{ job: JobView }>(JOB, { id });
      answeredAt = performance.now();
      onProgress(job);
      if (job.status !== 'QUEUED' && job.status !== 'RUNNING') return job;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (performance.now() - answeredAt > awayMs) throw new JobLost(id, error.message);
    }
    await delay(pause);
  }
}
