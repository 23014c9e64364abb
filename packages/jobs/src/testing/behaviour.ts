/**
 * What every queue has to bear, as one suite: it runs on PostgreSQL and on Redis.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { silentLogger } from '@iroko/telemetry';
import { z } from 'zod';
import { createCarrier, type Delivery } from '../carrier';
import { type BoundJob, bindJobs, defineJob, type JobDefinition, type RunningJob } from '../definition';
import { enqueue } from '../enqueue';
import { JobWorker, type JobWorkerOptions } from '../worker';
import { type Ground, logOf, makeGround, stateOf, until, untilStatus, words } from './ground';
import { everybody, write } from './viewers';

export interface BehaviourBackend {
  redisUrl?: string;
  /** Loses whatever the queue holds. */
  empty(ground: Ground, prefix: string): Promise<void>;
}

let ground: Ground;
let running: JobWorker[] = [];
let children: ChildProcess[] = [];
let prefixes = 0;

const prefix = () => `iroko-test-${process.pid}-${prefixes}`;

const ask = <Input>(definition: JobDefinition<Input>, input: Input, options = {}) =>
  ground.db.transaction((tx) => enqueue(tx, definition, input, options));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const word = z.object({ word: z.string() });

const writes = defineJob({
  name: 'test.write',
  input: word,
  handler: async (job, input) => {
    await job.commit((tx) => write(tx, input.word));
    return input.word;
  },
});

/** Resolves when the job is stopped, as a handler that listens to its signal does. */
const untilStopped = (job: RunningJob) =>
  new Promise<never>((_, reject) => {
    job.signal.addEventListener('abort', () => reject(job.signal.reason), { once: true });
  });

