/**
 * A process that does jobs: the relay, the queue and the runner put together, and an end that loses nothing.
 */
import { Database } from '@iroko/database';
import type { Logger } from '@iroko/telemetry';
import type { Viewers } from '@iroko/viewer';
import { type Carrier, type CarrierOptions, createCarrier, type Delivery, type Taking } from './carrier';
import { type BoundJob, ownerOf } from './definition';
import { askAgain } from './lease.sql';
import { Relay } from './relay';
import { Runner } from './runner';

/** A worker that dies is noticed after so long. */
const LEASE_MS = 30_000;
/** What a handler that was told to stop gets for rolling back. */
const ROLLBACK_MS = 5000;
const LEASE_CONNECTIONS = 2;

export interface JobWorkerOptions {
  database: Database;
  viewers: Pick<Viewers, 'forJob'>;
  jobs: readonly BoundJob[];
  log: Logger;
  redisUrl?: string | undefined;
  /** Jobs at once in this process. */
  concurrency: number;
  leaseMs?: number;
  pollMs?: number;
  /** When a job that no worker took is offered to the queue again. */
  firstRetryMs?: number;
  /** Sets queues apart that share one Redis. */
  prefix?: string;
}

export class JobWorker {
  private readonly leases: Database;
  private readonly carrier: Carrier;
  private readonly relay: Relay;
  private readonly runner: Runner;
  private readonly slots: Slots;
  private takings: Taking[] = [];
  private stopping = false;

  constructor(private readonly options: JobWorkerOptions) {
    const { database, viewers, jobs, log, leaseMs = LEASE_MS } = options;
    this.leases = new Database({
      url: database.options.url,
      name: 'job leases',
      maxConnections: LEASE_CONNECTIONS,
      ...(database.options.role ? { role: database.options.role } : {}),
    });
    this.carrier = createCarrier(carrierOptions(options));
    this.relay = new Relay({ ...options, carrier: this.carrier });
    this.runner = new Runner({ database, leases: this.leases, viewers, jobs, log, leaseMs });
    this.slots = new Slots(options.concurrency);
  }

  async start(): Promise<void> {
    const owners = new Set(this.options.jobs.map((job) => ownerOf(job.definition.name)));
    for (const owner of owners) {
      this.takings.push(
        await this.carrier.take(owner, this.options.concurrency, (delivery) => this.take(delivery)),
      );
    }
    await this.relay.start();
  }

  /** Throws when the queue cannot be reached. */
  check(): Promise<void> {
    return this.carrier.check();
  }

  /** Takes nothing more, lets jobs end until the deadline, then stops the rest, which run again elsewhere. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    await this.relay.stop();
    await Promise.all(this.takings.map((taking) => taking.pause()));
    await this.slots.whenFree(graceMs);
    this.runner.stopAll();
    await this.slots.whenFree(ROLLBACK_MS);
    await this.runner.releaseAll();
    const leaveBehind = this.runner.runningCount > 0;
    await Promise.all(this.takings.map((taking) => taking.close(leaveBehind)));
    await this.carrier.close();
    await this.leases.close();
  }

  private async take(delivery: Delivery): Promise<void> {
    await this.slots.use(async () => {
      if (this.stopping) {
        const { accountId, jobId } = delivery;
        await askAgain(this.leases.forAccount({ accountId, requestId: jobId }), jobId, delivery.delivery, 0);
      } else await this.runner.run(delivery);
    });
  }
}

function carrierOptions(options: JobWorkerOptions): CarrierOptions {
  const { database, redisUrl, prefix, log } = options;
  return { databaseUrl: database.options.url, redisUrl, log, ...(prefix ? { prefix } : {}) };
}

/** So many at once, over all queues of this process; the others wait in their order. */
class Slots {
  private used = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly size: number) {}

  async use(work: () => Promise<void>): Promise<void> {
    if (this.used >= this.size) await new Promise<void>((free) => this.waiting.push(free));
    else this.used++;
    try {
      await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.used--;
    }
  }

  async whenFree(withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (this.used > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
