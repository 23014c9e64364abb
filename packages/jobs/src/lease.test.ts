import { z } from 'zod';
import { defineJob } from './definition';
import { enqueue } from './enqueue';
import { claimJob, lockLease, renewLease, writeProgress } from './lease.sql';
import { recoverJobs } from './relay.sql';
import { type Ground, makeGround, stateOf } from './testing/ground';

let ground: Ground;
beforeAll(async () => {
  ground = await makeGround();
});
afterAll(() => ground.close());

const job = defineJob({ name: 'test.job', input: z.object({}), retries: 1, handler: async () => null });
const recover = async () =>
  (await recoverJobs(ground.database.system, 10)).map(({ jobId, status }) => ({ jobId, status }));
const expire = (id: string) =>
  ground.database.pool.query(
    "UPDATE platform.job SET lease_until = now() - interval '1 minute' WHERE id = $1",
    [id],
  );

async function claimed(owner: string) {
  const jobId = await ground.db.transaction((tx) => enqueue(tx, job, {}));
  const lease = { jobId, owner };
  expect(await claimJob(ground.db, lease, 10_000)).toMatchObject({ id: jobId, attempt: 1 });
  return lease;
}

describe('a lease', () => {
  it('is not taken from a worker that is just committing, even when it ran out', async () => {
    const lease = await claimed('a');
    await ground.db.transaction(async (tx) => {
      expect(await lockLease(tx, lease)).toEqual({ cancelled: false });
      await expire(lease.jobId);
      expect(await recover()).toEqual([]);
      // Neither progress nor renewal waits for the commit.
      await writeProgress(ground.db, lease, { done: 1, total: 2, unit: 'rows', message: null });
      expect(await renewLease(ground.db, lease, 10_000)).toEqual({ cancelled: false });
      await expire(lease.jobId);
    });
    expect(await recover()).toEqual([{ jobId: lease.jobId, status: 'QUEUED' }]);
    await ground.db.transaction(async (tx) => expect(await lockLease(tx, lease)).toBeUndefined());
    expect(await renewLease(ground.db, lease, 10_000)).toBeUndefined();
  });

  it('that was lost and given to another does not let the first commit', async () => {
    const lease = await claimed('a');
    await expire(lease.jobId);
    await recover();
    const second = { ...lease, owner: 'b' };
    expect(await claimJob(ground.db, second, 10_000)).toMatchObject({ attempt: 2 });
    await ground.db.transaction(async (tx) => expect(await lockLease(tx, lease)).toBeUndefined());
    expect(await writeProgress(ground.db, lease, { done: 9, total: 9, unit: 'rows', message: null })).toBe(0);
  });

  it('is had by one of many that want it', async () => {
    const jobId = await ground.db.transaction((tx) => enqueue(tx, job, {}));
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, n) => claimJob(ground.db, { jobId, owner: `worker ${n}` }, 10_000)),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it('of a job that killed its last worker too ends it as FAILED', async () => {
    const lease = await claimed('a');
    await expire(lease.jobId);
    await recover();
    await claimJob(ground.db, { ...lease, owner: 'b' }, 10_000);
    await expire(lease.jobId);
    expect(await recover()).toEqual([{ jobId: lease.jobId, status: 'FAILED' }]);
    expect(await stateOf(ground, lease.jobId)).toMatchObject({ error: { code: 'INTERNAL' } });
  });

  it('of a cancelled job whose worker died ends it as CANCELLED', async () => {
    const lease = await claimed('a');
    await ground.database.pool.query('UPDATE platform.job SET cancel_requested_at = now() WHERE id = $1', [
      lease.jobId,
    ]);
    await expire(lease.jobId);
    expect(await recover()).toEqual([{ jobId: lease.jobId, status: 'CANCELLED' }]);
  });
});
