/**
 * What a running job has to bear: cancellation, death of its worker, long work, others with its key, a stop.
 */
import { z } from 'zod';
import { defineJob, type RunningJob } from '../definition';
import { logOf, stateOf, until, untilStatus, words } from './ground';
import type { Stage } from './stage';
import { write } from './viewers';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves when the job is stopped, as a handler that listens to its signal does. */
const untilStopped = (job: RunningJob) =>
  new Promise<never>((_, reject) => {
    job.signal.addEventListener('abort', () => reject(job.signal.reason), { once: true });
  });

export function runningBehaviour(stage: Stage): void {
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
    await stage.startWorker([endless]);
    const id = await stage.ask(endless, {});
    await untilStatus(stage.ground, id, 'RUNNING');
    const askedAt = Date.now();
    await stage.requestCancel(id);
    await untilStatus(stage.ground, id, 'CANCELLED', 2000);
    expect(Date.now() - askedAt).toBeLessThan(1000);
    expect(await words(stage.ground)).toEqual([]);
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
    await stage.startWorker([deaf]);
    const id = await stage.ask(deaf, {});
    await untilStatus(stage.ground, id, 'RUNNING');
    await stage.requestCancel(id);
    cancelled();
    await untilStatus(stage.ground, id, 'CANCELLED');
    expect(await words(stage.ground)).toEqual([]);
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
    await stage.startWorker([importing]);
    const id = await stage.ask(importing, {});
    await until(async () => (await stateOf(stage.ground, id)).progressDone === 3);
    await until(async () => (await logOf(stage.ground, id)).includes('three rows so far'));
    expect(await words(stage.ground)).toEqual([]);
    seen();
    await untilStatus(stage.ground, id, 'SUCCEEDED');
  });

  it('takes the job of a worker that was killed, which has left nothing behind', async () => {
    const mortal = defineJob({
      name: 'test.mortal',
      input: z.object({}),
      handler: async (job) => {
        await job.commit((tx) => write(tx, 'of the living'));
      },
    });
    const id = await stage.ask(mortal, {});
    const child = stage.startChild();
    await until(async () => (await logOf(stage.ground, id)).length === 1, 20_000);
    child.kill('SIGKILL');
    await stage.startWorker([mortal]);
    await untilStatus(stage.ground, id, 'SUCCEEDED');
    expect(await stateOf(stage.ground, id)).toMatchObject({ attempt: 2 });
    expect(await words(stage.ground)).toEqual(['of the living']);
    expect((await logOf(stage.ground, id)).at(-1)).toBe(
      'The worker that ran this attempt ended without a word.',
    );
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
    await stage.startWorker([long], { leaseMs: 1000 });
    const id = await stage.ask(long, {});
    await untilStatus(stage.ground, id, 'SUCCEEDED');
    expect(calls).toBe(1);
    expect(await words(stage.ground)).toEqual(['long']);
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
    await stage.startWorker([alone]);
    const ids: string[] = [];
    for (const n of [1, 2, 3]) ids.push(await stage.ask(alone, { key: 'a', word: `a${n}` }));
    ids.push(await stage.ask(alone, { key: 'b', word: 'b' }));
    for (const id of ids) await untilStatus(stage.ground, id, 'SUCCEEDED');
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
    const first = await stage.startWorker([patient]);
    const id = await stage.ask(patient, {});
    await until(() => attempts === 1);
    await first.stop(0);
    stage.running = [];
    expect(await stateOf(stage.ground, id)).toMatchObject({ status: 'QUEUED', attempt: 0 });
    await stage.startWorker([patient]);
    await untilStatus(stage.ground, id, 'SUCCEEDED');
    expect(await stateOf(stage.ground, id)).toMatchObject({ attempt: 1 });
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
    const worker = await stage.startWorker([short]);
    const id = await stage.ask(short, {});
    await untilStatus(stage.ground, id, 'RUNNING');
    await worker.stop(5000);
    stage.running = [];
    expect(await stateOf(stage.ground, id)).toMatchObject({ status: 'SUCCEEDED' });
  });
}
