import { ApiError, unavailable } from '@iroko/errors';
import { z } from 'zod';
import { bindJobs, defineJob, type JobDefinition } from './definition';
import { runJobsUntilIdle } from './drain';
import { enqueue } from './enqueue';
import { type Ground, logOf, makeGround, stateOf, words } from './testing/ground';
import { everybody, write } from './testing/viewers';

let ground: Ground;
beforeAll(async () => {
  ground = await makeGround();
});
afterAll(() => ground.close());
afterEach(() => ground.database.pool.query('DELETE FROM platform.job; DELETE FROM platform.written'));

const ask = <Input>(definition: JobDefinition<Input>, input: Input, options = {}) =>
  ground.db.transaction((tx) => enqueue(tx, definition, input, options));

const drain = (definitions: JobDefinition[], viewers = everybody) =>
  runJobsUntilIdle({ database: ground.database, viewers, jobs: bindJobs({}, definitions) });

const greet = defineJob({
  name: 'test.greet',
  input: z.object({ name: z.string() }),
  retries: 2,
  handler: async (job, input) => {
    await job.commit((tx) => write(tx, input.name));
    return { greeted: input.name };
  },
});

const failing = (thrown: unknown) =>
  defineJob({
    name: 'test.fail',
    input: z.object({}),
    retries: 2,
    handler: async (job) => {
      await job.commit(async (tx) => {
        await write(tx, 'half done');
        throw thrown;
      });
    },
  });

describe('asking for a job', () => {
  it('makes a job exactly when the transaction that asks for it commits', async () => {
    await expect(
      ground.db.transaction(async (tx) => {
        await enqueue(tx, greet, { name: 'nobody' });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await drain([greet])).toBe(0);

    const id = await ask(greet, { name: 'Ama' });
    expect(await drain([greet])).toBe(1);
    expect(await stateOf(ground, id)).toMatchObject({
      status: 'SUCCEEDED',
      result: { greeted: 'Ama' },
      attempt: 1,
    });
    expect(await words(ground)).toEqual(['Ama']);
  });

  it('refuses an input that does not fit', async () => {
    await expect(ask(greet, { name: 7 } as never)).rejects.toThrow(z.ZodError);
  });

  it('gives the same job for one idempotency key, also to two who ask at once, and CONFLICT for another input', async () => {
    const [first, second] = await Promise.all([
      ask(greet, { name: 'Ama' }, { idempotencyKey: 'k' }),
      ask(greet, { name: 'Ama' }, { idempotencyKey: 'k' }),
    ]);
    expect(second).toBe(first);
    expect(await drain([greet])).toBe(1);
    await expect(ask(greet, { name: 'Kofi' }, { idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { jobId: first },
    });
  });
});

describe('an attempt that fails', () => {
  it('is made again as often as the definition says, writes nothing, and shows nothing of the inside', async () => {
    const definition = failing(new Error('relation "secret_table" does not exist'));
    const id = await ask(definition, {});
    expect(await drain([definition])).toBe(3);
    const state = await stateOf(ground, id);
    expect(state).toMatchObject({ status: 'FAILED', attempt: 3, error: { code: 'INTERNAL' } });
    expect(state.error?.message).toContain('request-of-test');
    expect(state.error?.message).not.toContain('secret_table');
    expect(await words(ground)).toEqual([]);
  });

  it('is not made again when the input is at fault, and says so in the words of the error', async () => {
    const definition = failing(new ApiError('BAD_USER_INPUT', 'The file has no column “name”.'));
    const id = await ask(definition, {});
    expect(await drain([definition])).toBe(1);
    expect(await stateOf(ground, id)).toMatchObject({
      status: 'FAILED',
      error: { code: 'BAD_USER_INPUT', message: 'The file has no column “name”.' },
    });
  });

  it('is made again when something could not be reached', async () => {
    let calls = 0;
    const definition = defineJob({
      name: 'test.reach',
      input: z.object({}),
      handler: async () => {
        calls++;
        if (calls < 3) throw unavailable('The server does not answer.');
        return calls;
      },
    });
    const id = await ask(definition, {});
    await drain([definition]);
    expect(await stateOf(ground, id)).toMatchObject({
      status: 'SUCCEEDED',
      attempt: 3,
      result: 3,
      error: null,
    });
  });
});

describe('whoever asked', () => {
  const guarded = defineJob({
    name: 'test.guarded',
    input: z.object({}),
    permission: 'org_units.import',
    handler: async (job) => {
      await job.commit((tx) => write(tx, 'imported'));
    },
  });

  it('must still have the right when the job runs', async () => {
    const id = await ask(guarded, {});
    const withoutRights = {
      forJob: async (origin: Parameters<typeof everybody.forJob>[0]) => ({
        ...(await everybody.forJob(origin)),
        permissions: new Set<never>(),
      }),
    };
    expect(await drain([guarded], withoutRights)).toBe(1);
    expect(await stateOf(ground, id)).toMatchObject({ status: 'FAILED', error: { code: 'FORBIDDEN' } });
    expect(await words(ground)).toEqual([]);
  });

  it('stands as the actor, with the job, in what the handler writes', async () => {
    const who = defineJob({ name: 'test.who', input: z.object({}), handler: async (job) => job.db.actor });
    const id = await ask(who, {});
    await drain([who]);
    expect((await stateOf(ground, id)).result).toEqual({
      accountId: ground.accountId,
      userId: ground.userId,
      jobId: id,
      requestId: 'request-of-test',
    });
  });
});

describe('a job that another release wrote', () => {
  it('fails with BAD_USER_INPUT when its input no longer fits', async () => {
    const id = await ask(greet, { name: 'Ama' });
    const changed = defineJob({
      name: greet.name,
      input: z.object({ title: z.string() }),
      handler: async () => null,
    });
    await drain([changed]);
    expect(await stateOf(ground, id)).toMatchObject({ status: 'FAILED', error: { code: 'BAD_USER_INPUT' } });
  });
});

describe('the end of a job', () => {
  it('commits with its last work, so that a worker that dies right after it does not do the work twice', async () => {
    const once = defineJob({
      name: 'test.once',
      input: z.object({}),
      handler: async (job) => {
        await job.complete(async (tx) => {
          await write(tx, 'once');
          await job.progress(1, 1, 'words');
          return { done: true };
        });
        throw new Error('the worker stumbles');
      },
    });
    const id = await ask(once, {});
    expect(await drain([once])).toBe(1);
    expect(await stateOf(ground, id)).toMatchObject({
      status: 'SUCCEEDED',
      result: { done: true },
      progressDone: 1,
    });
    expect(await words(ground)).toEqual(['once']);
  });

  it('keeps the last progress and every line of the log', async () => {
    const talk = defineJob({
      name: 'test.talk',
      input: z.object({}),
      handler: async (job) => {
        for (let done = 1; done <= 100; done++) await job.progress(done, 100, 'rows', `row ${done}`);
        await job.log('INFO', 'hello');
        await job.log('WARNING', `long${'.'.repeat(20_000)}\0`);
      },
    });
    const id = await ask(talk, {});
    await drain([talk]);
    expect(await stateOf(ground, id)).toMatchObject({
      progressDone: 100,
      progressMessage: 'row 100',
      result: null,
    });
    const log = await logOf(ground, id);
    expect(log).toEqual(['hello', expect.stringMatching(/^long/)]);
    expect(log[1]).toHaveLength(10_000);
  });
});