export function jobBehaviour(backend: BehaviourBackend): void {
  beforeEach(async () => {
    ground = await makeGround();
    prefixes++;
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    children = [];
    await Promise.all(running.map((worker) => worker.stop(0)));
    running = [];
    await ground.close();
  });

  const options = (jobs: BoundJob[], more: Partial<JobWorkerOptions> = {}): JobWorkerOptions => ({
    database: ground.database,
    viewers: everybody,
    jobs,
    log: silentLogger,
    redisUrl: backend.redisUrl,
    prefix: prefix(),
    concurrency: 4,
    leaseMs: 2000,
    pollMs: 200,
    firstRetryMs: 1000,
    ...more,
  });

  const startWorker = async (definitions: JobDefinition[], more: Partial<JobWorkerOptions> = {}) => {
    const worker = new JobWorker(options(bindJobs({}, definitions), more));
    running.push(worker);
    await worker.start();
    return worker;
  };

  const startChild = () => {
    const script = [
      '-r',
      'esbuild-register',
      '-r',
      join(__dirname, 'sources.cjs'),
      join(__dirname, 'child-worker.ts'),
    ];
    const child = spawn(process.execPath, [...script, ground.url, backend.redisUrl ?? '', prefix()], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    children.push(child);
    return child;
  };

  it('runs a job soon after the commit that asked for it, and keeps its result', async () => {
    await startWorker([writes]);
    const id = await ask(writes, { word: 'now' });
    await untilStatus(ground, id, 'SUCCEEDED', 3000);
    expect(await stateOf(ground, id)).toMatchObject({ result: 'now', attempt: 1 });
    expect(await words(ground)).toEqual(['now']);
  });

  it('runs what was asked for while no process was there to carry it', async () => {
    const id = await ask(writes, { word: 'later' });
    await startWorker([writes]);
    await untilStatus(ground, id, 'SUCCEEDED');
  });

  it('loses nothing when the queue is emptied, and does nothing twice', async () => {
    const relayOnly = await startWorker([]);
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, n) => ask(writes, { word: `w${String(n).padStart(2, '0')}` })),
    );
    await until(async () => {
      const { rows } = await ground.database.pool.query(
        'SELECT count(*)::int AS waiting FROM platform.job WHERE relays = 0',
      );
      return rows[0].waiting === 0;
    });
    await relayOnly.stop(0);
    running = [];
    await backend.empty(ground, prefix());
    await startWorker([writes]);
    for (const id of ids) await untilStatus(ground, id, 'SUCCEEDED');
    expect(await words(ground)).toEqual(ids.map((_, n) => `w${String(n).padStart(2, '0')}`));
  });

  it('ends a second delivery of a job that runs or is done, without doing anything', async () => {
    let calls = 0;
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const slow = defineJob({
      name: 'test.slow',
      input: z.object({}),
      handler: async (job) => {
        calls++;
        await gate;
        await job.commit((tx) => write(tx, 'slow'));
      },
    });
    const worker = await startWorker([slow]);
    const id = await ask(slow, {});
    await untilStatus(ground, id, 'RUNNING');
    const carrier = createCarrier({
      databaseUrl: ground.url,
      redisUrl: backend.redisUrl,
      prefix: prefix(),
      log: silentLogger,
    });
    const again = (delivery: number): Delivery => ({
      accountId: ground.accountId,
      jobId: id,
      name: slow.name,
      delivery,
    });
    await carrier.offer([again(77)]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    finish();
    await untilStatus(ground, id, 'SUCCEEDED');
    await carrier.offer([again(78)]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await carrier.close();
    await worker.check();
    expect(calls).toBe(1);
    expect(await words(ground)).toEqual(['slow']);
  });

  it('stops a running job within a second of its cancellation and keeps nothing of its open work', async () => {
    const endless = defineJob({
      name: 'test.endless',
      input: z.object({}),
      handler: async (job) => {
        await job.commit(async (tx) => {
          await write(tx, 'half');
          await untilStopped(job);
        });
      },
    });
    await startWorker([endless]);
    const id = await ask(endless, {});
    await untilStatus(ground, id, 'RUNNING');
    const askedAt = Date.now();
    await requestCancel(id);
    await untilStatus(ground, id, 'CANCELLED', 2000);
    expect(Date.now() - askedAt).toBeLessThan(1000);
    expect(await words(ground)).toEqual([]);
  });

  it('lets nothing commit that was cancelled before, even when the handler does not look', async () => {
    let cancelled = () => {};
    const cancellation = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    const deaf = defineJob({
      name: 'test.deaf',
      input: z.object({}),
      handler: async (job) => {
        await job.commit(async (tx) => {
          await write(tx, 'too late');
          await cancellation;
        });
      },
    });
    await startWorker([deaf]);
    const id = await ask(deaf, {});
    await untilStatus(ground, id, 'RUNNING');
    await requestCancel(id);
    cancelled();
    await untilStatus(ground, id, 'CANCELLED');
    expect(await words(ground)).toEqual([]);
  });

  it('shows progress and log while the handler’s transaction is open', async () => {
    let seen = () => {};
    const watched = new Promise<void>((resolve) => {
      seen = resolve;
    });
    const importing = defineJob({
      name: 'test.import',
      input: z.object({}),
      handler: async (job) => {
        await job.commit(async (tx) => {
          await write(tx, 'row');
          await job.progress(3, 10, 'rows', 'reading');
          await job.log('INFO', 'three rows so far');
          await watched;
        });
      },
    });
    await startWorker([importing]);
    const id = await ask(importing, {});
    await until(async () => (await stateOf(ground, id)).progressDone === 3);
    await until(async () => (await logOf(ground, id)).includes('three rows so far'));
    expect(await words(ground)).toEqual([]);
    seen();
    await untilStatus(ground, id, 'SUCCEEDED');
  });

  it('takes the job of a worker that was killed, which has left nothing behind', async () => {
    const mortal = defineJob({
      name: 'test.mortal',
      input: z.object({}),
      handler: async (job) => {
        await job.commit((tx) => write(tx, 'of the living'));
      },
    });
    const id = await ask(mortal, {});
    const child = startChild();
    await until(async () => (await logOf(ground, id)).length === 1, 20_000);
    child.kill('SIGKILL');
    await startWorker([mortal]);
    await untilStatus(ground, id, 'SUCCEEDED');
    expect(await stateOf(ground, id)).toMatchObject({ attempt: 2 });
    expect(await words(ground)).toEqual(['of the living']);
    expect((await logOf(ground, id)).at(-1)).toBe('The worker that ran this attempt ended without a word.');
  });

  it.each<[string, (job: RunningJob, word: string) => Promise<unknown>]>([
    ['in a transaction', (job, text) => job.commit((tx) => write(tx, text).then(() => pause(2500)))],
    ['outside of one', (job, text) => pause(2500).then(() => job.commit((tx) => write(tx, text)))],
  ])('keeps the lease through work %s that is longer than the lease', async (_, work) => {
    let calls = 0;
    const long = defineJob({
      name: 'test.long',
      input: z.object({}),
      handler: async (job) => {
        calls++;
        await work(job, 'long');
      },
    });
    await startWorker([long], { leaseMs: 1000 });
    const id = await ask(long, {});
    await untilStatus(ground, id, 'SUCCEEDED');
    expect(calls).toBe(1);
    expect(await words(ground)).toEqual(['long']);
  });

  it('runs one at a time of those with one key, oldest first, and others beside them', async () => {
    const spans: { word: string; from: number; to: number }[] = [];
    const alone = defineJob({
      name: 'test.alone',
      input: z.object({ key: z.string(), word: z.string() }),
      oneAtATimeBy: (input) => input.key,
      handler: async (_job, input) => {
        const from = Date.now();
        await new Promise((resolve) => setTimeout(resolve, 150));
        spans.push({ word: input.word, from, to: Date.now() });
      },
    });
    await startWorker([alone]);
    const ids: string[] = [];
    for (const n of [1, 2, 3]) ids.push(await ask(alone, { key: 'a', word: `a${n}` }));
    ids.push(await ask(alone, { key: 'b', word: 'b' }));
    for (const id of ids) await untilStatus(ground, id, 'SUCCEEDED');
    const sameKey = spans.filter((span) => span.word !== 'b');
    expect(sameKey.map((span) => span.word)).toEqual(['a1', 'a2', 'a3']);
    expect(sameKey.every((span, n) => n === 0 || span.from >= (sameKey[n - 1]?.to ?? 0))).toBe(true);
    const other = spans.find((span) => span.word === 'b');
    expect(other?.from).toBeLessThan(sameKey[2]?.from ?? 0);
  });

  it('gives a job back when its worker has to stop, and the attempt does not count', async () => {
    let attempts = 0;
    const patient = defineJob({
      name: 'test.patient',
      input: z.object({}),
      retries: 0,
      handler: async (job) => {
        attempts++;
        if (attempts === 1) await untilStopped(job);
        await job.commit((tx) => write(tx, 'done'));
      },
    });
    const first = await startWorker([patient]);
    const id = await ask(patient, {});
    await until(() => attempts === 1);
    await first.stop(0);
    running = [];
    expect(await stateOf(ground, id)).toMatchObject({ status: 'QUEUED', attempt: 0 });
    await startWorker([patient]);
    await untilStatus(ground, id, 'SUCCEEDED');
    expect(await stateOf(ground, id)).toMatchObject({ attempt: 1 });
  });

  it('lets jobs end within the grace of a stop', async () => {
    const short = defineJob({
      name: 'test.short',
      input: z.object({}),
      handler: async (job) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await job.commit((tx) => write(tx, 'short'));
      },
    });
    const worker = await startWorker([short]);
    const id = await ask(short, {});
    await untilStatus(ground, id, 'RUNNING');
    await worker.stop(5000);
    running = [];
    expect(await stateOf(ground, id)).toMatchObject({ status: 'SUCCEEDED' });
  });
}

/** As `cancelJob` does for a running job. */
const requestCancel = (id: string) =>
  ground.database.pool.query('UPDATE platform.job SET cancel_requested_at = now() WHERE id = $1', [id]);
