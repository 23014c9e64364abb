import { recordChange, sealAll } from '@iroko/changes';
import { bindJobs, enqueue, runJobsUntilIdle } from '@iroko/jobs';
import { type SeededAccount, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { archiveChanges } from './archive-job';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;

beforeEach(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
});
afterEach(() => identity.close());

const ARCHIVES = '{ changeArchives { nodes { events downloadUrl } } }';
const CHANGES =
  'query ($after: String) { changes(first: 1, after: $after) { pageInfo { endCursor } nodes { id } } }';
const ask = (query: string, variables: Record<string, unknown> = {}, who = account) =>
  identity.ask(query, { token: who.administrator.accessToken, variables });

const detailsOf = ({ errors }: Awaited<ReturnType<typeof ask>>) =>
  (errors[0]?.extensions?.details ?? {}) as Record<string, unknown>;

/** Three events of long ago. */
async function longAgo(): Promise<void> {
  const db = identity.database.forAccount(account.actor);
  await identity.database.pool.query(
    'ALTER TABLE platform.change_event DISABLE TRIGGER change_event_immutable',
  );
  for (const name of ['a', 'b', 'c']) {
    await db.transaction((tx) =>
      recordChange(tx, {
        subjectType: 'OrgUnit',
        subjectId: name,
        action: 'CREATE',
        before: null,
        after: { name },
      }),
    );
  }
  await identity.database.pool.query("UPDATE platform.change_event SET at = now() - interval '90 days'");
  await identity.database.pool.query(
    'ALTER TABLE platform.change_event ENABLE TRIGGER change_event_immutable',
  );
  await sealAll(identity.database.system, account.accountId);
}

async function archived(): Promise<unknown> {
  const job = archiveChanges(30);
  const db = identity.database.forAccount(account.actor);
  await db.transaction((tx) => enqueue(tx, job, {}));
  await runJobsUntilIdle({
    database: identity.database,
    viewers: identity.viewers,
    jobs: bindJobs({ files: identity.files }, [job], identity.database),
  });
  await sealAll(identity.database.system, account.accountId);
  const { rows } = await identity.database.pool.query(
    'SELECT result FROM platform.job ORDER BY id DESC LIMIT 1',
  );
  return rows[0].result;
}

it('old changes go into a file that whoever reads the whole log finds, of the own account alone', async () => {
  await longAgo();
  expect(await archived()).toMatchObject({ files: 1 });
  const { data } = await ask(ARCHIVES);
  expect(data).toMatchObject({
    changeArchives: {
      nodes: [{ events: expect.any(Number), downloadUrl: expect.stringContaining('https://') }],
    },
  });
  expect((await ask(ARCHIVES, {}, twin)).data).toEqual({ changeArchives: { nodes: [] } });
  expect(await archived()).toEqual({ files: 0, events: 0 });
});

it('a cursor from before the archive says that what follows it was archived', async () => {
  await longAgo();
  const { data } = await ask(CHANGES);
  const after = (data as { changes: { pageInfo: { endCursor: string } } }).changes.pageInfo.endCursor;
  await archived();
  const refused = await ask(CHANGES, { after });
  expect(refused.code).toBe('BAD_USER_INPUT');
  expect(refused.errors[0]?.message).toContain('archived');
  const { wholeAfter, archivedThrough } = detailsOf(refused);
  expect(Date.parse(String(archivedThrough))).toBeLessThan(Date.now() - 80 * 24 * 3600 * 1000);
  // Who goes on from there reads the rest; who begins anew is told that there was something before.
  expect((await ask(CHANGES, { after: wholeAfter })).errors).toEqual([]);
  const anew = await ask('{ changes(first: 1) { pageInfo { hasPreviousPage } } }');
  expect(anew.data).toEqual({ changes: { pageInfo: { hasPreviousPage: true } } });
});

it('a replay, and a webhook from a place, that lie before the archive are refused and told from where', async () => {
  await longAgo();
  const { data } = await ask(CHANGES);
  const after = (data as { changes: { pageInfo: { endCursor: string } } }).changes.pageInfo.endCursor;
  await archived();
  const create = (from: string | null) =>
    ask(
      'mutation ($after: String) { createWebhook(input: { name: "P", url: "https://192.0.3.1/hook", after: $after }) { webhook { id } } }',
      { after: from },
    );
  const refused = await create(after);
  expect(detailsOf(refused)).toMatchObject({ path: ['input', 'after'], wholeAfter: expect.any(String) });
  const made = await create(null);
  const { id } = (made.data as { createWebhook: { webhook: { id: string } } }).createWebhook.webhook;
  const replay = (from: string | null) =>
    ask('mutation ($id: ID!, $after: String) { replayWebhook(id: $id, after: $after) { id } }', {
      id,
      after: from,
    });
  for (const from of [after, null]) {
    const answer = await replay(from);
    expect(answer.code).toBe('BAD_USER_INPUT');
    expect(detailsOf(answer)).toMatchObject({ path: ['after'], wholeAfter: detailsOf(refused).wholeAfter });
  }
  await sealAll(identity.database.system, account.accountId);
  expect((await replay(String(detailsOf(refused).wholeAfter))).errors).toEqual([]);
});

it('nothing is archived that somebody began to read while its file was written', async () => {
  await longAgo();
  const { store } = identity.files;
  jest.spyOn(identity.files, 'store').mockImplementationOnce(async (...given) => {
    const file = await store.apply(identity.files, given);
    await ask('mutation { createWebhook(input: { name: "P", url: "https://192.0.3.1/hook" }) { secret } }');
    await identity.database.pool.query('UPDATE identity.webhook SET position = 1');
    return file;
  });
  expect(await archived()).toEqual({ files: 0, events: 0 });
});

it('what a webhook was not told of yet stays in the log', async () => {
  await ask('mutation { createWebhook(input: { name: "P", url: "https://192.0.3.1/hook" }) { secret } }');
  await longAgo();
  await identity.database.pool.query('UPDATE identity.webhook SET position = 0');
  expect(await archived()).toEqual({ files: 0, events: 0 });
  await identity.database.pool.query("UPDATE identity.webhook SET disabled_reason = 'FAILING'");
  expect(await archived()).toEqual({ files: 0, events: 0 });
});

it('what a kept delivery shows and can replay stays in the log', async () => {
  await ask('mutation { createWebhook(input: { name: "P", url: "https://192.0.3.1/hook" }) { secret } }');
  await longAgo();
  await identity.database.pool.query('UPDATE identity.webhook SET position = 1000');
  await identity.database.pool.query(
    `INSERT INTO identity.webhook_delivery
       (account_id, id, webhook_id, number, kind, position, subject, status, finished_at)
     SELECT w.account_id, w.id, w.id, 1, 'EVENT', 1, 'OrgUnit/a', 'PARKED', now() FROM identity.webhook w`,
  );
  expect(await archived()).toEqual({ files: 0, events: 0 });
});
