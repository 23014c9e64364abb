/**
 * What a worker does with a delivery: take the lease, run the handler, end the job. A delivery that finds a lease, a
 * result or a busy key ends without doing anything.
 */
import { randomUUID } from 'node:crypto';
import { type AccountDatabase, type Database, isViolation } from '@iroko/database';
import { ApiError, badInput } from '@iroko/errors';
import { counter, durationHistogram, type Logger } from '@iroko/telemetry';
import { isWholeAccount, requirePermission, type Viewers } from '@iroko/viewer';
import { Attempt, resultText } from './attempt';
import type { Delivery } from './carrier';
import type { BoundJob } from './definition';
import { QUEUED_CHANNEL } from './enqueue';
import { afterFailure } from './failure';
import { JobStopped, Lease } from './lease';
import {
  askAgain,
  backToQueue,
  type ClaimedJob,
  claimJob,
  endUnfinished,
  succeed,
  wakeRelays,
} from './lease.sql';

export interface RunnerOptions {
  database: Database;
  /** Connections for leases, progress and logs alone. */
  leases: Database;
  viewers: Pick<Viewers, 'forJob'>;
  jobs: readonly BoundJob[];
  log: Logger;
  /** How long a job stays taken when its worker dies. */
  leaseMs: number;
}

export type RunEnd = 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'RETRIED' | 'RELEASED' | 'LOST' | 'NOT_TAKEN';

/** For a job that this release does not know: another process may. */
const UNKNOWN_RETRY_MS = 5000;
/** For a job whose key was taken between the relay's look and ours. */
const BUSY_RETRY_MS = 1000;

const finished = counter('jobs_finished_total', 'Attempts at jobs, by name and how they ended.', [
  'job',
  'end',
]);
const duration = durationHistogram('job_duration', 'How long an attempt at a job ran.', ['job']);

export class Runner {
  private readonly jobs: ReadonlyMap<string, BoundJob>;
  private readonly running = new Set<Lease>();

  constructor(private readonly options: RunnerOptions) {
    this.jobs = new Map(options.jobs.map((job) => [job.definition.name, job]));
  }

  get runningCount(): number {
    return this.running.size;
  }

  /** Tells every handler to stop; their jobs go back to the queue. */
  stopAll(): void {
    for (const lease of this.running) lease.stop('WORKER_STOPS');
  }

  /** Gives the jobs of handlers that did not stop back; whatever they still do, they cannot commit it. */
  async releaseAll(): Promise<void> {
    await Promise.all(
      [...this.running].map((lease) => backToQueue(lease.db, lease.key, released).catch(() => undefined)),
    );
  }

  async run(delivery: Delivery): Promise<RunEnd> {
    const { accountId, jobId, name } = delivery;
    const db = this.options.leases.forAccount({ accountId, jobId, requestId: jobId });
    const bound = this.jobs.get(name);
    if (!bound) {
      await askAgain(db, jobId, delivery.delivery, UNKNOWN_RETRY_MS);
      return 'NOT_TAKEN';
    }
    const key = { jobId, owner: randomUUID() };
    const claimed = await this.claim(db, key, delivery);
    if (!claimed) return 'NOT_TAKEN';
    const log = this.options.log.child({
      requestId: claimed.requestId,
      jobId,
      job: name,
      attempt: claimed.attempt,
    });
    const lease = new Lease(db, key, this.options.leaseMs, log);
    this.running.add(lease);
    const startedAt = performance.now();
    try {
      const end = await this.attempt(bound, claimed, lease, log);
      this.tell(claimed, end, performance.now() - startedAt, log);
      return end;
    } finally {
      this.running.delete(lease);
      await lease.end();
      await wakeRelays(db, QUEUED_CHANNEL).catch(() => undefined);
    }
  }

  private async claim(
    db: AccountDatabase,
    key: { jobId: string; owner: string },
    delivery: Delivery,
  ): Promise<ClaimedJob | undefined> {
    try {
      return await claimJob(db, key, this.options.leaseMs);
    } catch (error) {
      if (!isViolation(error, 'job_one_at_a_time')) throw error;
      await askAgain(db, delivery.jobId, delivery.delivery, BUSY_RETRY_MS);
      return undefined;
    }
  }

