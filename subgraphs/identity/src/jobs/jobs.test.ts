import { newId } from '@iroko/database';
import { bindJobs, defineJob, enqueue, runJobsUntilIdle } from '@iroko/jobs';
import { type SeededAccount, type SeededMember, seedMember, seedTwins } from '@iroko/testing';
import { z } from 'zod';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const JOB = `query ($id: ID!) { job(id: $id) {
  id name status progress { done total unit message } result error { code message } reason attempt maxAttempts
  createdAt startedAt finishedAt cancelRequestedAt createdBy { id firstName } log { nodes { level message attempt } }
} }`;
const JOBS = `query ($first: Int, $after: String, $filter: JobFilterInput) {
  jobs(first: $first, after: $after, filter: $filter) { totalCount nodes { id } pageInfo { hasNextPage endCursor } }
}`;
const CANCEL = 'mutation ($id: ID!) { cancelJob(id: $id) { id status cancelRequestedAt } }';
const RETRY = 'mutation ($id: ID!) { retryJob(id: $id) { id status attempt error { code } } }';

const count = defineJob({
  name: 'test.count',
  input: z.object({ to: z.number() }),
  retries: 0,
  handler: async (job, { to }) => {
    if (to < 0) throw new Error('cannot count backwards');
    await job.progress(to, to, 'numbers', 'counted');
    await job.log('INFO', `counted to ${to}`);
    return { counted: to };
  },
});

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let member: SeededMember;
let colleague: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
});
afterAll(() => identity.close());
beforeEach(async () => {
  member = await seedMember(identity.database, account.accountId);
  colleague = await seedMember(identity.database, account.accountId);
});
afterEach(() => identity.database.pool.query('DELETE FROM platform.job'));

const ask = (who: SeededMember, to = 3) =>
  identity.database
    .forAccount(who.actor)
    .transaction((tx) => enqueue(tx, count, { to }, { reason: 'because' }));
const drain = () =>
  runJobsUntilIdle({ database: identity.database, viewers: identity.viewers, jobs: bindJobs({}, [count]) });
const on = (query: string, who: SeededMember, id: string) =>
  identity.ask(query, { token: who.accessToken, variables: { id } });
const idsOf = (answer: Awaited<ReturnType<typeof identity.ask>>) =>
  (answer.data as { jobs: { nodes: { id: string }[] } } | null)?.jobs.nodes.map((node) => node.id);

it('whoever asked for a job sees all of it', async () => {
  const id = await ask(member);
  await drain();
  const { data, errors } = await on(JOB, member, id);
  expect(errors).toEqual([]);
  expect(data?.job).toMatchObject({
    id,
    name: 'test.count',
    status: 'SUCCEEDED',
    progress: { done: 3, total: 3, unit: 'numbers', message: 'counted' },
    result: { counted: 3 },
    error: null,
    reason: 'because',
    attempt: 1,
    maxAttempts: 1,
    startedAt: expect.any(String),
    finishedAt: expect.any(String),
    createdBy: { id: member.userId, firstName: 'Ada' },
    log: { nodes: [{ level: 'INFO', message: 'counted to 3', attempt: 1 }] },
  });
});

describe('a job of somebody else', () => {
  it.each<[string, () => SeededMember, () => string | Promise<string>]>([
    ['of a colleague', () => member, () => ask(colleague)],
    ['of another account', () => account.administrator, () => ask(twin.administrator)],
    ['that never was', () => account.administrator, () => newId()],
    ['that is no id', () => account.administrator, () => "'; DROP TABLE platform.job --"],
  ])('%s is one that never was', async (_, who, job) => {
    const id = await job();
    for (const query of [JOB, CANCEL, RETRY]) {
      const { errors } = await on(query, who(), id);
      expect(errors[0]).toMatchObject({
        message: expect.stringContaining('There is no Job'),
        extensions: { code: 'NOT_FOUND', details: { type: 'Job', id } },
      });
    }
  });

  it('is seen with jobs.read and managed with jobs.manage only', async () => {
    const id = await ask(member);
    const reader = await seedMember(identity.database, account.accountId, { permissions: ['jobs.read'] });
    expect((await on(JOB, reader, id)).data).toMatchObject({ job: { id } });
    expect((await on(CANCEL, reader, id)).code).toBe('FORBIDDEN');
    const manager = await seedMember(identity.database, account.accountId, { permissions: ['jobs.manage'] });
    expect((await on(CANCEL, manager, id)).data).toMatchObject({ cancelJob: { status: 'CANCELLED' } });
  });

  it('is not shown to an anonymous viewer', async () => {
    const id = await ask(member);
    expect((await identity.ask(JOB, { variables: { id } })).code).toBe('UNAUTHENTICATED');
    expect((await identity.ask(JOBS)).code).toBe('UNAUTHENTICATED');
  });
});

