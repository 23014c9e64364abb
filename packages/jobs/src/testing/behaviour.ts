/**
 * What every queue has to bear, as one suite: it runs on PostgreSQL and on Redis.
 */
import { silentLogger } from '@iroko/telemetry';
import { z } from 'zod';
import { createCarrier, type Delivery } from '../carrier';
import { defineJob } from '../definition';
import { stateOf, until, untilStatus, words } from './ground';
import { runningBehaviour } from './running-behaviour';
import { type BehaviourBackend, Stage } from './stage';
import { write } from './viewers';

const word = z.object({ word: z.string() });

const writes = defineJob({
  name: 'test.write',
  input: word,
  handler: async (job, input) => {
    await job.commit((tx) => write(tx, input.word));
    return input.word;
  },
});

export function jobBehaviour(backend: BehaviourBackend): void {
  const stage = new Stage(backend);
  beforeEach(() => stage.open());
  afterEach(() => stage.close());
  describe('on their way', () => deliveryBehaviour(stage));
  describe('while they run', () => runningBehaviour(stage));
}

function deliveryBehaviour(stage: Stage): void {
  it('runs a job soon after the commit that asked for it, and keeps its result', async () => {
    await stage.startWorker([writes]);
    const id = await stage.ask(writes, { word: 'now' });
    await untilStatus(stage.ground, id, 'SUCCEEDED', 3000);
    expect(await stateOf(stage.ground, id)).toMatchObject({ result: 'now', attempt: 1 });
    expect(await words(stage.ground)).toEqual(['now']);
  });

  it('runs what was asked for while no process was there to carry it', async () => {
    const id = await stage.ask(writes, { word: 'later' });
    await stage.startWorker([writes]);
    await untilStatus(stage.ground, id, 'SUCCEEDED');
  });

  it('loses nothing when the queue is emptied, and does nothing twice', async () => {
    const relayOnly = await stage.startWorker([]);
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, n) => stage.ask(writes, { word: `w${String(n).padStart(2, '0')}` })),
    );
    await until(async () => {
      const { rows } = await stage.ground.database.pool.query(
        'SELECT count(*)::int AS waiting FROM platform.job WHERE relays = 0',
      );
      return rows[0].waiting === 0;
    });
    await relayOnly.stop(0);
    stage.running = [];
    await stage.backend.empty(stage.ground, stage.prefix);
    await stage.startWorker([writes]);
    for (const id of ids) await untilStatus(stage.ground, id, 'SUCCEEDED');
    expect(await words(stage.ground)).toEqual(ids.map((_, n) => `w${String(n).padStart(2, '0')}`));
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
    const worker = await stage.startWorker([slow]);
    const id = await stage.ask(slow, {});
    await untilStatus(stage.ground, id, 'RUNNING');
    const carrier = createCarrier({
      databaseUrl: stage.ground.url,
      redisUrl: stage.backend.redisUrl,
      prefix: stage.prefix,
      log: silentLogger,
    });
    const again = (delivery: number): Delivery => ({
      accountId: stage.ground.accountId,
      jobId: id,
      name: slow.name,
      delivery,
    });
    await carrier.offer([again(77)]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    finish();
    await untilStatus(stage.ground, id, 'SUCCEEDED');
    await carrier.offer([again(78)]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await carrier.close();
    await worker.check();
    expect(calls).toBe(1);
    expect(await words(stage.ground)).toEqual(['slow']);
  });
}
