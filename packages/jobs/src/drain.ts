/**
 * Running jobs without a queue and without waiting, so that a test knows when they are done.
 */
import type { Database } from '@iroko/database';
import { type Logger, silentLogger } from '@iroko/telemetry';
import type { Viewers } from '@iroko/viewer';
import type { BoundJob } from './definition';
import { queuedJobs } from './relay.sql';
import { Runner } from './runner';

export interface DrainOptions {
  database: Database;
  viewers: Pick<Viewers, 'forJob'>;
  jobs: readonly BoundJob[];
  log?: Logger;
}

/**
 * Runs every queued job, also those that these ask for and those that wait for another attempt, one by one in the
 * order in which they were asked for, until none is left. Jobs that are not among the given ones stay queued.
 * Returns how many attempts were made.
 */
export async function runJobsUntilIdle(options: DrainOptions): Promise<number> {
  const { database, viewers, jobs, log = silentLogger } = options;
  const runner = new Runner({ database, leases: database, viewers, jobs, log, leaseMs: 60_000 });
  const names = new Set(jobs.map((job) => job.definition.name));
  let attempts = 0;
  for (;;) {
    const due = (await queuedJobs(database.system)).filter((job) => names.has(job.name));
    let taken = 0;
    for (const delivery of due.sort((a, b) => (a.jobId < b.jobId ? -1 : 1))) {
      if ((await runner.run(delivery)) !== 'NOT_TAKEN') taken++;
    }
    attempts += taken;
    if (taken === 0) return attempts;
  }
}
