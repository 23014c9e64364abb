import { recordChange, sealAll } from '@iroko/changes';
import { newId } from '@iroko/database';
import { runJobsUntilIdle } from '@iroko/jobs';
import { type SeededAccount, seedTwins } from '@iroko/testing';
import { readMailbox } from '../mail/mailbox';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;

beforeEach(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
});
afterEach(() => identity.close());

const ask = (query: string, variables: Record<string, unknown> = {}, who = account) =>
  identity.ask(query, { token: who.administrator.accessToken, variables });
async function data<Data>(
  query: string,
  variables: Record<string, unknown> = {},
  who = account,
): Promise<Data> {
  const answer = await ask(query, variables, who);
  expect(answer.errors).toEqual([]);
  return answer.data as Data;
}

interface Rule {
  id: string;
  revision: number;
  stoppedAt: string | null;
  hour: number | null;
}
const CREATE = `mutation ($input: NoticeRuleInput!) { createNoticeRule(input: $input) { id revision hour stoppedAt } }`;
const wish = async (input: Record<string, unknown> = {}, who = account) =>
  (
    await data<{ createNoticeRule: Rule }>(
      CREATE,
      { input: { name: 'Places', frequency: 'IMMEDIATE', subjectType: 'OrgUnit', ...input } },
      who,
    )
  ).createNoticeRule;

async function changed(names: readonly string[], who = account, action = 'CREATE') {
  const db = identity.database.forAccount({
    accountId: who.accountId,
    userId: who.administrator.userId,
    requestId: 'test',
  });
  for (const name of names) {
    await db.transaction((tx) =>
      recordChange(tx, { subjectType: 'OrgUnit', subjectId: newId(), action, before: null, after: { name } }),
    );
  }
  await sealAll(identity.database.system, who.accountId);
}

async function mails(now?: Date): Promise<string[]> {
  await identity.subgraph.notices.planDue(now);
  await runJobsUntilIdle({
    database: identity.database,
    viewers: identity.viewers,
    jobs: [...identity.subgraph.jobs],
  });
  return (await readMailbox(identity.database, { limit: 100 })).map(({ to, subject, text }) =>
    [to, subject, text].join('\n'),
  );
}

const linkIn = (mail: string) => /https:\/\/\S+\/notices\/\S+/.exec(mail)?.[0] ?? '';
async function visit(method: 'GET' | 'POST', url: string) {
  const path = '/notices/:token/stop';
  const route = identity.subgraph.routes.find((each) => each.method === method && each.path === path);
  const token = /notices\/([^/]+)\/stop/.exec(url)?.[1] ?? '';
  const reply = await route?.handler({ params: { token }, requestId: 'test' } as never);
  return { status: reply?.status, body: String(reply?.body) };
}

