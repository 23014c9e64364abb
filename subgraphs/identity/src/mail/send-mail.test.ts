import { unavailable } from '@iroko/errors';
import { bindJobs, runJobsUntilIdle } from '@iroko/jobs';
import { type MailWords, type OutgoingMail, type Post, sendMail, sendMailJob } from '@iroko/mail';
import { type SeededAccount, type SeededMember, seedAccount, seedMember } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { mailServices } from './mail-services';
import { readMailbox } from './mailbox';

let identity: IdentityUnderTest;
let account: SeededAccount;
let member: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
  account = await seedAccount(identity.database);
});
afterAll(() => identity.close());
beforeEach(async () => {
  member = await seedMember(identity.database, account.accountId);
});

const inAll = (subject: string): MailWords => ({
  en: { subject: `${subject} en`, paragraphs: ['Hello.'] },
  fr: { subject: `${subject} fr`, paragraphs: ['Bonjour.'] },
  pt: { subject: `${subject} pt`, paragraphs: ['Olá.'] },
});

const send = (subject: string, idempotencyKey?: string) =>
  identity.database.forAccount(account.actor).transaction((tx) =>
    sendMail(tx, {
      to: { userId: member.userId },
      words: inAll(subject),
      ...(idempotencyKey ? { idempotencyKey } : {}),
    }),
  );

const runJobs = (jobs = identity.subgraph.jobs) =>
  runJobsUntilIdle({ database: identity.database, viewers: identity.viewers, jobs });

const mails = () => readMailbox(identity.database, { to: member.email, limit: 10 });

async function jobRow(id: string) {
  const { rows } = await identity.database.pool.query(
    'SELECT status, attempt, result, error FROM platform.job WHERE id = $1',
    [id],
  );
  return rows[0];
}

it.each([
  ['fr', 'fr'],
  ['pt', 'pt'],
  [null, 'en'],
])('a mail is in the language of the person: %s', async (language, sent) => {
  await identity.database.pool.query('UPDATE identity."user" SET language = $2 WHERE id = $1', [
    member.userId,
    language,
  ]);
  await send('Report');
  expect(await mails()).toEqual([]);
  await runJobs();
  expect((await mails()).map(({ subject }) => subject)).toEqual([`Report ${sent}`]);
});

it('a mail whose reason was rolled back is never sent', async () => {
  const db = identity.database.forAccount(account.actor);
  await expect(
    db.transaction(async (tx) => {
      await sendMail(tx, { to: { userId: member.userId }, words: inAll('Never') });
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await runJobs();
  expect(await mails()).toEqual([]);
});

it('the same mail asked for twice is sent once', async () => {
  expect(await send('Once', 'release 1')).toBe(await send('Once', 'release 1'));
  await runJobs();
  expect(await mails()).toHaveLength(1);
});

it('somebody who left the account is told nothing of it', async () => {
  const job = await send('Secret plans');
  await identity.database.pool.query('UPDATE identity.membership SET ended_at = now() WHERE user_id = $1', [
    member.userId,
  ]);
  await runJobs();
  expect(await mails()).toEqual([]);
  expect(await jobRow(job)).toMatchObject({ status: 'SUCCEEDED', result: { sent: false } });
});

it('words that would add a header are refused where they are given', async () => {
  await expect(send('Hello\r\nBcc: eve@example.org')).rejects.toThrow('must be one line');
});

describe('over a mail server that does not work', () => {
  const over = (deliver: (mail: OutgoingMail) => Promise<void>) => {
    const post: Post = { deliver, close: () => undefined };
    return bindJobs(mailServices(post), [sendMailJob], identity.database);
  };
  const makeDue = () =>
    identity.database.pool.query('UPDATE platform.job SET run_at = now(), relay_at = now()');

  it('a mail is tried again under the same id until it is taken', async () => {
    const tried: string[] = [];
    const job = await send('Later');
    const jobs = over(async ({ id }) => {
      tried.push(id);
      if (tried.length < 3) throw unavailable('The mail server could not be used.', 'mail');
    });
    for (let round = 0; round < 3; round++) {
      await runJobs(jobs);
      await makeDue();
    }
    expect(await jobRow(job)).toMatchObject({ status: 'SUCCEEDED', attempt: 3, result: { sent: true } });
    expect(new Set(tried)).toEqual(new Set([job]));
  });

  it('one that never works ends as a failed job that says why', async () => {
    const job = await send('Never');
    const jobs = over(() =>
      Promise.reject(unavailable('The mail server of SMTP_URL could not be used.', 'mail')),
    );
    for (let round = 0; round < 12; round++) {
      await runJobs(jobs);
      await makeDue();
    }
    expect(await jobRow(job)).toMatchObject({
      status: 'FAILED',
      attempt: 11,
      error: { code: 'UNAVAILABLE', message: 'The mail server of SMTP_URL could not be used.' },
    });
  });
});
