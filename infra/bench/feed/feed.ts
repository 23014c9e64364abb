/** What a subscriber gets of a log that is written as fast as SQL can, and how soon it gets one event. */
import { recordChange, Sealer } from '@iroko/changes';
import { followChanges } from '@iroko/client';
import { newId } from '@iroko/database';
import { silentLogger } from '@iroko/telemetry';
import { seedAccount } from '@iroko/testing';
import pg from 'pg';
import type { Benchmark, BenchmarkOptions, Measurement } from '../benchmark';
import { type OwnStack, ownStack } from '../own-stack';
import { alternate } from '../rounds';
import { median } from '../statistics';
import { unsealed, WRITE, wake } from './feed.sql';

const WRITERS = 8;
const WAKE_MS = 10;

interface FeedEvent {
  after: { run: number; name: string };
}

/** Follows the log and tells how many events of a run have come. */
class Subscriber {
  private readonly leaving = new AbortController();
  private counts = new Map<number, number>();
  private onEvent: (event: FeedEvent) => void = () => undefined;

  constructor(stack: OwnStack) {
    const feed = followChanges<FeedEvent>({
      url: stack.server.url,
      token: stack.account.administrator.apiToken,
      filter: { subjectType: 'OrgUnitType' },
      selection: 'after',
      signal: this.leaving.signal,
    });
    void (async () => {
      for await (const { event } of feed) {
        this.counts.set(event.after.run, this.seen(event.after.run) + 1);
        this.onEvent(event);
      }
    })();
  }

  seen(run: number): number {
    return this.counts.get(run) ?? 0;
  }

  /** Calls for every event. */
  told(onEvent: (event: FeedEvent) => void): void {
    this.onEvent = onEvent;
  }

  until(run: number, count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.seen(run) >= count) resolve();
      };
      this.told(look);
      look();
    });
  }

  stop(): void {
    this.leaving.abort();
  }
}

async function write(pool: pg.Pool, account: string, run: number, rows: number): Promise<void> {
  let next = 0;
  const writer = async () => {
    while (next < rows) await pool.query(WRITE, [account, `type ${run} ${next++} ${newId()}`, run]);
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

async function throughput(options: BenchmarkOptions): Promise<Measurement> {
  const stack = await ownStack(options, async () => undefined);
  const pool = new pg.Pool({ connectionString: stack.own.url, max: WRITERS + 1 });
  options.cleanup.add(() => pool.end());
  const subscriber = new Subscriber(stack);
  options.cleanup.add(() => subscriber.stop());
  const { accountId } = stack.account;
  let run = 0;
  const perSecond = (began: number) => options.rows / ((performance.now() - began) / 1000);
  const ours = async () => {
    const mine = ++run;
    const waking = setInterval(() => wake(pool, accountId).catch(() => undefined), WAKE_MS);
    const began = performance.now();
    const all = subscriber.until(mine, options.rows);
    await write(pool, accountId, mine, options.rows);
    await wake(pool, accountId);
    await all;
    clearInterval(waking);
    return perSecond(began);
  };
  // The same rows into the same tables, in an account that nobody reads; sealed afterwards, outside the time.
  const baselineAccount = (await seedAccount(stack.database)).accountId;
  const baseline = async () => {
    const began = performance.now();
    await write(pool, baselineAccount, ++run, options.rows);
    const rate = perSecond(began);
    await wake(pool, baselineAccount);
    while ((await unsealed(pool, baselineAccount)) > 0) await pause(50);
    return rate;
  };
  const figures = await alternate({ ours, baseline }, options, 'events/s');
  return { ...figures, peakRssMb: stack.server.peakRssMb(), details: { writers: WRITERS } };
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** From before COMMIT to the subscriber; against a bare NOTIFY from before COMMIT to its listener. In milliseconds. */
async function latency(options: BenchmarkOptions, part: (samples: number[]) => number): Promise<Measurement> {
  const stack = await ownStack(options, async () => undefined);
  const { accountId } = stack.account;
  const subscriber = new Subscriber(stack);
  options.cleanup.add(() => subscriber.stop());
  // As every process that writes has one.
  const sealer = new Sealer(stack.database, silentLogger);
  options.cleanup.add(() => sealer.stop());
  await sealer.start();
  const db = stack.database.forAccount({ accountId, requestId: 'benchmark' });
  let run = 0;
  const ours = async () => {
    const samples: number[] = [];
    for (let index = 0; index < options.rows; index++) {
      const mine = ++run;
      let began = 0;
      const arrived = subscriber.until(mine, 1);
      await db.transaction(async (tx) => {
        await recordChange(tx, {
          subjectType: 'OrgUnitType',
          subjectId: 'x',
          action: 'NOTE',
          before: null,
          after: { run: mine },
        });
        began = performance.now();
      });
      await arrived;
      samples.push(performance.now() - began);
      await pause(20);
    }
    return part(samples);
  };
  const listener = new pg.Client({ connectionString: stack.own.url });
  const notifier = new pg.Client({ connectionString: stack.own.url });
  for (const client of [listener, notifier]) {
    await client.connect();
    options.cleanup.add(() => client.end());
  }
  await listener.query('LISTEN benchmark');
  await notifier.query('CREATE TABLE public.bench_notified (id int PRIMARY KEY)');
  const baseline = async () => {
    const samples: number[] = [];
    for (let index = 0; index < options.rows; index++) {
      const mine = ++run;
      const arrived = new Promise<void>((resolve) => {
        listener.once('notification', () => resolve());
      });
      await notifier.query('BEGIN');
      await notifier.query('INSERT INTO public.bench_notified VALUES ($1)', [mine]);
      await notifier.query("SELECT pg_notify('benchmark', $1)", [String(mine)]);
      const began = performance.now();
      await notifier.query('COMMIT');
      await arrived;
      await listener.query('SELECT id FROM public.bench_notified WHERE id = $1', [mine]);
      samples.push(performance.now() - began);
      await pause(20);
    }
    return part(samples);
  };
  const figures = await alternate({ ours, baseline }, options, 'ms');
  return { ...figures, peakRssMb: stack.server.peakRssMb() };
}

const percentile99 = (samples: number[]) =>
  [...samples].sort((one, other) => one - other)[Math.floor(samples.length * 0.99)] ?? Number.NaN;

export const feed: Benchmark = {
  name: 'feed',
  description:
    'Events a second that reach a subscriber, against bare SQL inserting the same rows with their events',
  unit: 'events/s',
  goal: { atLeast: 0.5 },
  defaultRows: 5000,
  run: throughput,
};

export const feedLatency: Benchmark = {
  name: 'feed-latency',
  description: 'From commit to subscriber, median, against a bare LISTEN/NOTIFY that reads its row',
  unit: 'ms',
  goal: { atMost: 3 },
  defaultRows: 100,
  run: (options) => latency(options, median),
};

export const feedLatency99: Benchmark = {
  name: 'feed-latency-p99',
  description: 'From commit to subscriber, 99th percentile, against the same of a bare LISTEN/NOTIFY',
  unit: 'ms',
  goal: { atMost: 3 },
  defaultRows: 100,
  run: (options) => latency(options, percentile99),
};