describe('cancelling and running again', () => {
  it('ends a waiting job at once; again is no error; afterwards it can be run', async () => {
    const id = await ask(member);
    const first = await on(CANCEL, member, id);
    expect(first.data).toMatchObject({
      cancelJob: { status: 'CANCELLED', cancelRequestedAt: expect.any(String) },
    });
    expect((await on(CANCEL, member, id)).data).toEqual(first.data);
    expect(await drain()).toBe(0);
    expect((await on(RETRY, member, id)).data).toMatchObject({ retryJob: { status: 'QUEUED', attempt: 0 } });
    expect(await drain()).toBe(1);
    expect((await on(JOB, member, id)).data).toMatchObject({
      job: { status: 'SUCCEEDED', cancelRequestedAt: null },
    });
    const { rows } = await identity.database.pool.query(
      "SELECT action FROM platform.change_event WHERE subject_type = 'Job' AND subject_id = $1 ORDER BY entry",
      [id],
    );
    expect(rows).toEqual([{ action: 'CANCEL' }, { action: 'RETRY' }]);
  });

  it('runs a failed job again, and refuses what has not failed with CONFLICT', async () => {
    const id = await ask(member, -1);
    await drain();
    expect((await on(JOB, member, id)).data).toMatchObject({
      job: { status: 'FAILED', error: { code: 'INTERNAL' } },
    });
    expect((await on(CANCEL, member, id)).code).toBe('CONFLICT');
    expect((await on(RETRY, member, id)).data).toMatchObject({ retryJob: { status: 'QUEUED', error: null } });
    expect((await on(RETRY, member, id)).code).toBe('CONFLICT');
  });
});

describe('the list of jobs', () => {
  it("has one's own in pages, newest first; with jobs.read everybody's; never another account's", async () => {
    const own = [];
    for (let n = 0; n < 5; n++) own.unshift(await ask(member));
    const others = await ask(colleague);
    await ask(twin.administrator);

    const seen: string[] = [];
    let after: string | null = null;
    do {
      const answer = await identity.ask(JOBS, { token: member.accessToken, variables: { first: 2, after } });
      const page = answer.data as {
        jobs: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string } };
      };
      expect(page.jobs.totalCount).toBe(5);
      seen.push(...(idsOf(answer) ?? []));
      after = page.jobs.pageInfo.hasNextPage ? page.jobs.pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(own);
    expect(idsOf(await identity.ask(JOBS, { token: account.administrator.accessToken }))).toEqual([
      others,
      ...own,
    ]);
  });

  it('filters by state, kind and person, and shows nothing to who asks for the jobs of another', async () => {
    const done = await ask(member);
    await drain();
    const waiting = await ask(member);
    const filtered = async (filter: unknown, who = member) =>
      idsOf(await identity.ask(JOBS, { token: who.accessToken, variables: { filter } }));
    expect(await filtered({ statuses: ['QUEUED'] })).toEqual([waiting]);
    expect(await filtered({ statuses: ['SUCCEEDED'], names: ['test.count'] })).toEqual([done]);
    expect(await filtered({ names: ['test.other'] })).toEqual([]);
    expect(await filtered({ createdBy: member.userId }, account.administrator)).toEqual([waiting, done]);
    expect(await filtered({ createdBy: member.userId }, colleague)).toEqual([]);
    expect(await filtered({ createdBy: 'nobody' })).toEqual([]);
  });
});

it('another subgraph answers with a job by its id, and the rest is filled in here', async () => {
  const ids = [await ask(member), await ask(twin.administrator), 'no id', await ask(member)];
  const { data } = await identity.ask(
    'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Job { id status } } }',
    { token: member.accessToken, variables: { refs: ids.map((id) => ({ __typename: 'Job', id })) } },
  );
  expect(data?._entities).toEqual([
    { id: ids[0], status: 'QUEUED' },
    null,
    null,
    { id: ids[3], status: 'QUEUED' },
  ]);
});
