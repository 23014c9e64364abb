/**
 * The queue: BullMQ on Redis or on PostgreSQL. It only carries the id of a job to a worker that is free; whether
 * there is anything to do is decided by the row. So it may lose, repeat or reorder whatever it likes.
 */
import { unavailable } from '@iroko/errors';
import type { Logger } from '@iroko/telemetry';
import {
  createPostgresBackend,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
  withBackend,
} from 'bullmq';
import { ownerOf } from './definition';
import { within } from './within';

export interface Delivery {
  accountId: string;
  jobId: string;
  name: string;
  /** A new number asks for a new delivery; offered twice, one number is delivered once while it waits. */
  delivery: number;
}

export interface Taking {
  /** Takes nothing more; resolves when that is certain. Deliveries at hand go on. */
  pause(): Promise<void>;
  /** Waits for deliveries at hand, or leaves them behind. */
  close(leaveBehind: boolean): Promise<void>;
}

export interface Carrier {
  offer(deliveries: readonly Delivery[]): Promise<void>;
  /** Calls the handler for each delivery of jobs of this owner, so many at once. */
  take(owner: string, concurrency: number, handle: (delivery: Delivery) => Promise<void>): Promise<Taking>;
  /** Throws when the queue cannot be reached. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface CarrierOptions {
  databaseUrl: string;
  /** Without it the queue lives in PostgreSQL, in a schema of its own. */
  redisUrl?: string | undefined;
  /** Sets queues apart that share one Redis. */
  prefix?: string;
  log: Logger;
}

/** The schema of BullMQ's own tables; it makes and migrates them itself, under a lock. */
const QUEUE_SCHEMA = 'queue';
/** The row keeps the history; the queue keeps nothing. */
const KEEP_NOTHING = { count: 0 };

/** How long a start waits for the queue. */
const REACH_MS = 10_000;
const CHECK_MS = 2000;
const OFFER_MS = 5000;
const REDIS_AWAY = 'The queue does not answer: is there a Redis or Valkey at REDIS_URL?';
const POSTGRES_AWAY = 'The queue in PostgreSQL does not answer.';

interface QueueKit {
  queue(owner: string): Queue;
  worker(owner: string, concurrency: number, handle: (delivery: Delivery) => Promise<void>): Worker;
}

export function createCarrier(options: CarrierOptions): Carrier {
  const { redisUrl, log } = options;
  if (!redisUrl) return new BullCarrier(postgresKit(options), log, () => unavailable(POSTGRES_AWAY, 'queue'));
  return new BullCarrier(redisKit(options, redisUrl), log, () => unavailable(REDIS_AWAY, 'queue'));
}

class BullCarrier implements Carrier {
  private readonly queues = new Map<string, Queue>();

  constructor(
    private readonly kit: QueueKit,
    private readonly log: Logger,
    private readonly away: () => Error,
  ) {}

  async offer(deliveries: readonly Delivery[]): Promise<void> {
    for (const owner of new Set(deliveries.map((delivery) => ownerOf(delivery.name)))) {
      const group = deliveries.filter((delivery) => ownerOf(delivery.name) === owner);
      const jobs = group.map((delivery) => ({
        name: delivery.name,
        data: delivery,
        opts: { jobId: `${delivery.jobId}-${delivery.delivery}`, removeOnComplete: true, removeOnFail: true },
      }));
      // Should it arrive after all, offering it again does no harm.
      await within(OFFER_MS, this.queue(owner).addBulk(jobs), this.away);
    }
  }

  async take(
    owner: string,
    concurrency: number,
    handle: (delivery: Delivery) => Promise<void>,
  ): Promise<Taking> {
    // The producer's connection makes the tables first.
    await within(REACH_MS, this.queue(owner).waitUntilReady(), this.away);
    const worker = this.kit.worker(owner, concurrency, handle);
    worker.on('error', (error) => this.log.warn({ err: error, queue: owner }, 'the queue has a problem'));
    await within(REACH_MS, worker.waitUntilReady(), this.away);
    // A queue that is away does not hold up the end of the process.
    return {
      pause: () => within(CHECK_MS, worker.pause(true), this.away).catch(() => undefined),
      close: (leaveBehind) =>
        within(OFFER_MS, worker.close(leaveBehind), this.away).catch(() => {
          worker.disconnect().catch(() => undefined);
        }),
    };
  }

  async check(): Promise<void> {
    const queue = this.queues.values().next().value ?? this.queue('identity');
    await within(CHECK_MS, queue.getWaitingCount(), this.away);
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.queues.values()].map((queue) =>
        within(CHECK_MS, queue.close(), this.away).catch(() => {
          queue.disconnect().catch(() => undefined);
        }),
      ),
    );
  }

  private queue(owner: string): Queue {
    const known = this.queues.get(owner);
    if (known) return known;
    const queue = this.kit.queue(owner);
    queue.on('error', (error) => this.log.warn({ err: error, queue: owner }, 'the queue has a problem'));
    this.queues.set(owner, queue);
    return queue;
  }
}

function redisKit({ prefix = 'iroko' }: CarrierOptions, url: string): QueueKit {
  const workerOptions = (concurrency: number): WorkerOptions => ({
    // A worker waits for as long as Redis is away, as BullMQ demands.
    connection: { url, maxRetriesPerRequest: null },
    prefix,
    concurrency,
    removeOnComplete: KEEP_NOTHING,
    removeOnFail: KEEP_NOTHING,
  });
  // The relay does not wait for a Redis that is away: it tries again by itself.
  const queueOptions: QueueOptions = {
    connection: { url, maxRetriesPerRequest: 1, enableOfflineQueue: false },
    prefix,
    streams: { events: { maxLen: 100 } },
  };
  return {
    queue: (owner) => new Queue(owner, queueOptions),
    worker: (owner, concurrency, handle) =>
      new Worker(owner, (job) => handle(job.data as Delivery), workerOptions(concurrency)),
  };
}

function postgresKit({ databaseUrl }: CarrierOptions): QueueKit {
  const bull = withBackend(createPostgresBackend);
  const connection = (max: number, migrate: boolean) => ({
    connectionString: databaseUrl,
    schema: QUEUE_SCHEMA,
    application_name: 'iroko queue',
    max,
    migrate,
  });
  return {
    queue: (owner) => new bull.Queue(owner, { connection: connection(1, true) }) as unknown as Queue,
    worker: (owner, concurrency, handle) =>
      new bull.Worker(owner, (job) => handle(job.data as Delivery), {
        connection: connection(2, false),
        concurrency,
        removeOnComplete: KEEP_NOTHING,
        removeOnFail: KEEP_NOTHING,
      }) as unknown as Worker,
  };
}
