/**
 * The relay carries jobs from their rows to the queue: after the commit that asked for them, and again until a
 * worker has taken them. It also brings back the jobs of workers that died, and asks for those of schedules.
 * Any process may run one, and several may.
 */
import { type Database, newId } from '@iroko/database';
import { counter, type Logger } from '@iroko/telemetry';
import type { Carrier } from './carrier';
import { type BoundJob, DEFAULT_RETRIES } from './definition';
import { QUEUED_CHANNEL } from './enqueue';
import { insertScheduled, recoverJobs, relaySoon, takeDueJobs } from './relay.sql';

const BATCH = 100;
/** How long a lost notification can delay a job. */
const POLL_MS = 1000;
/** How long a job waits before it is offered again; doubled each time, five minutes at most. */
const FIRST_RETRY_MS = 15_000;
const SCHEDULE_MS = 60_000;

const relayed = counter('jobs_relayed_total', 'Jobs handed to the queue, again included.');
const recovered = counter('jobs_recovered_total', 'Jobs taken back from workers that died.');

export interface RelayOptions {
  database: Database;
  carrier: Carrier;
  jobs: readonly BoundJob[];
  log: Logger;
  pollMs?: number;
  firstRetryMs?: number;
}

export class Relay {
  private timer: NodeJS.Timeout | undefined;
  private unlisten: (() => Promise<void>) | undefined;
  private turning: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private scheduledAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: RelayOptions) {}

  async start(): Promise<void> {
    this.unlisten = await this.options.database.listen(QUEUED_CHANNEL, () => this.wake());
    this.timer = setInterval(() => this.wake(), this.options.pollMs ?? POLL_MS);
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.unlisten?.();
    await this.turning;
  }

  private wake(): void {
    if (this.stopped) return;
    if (this.turning) {
      this.again = true;
      return;
    }
    this.turning = this.turn()
      .catch((error: unknown) => this.options.log.warn({ err: error }, 'the relay has a problem'))
      .finally(() => {
        this.turning = undefined;
        if (!this.again) return;
        this.again = false;
        this.wake();
      });
  }

  private async turn(): Promise<void> {
    await this.recover();
    await this.schedule();
    while ((await this.relayBatch()) === BATCH && !this.stopped);
  }

  private async recover(): Promise<void> {
    for (const job of await recoverJobs(this.options.database.system, BATCH)) {
      recovered.inc();
      this.options.log.warn(job, 'a worker died; its job was taken back');
    }
  }

  private async schedule(): Promise<void> {
    if (performance.now() - this.scheduledAt < SCHEDULE_MS) return;
    this.scheduledAt = performance.now();
    await enqueueScheduled(this.options.database, this.options.jobs);
  }

  private async relayBatch(): Promise<number> {
    const { database, carrier, firstRetryMs = FIRST_RETRY_MS } = this.options;
    const due = await takeDueJobs(database.system, BATCH, firstRetryMs);
    if (due.length === 0) return 0;
    try {
      await carrier.offer(due);
      relayed.inc(due.length);
    } catch (error) {
      const ids = due.map((job) => job.jobId);
      await relaySoon(database.system, ids, this.options.pollMs ?? POLL_MS);
      throw error;
    }
    return due.length;
  }
}

/** Asks for the jobs whose schedule is due. */
export async function enqueueScheduled(database: Database, jobs: readonly BoundJob[]): Promise<void> {
  for (const { definition } of jobs) {
    if (!definition.schedule) continue;
    for (const accountId of await definition.schedule.accounts(database.system)) {
      await insertScheduled(database.system, {
        id: newId(),
        accountId,
        name: definition.name,
        everyHours: definition.schedule.everyHours,
        maxAttempts: 1 + (definition.retries ?? DEFAULT_RETRIES),
      });
    }
  }
}