  private async attempt(bound: BoundJob, claimed: ClaimedJob, lease: Lease, log: Logger): Promise<RunEnd> {
    let attempt: Attempt | undefined;
    try {
      attempt = await this.prepare(bound, claimed, lease, log);
      const result = await bound.definition.handler(
        attempt,
        parseInput(bound, claimed.input),
        bound.services,
      );
      await attempt.flush();
      if (attempt.completed) return 'SUCCEEDED';
      return (await succeed(lease.db, lease.key, resultText(result))) > 0 ? 'SUCCEEDED' : 'LOST';
    } catch (error) {
      if (attempt?.completed) {
        log.warn({ err: error }, 'a job failed after it was complete');
        return 'SUCCEEDED';
      }
      await attempt?.flush();
      return this.endFailed(claimed, lease, error, log);
    }
  }

  private async prepare(
    { definition, database = this.options.database }: BoundJob,
    claimed: ClaimedJob,
    lease: Lease,
    log: Logger,
  ): Promise<Attempt> {
    const { accountId, userId, tokenId, onBehalfOf, requestId, id } = claimed;
    const viewer = await this.options.viewers.forJob({ jobId: id, accountId, userId, tokenId });
    // A job of a schedule acts for nobody, so there is nobody whose right could have gone.
    const isAskedFor = userId !== null || tokenId !== null;
    if (definition.permission && isAskedFor) requirePermission(viewer, definition.permission);
    const db = database.forAccount({
      accountId,
      requestId,
      jobId: id,
      ...(userId ? { userId } : {}),
      ...(tokenId ? { tokenId } : {}),
      ...(onBehalfOf ? { onBehalfOf } : {}),
      ...(isWholeAccount(viewer.scope) ? {} : { scope: viewer.scope }),
    });
    return new Attempt(id, claimed.attempt, viewer, db, lease, log);
  }

  private async endFailed(claimed: ClaimedJob, lease: Lease, error: unknown, log: Logger): Promise<RunEnd> {
    // Whatever a handler throws after it was told to stop comes from being stopped.
    const stop: unknown = lease.signal.aborted ? lease.signal.reason : error;
    if (stop instanceof JobStopped) return endStopped(lease, stop);
    const after = afterFailure(
      error,
      { number: claimed.attempt, of: claimed.maxAttempts },
      claimed.requestId,
      Math.random(),
    );
    if (error instanceof ApiError) log.info({ code: error.code }, error.message);
    else log.error({ err: error }, 'a job failed');
    const written = after.retry
      ? await backToQueue(lease.db, lease.key, { ...after, attemptCounts: true })
      : await endUnfinished(lease.db, lease.key, 'FAILED', after.error);
    if (written === 0) return 'LOST';
    return after.retry ? 'RETRIED' : 'FAILED';
  }

  private tell(claimed: ClaimedJob, end: RunEnd, ranForMs: number, log: Logger): void {
    finished.inc({ job: claimed.name, end });
    duration.observe({ job: claimed.name }, ranForMs / 1000);
    log.info(
      { end, queuedForMs: Math.round(claimed.queuedForMs), ranForMs: Math.round(ranForMs) },
      'job attempt ended',
    );
  }
}

const released = { delayMs: 0, attemptCounts: false, error: null };

async function endStopped(lease: Lease, { reason }: JobStopped): Promise<RunEnd> {
  if (reason === 'CANCELLED') {
    return (await endUnfinished(lease.db, lease.key, 'CANCELLED', null)) > 0 ? 'CANCELLED' : 'LOST';
  }
  if (reason === 'WORKER_STOPS')
    return (await backToQueue(lease.db, lease.key, released)) > 0 ? 'RELEASED' : 'LOST';
  return 'LOST';
}

function parseInput({ definition }: BoundJob, input: unknown): unknown {
  const parsed = definition.input.safeParse(input);
  if (parsed.success) return parsed.data;
  throw badInput(
    `The input of this job, written by an earlier release, no longer fits. Ask for it again. ${parsed.error.message}`,
  );
}