describe('a notice rule', () => {
  it('brings one mail of all that happened, in the language of its person, and no second one', async () => {
    await wish();
    await changed(['Clinic A', 'Clinic B']);
    const [mail, ...more] = await mails();
    expect(more).toEqual([]);
    expect(mail).toContain(`${account.administrator.email}\nPlaces: 2 changes\n`);
    expect(mail).toContain('OrgUnit created: Clinic A');
    expect(mail).toContain('OrgUnit created: Clinic B');
    expect(await mails()).toHaveLength(1);
  });

  it('tells of what happens after it was made, and only what it asks for', async () => {
    await changed(['Before']);
    await wish({ actions: ['DELETE'] });
    await changed(['Other action']);
    expect(await mails()).toEqual([]);
    await changed(['Wanted'], account, 'DELETE');
    const [mail] = await mails();
    expect(mail).toContain('Wanted');
    expect(mail).not.toMatch(/Before|Other action/);
  });

  it('waits for its hour, and for the minute after a mail', async () => {
    await wish({ frequency: 'DAILY', hour: 7 });
    await wish({ name: 'At once' });
    await changed(['Clinic A']);
    expect(await mails()).toHaveLength(1);
    await changed(['Clinic B']);
    expect(await mails()).toHaveLength(1);
    await letTimePass();
    const all = await mails();
    expect(all).toHaveLength(3);
    expect(all.find((mail) => mail.includes('Places: 2 changes'))).toBeDefined();
  });

  it('says how many more there are than a mail can hold', async () => {
    await wish();
    await changed(Array.from({ length: 33 }, (_, n) => `Clinic ${n}`));
    const [mail] = await mails();
    expect(mail).toContain('Places: 33 changes');
    expect(mail).toContain('and 3 more.');
  });

  it('stops by the link of each mail, which opening alone does not follow', async () => {
    const { id } = await wish();
    await changed(['Clinic A']);
    const link = linkIn((await mails())[0] ?? '');
    expect((await visit('GET', link)).body).toContain('Stop these mails?');
    expect((await rules())[0]).toMatchObject({ id, stoppedAt: null });
    expect((await visit('POST', link)).status).toBe(200);
    expect((await rules())[0]?.stoppedAt).not.toBeNull();
    expect((await visit('POST', link)).status).toBe(200);
    expect((await visit('POST', `${link.slice(0, -7)}x/stop`)).status).toBe(404);
    await letTimePass();
    await changed(['Clinic B']);
    expect(await mails()).toHaveLength(1);
  });

  it('goes on from now when it is resumed', async () => {
    const { id } = await wish();
    await data('mutation ($id: ID!) { stopNoticeRule(id: $id) { id } }', { id });
    await changed(['During the holiday']);
    await data('mutation ($id: ID!) { resumeNoticeRule(id: $id) { id } }', { id });
    await changed(['Afterwards']);
    const [mail] = await mails();
    expect(mail).toContain('1 change\n');
    expect(mail).toContain('Afterwards');
  });

  it('tells nothing that its person may no longer see when the mail is sent', async () => {
    await wish();
    await changed(['Secret place']);
    await identity.subgraph.notices.planDue();
    await takeAllRights();
    expect(await mails()).toEqual([]);
  });

  it('is nobody else’s: not to read, change, stop or remove', async () => {
    const { id, revision } = await wish();
    const input = { name: 'Taken', frequency: 'HOURLY' };
    for (const mutation of [
      'stopNoticeRule(id: $id)',
      'resumeNoticeRule(id: $id)',
      'removeNoticeRule(id: $id)',
    ]) {
      expect((await ask(`mutation ($id: ID!) { ${mutation} { id } }`, { id }, twin)).code).toBe('NOT_FOUND');
    }
    expect((await ask(UPDATE, { id, revision, input }, twin)).code).toBe('NOT_FOUND');
    expect((await data<{ noticeRules: Rule[] }>('{ noticeRules { id } }', {}, twin)).noticeRules).toEqual([]);
    await changed(['Clinic of the twin'], twin);
    expect(await mails()).toEqual([]);
  });

  it('is changed as a whole, by whoever saw its last revision', async () => {
    const { id, revision } = await wish();
    const input = { name: 'Daily', frequency: 'DAILY' };
    const { updateNoticeRule } = await data<{ updateNoticeRule: Rule }>(UPDATE, { id, revision, input });
    expect(updateNoticeRule).toMatchObject({ revision: revision + 1, hour: 7 });
    expect((await ask(UPDATE, { id, revision, input })).code).toBe('CONFLICT');
  });

  it.each([
    ['an hour without a day', { frequency: 'HOURLY', hour: 3 }, /hour belongs to DAILY/],
    ['an hour that no day has', { frequency: 'DAILY', hour: 24 }, /0 to 23/],
    ['a type that cannot be', { subjectType: 'org unit' }, /name of a type/],
    ['no action', { actions: [] }, /1 to 100/],
    ['an action that cannot be', { actions: ['create'] }, /no action/],
    ['an empty name', { name: ' ' }, /name/],
  ])('is refused with %s, and says so', async (_, input, message) => {
    const answer = await ask(CREATE, { input: { name: 'Places', frequency: 'IMMEDIATE', ...input } });
    expect(answer.code).toBe('BAD_USER_INPUT');
    expect(answer.errors[0]?.message).toMatch(message);
  });

  it.each([
    ['a unit', { subtree: newId() }],
    ['a unit that is no id', { subtree: 'x' }],
    ['a project', { projectId: newId() }],
  ])('is refused for %s that is not there', async (_, input) => {
    const answer = await ask(CREATE, { input: { name: 'Places', frequency: 'HOURLY', ...input } });
    expect(answer.code).toBe('NOT_FOUND');
  });

  const UPDATE = `mutation ($id: ID!, $revision: Int!, $input: NoticeRuleInput!) {
    updateNoticeRule(id: $id, expectedRevision: $revision, input: $input) { id revision hour } }`;
  const rules = async () =>
    (await data<{ noticeRules: Rule[] }>('{ noticeRules { id stoppedAt } }')).noticeRules;
  const letTimePass = () =>
    identity.database.pool.query("UPDATE identity.notice_rule SET next_at = now() - interval '1 s'");
  const takeAllRights = async () => {
    await identity.database.pool.query('DELETE FROM identity.membership_role WHERE user_id = $1', [
      account.administrator.userId,
    ]);
    await identity.database.pool.query(
      "UPDATE identity.membership SET permissions = '{}' WHERE user_id = $1",
      [account.administrator.userId],
    );
  };
});
