/**
 * Requests of people without a session, while mails cannot be sent: what was asked waits in the database, is tried
 * again by whichever process comes, and is sent once.
 */

import { unavailable } from '@iroko/errors';
import type { Post } from '@iroko/mail';
import { silentLogger } from '@iroko/telemetry';
import { type SeededAccount, seedAccount } from '@iroko/testing';
import { MailLinks } from '../mail-links/mail-link';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { unprovenAnswers } from './answers';
import { UnprovenRequests } from './unproven-requests';

let identity: IdentityUnderTest;
let account: SeededAccount;
let delivered: string[];
let isDown: boolean;

beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());
beforeEach(async () => {
  account = await seedAccount(identity.database);
  delivered = [];
  isDown = true;
});

/** A process of its own, with the mail server of this test. */
function aProcess(): UnprovenRequests {
  const post = {
    deliver: async ({ to }: { to: string }) => {
      if (isDown) throw unavailable('The mail server of SMTP_URL could not be used.', 'mail');
      delivered.push(to);
    },
    close: () => undefined,
  } as unknown as Post;
  const mailLinks = new MailLinks(() => 'https://iroko.example.org/link');
  const { database } = identity;
  return new UnprovenRequests(database, unprovenAnswers({ database, post, mailLinks }), silentLogger);
}

const askForReset = () =>
  identity.ask('mutation ($email: String!) { requestPasswordReset(email: $email) }', {
    variables: { email: account.administrator.email },
  });

const waiting = async () =>
  (
    await identity.database.pool.query(
      `SELECT attempts, done_at IS NOT NULL AS done, details IS NOT NULL AS kept, next_at > now() AS later
       FROM identity.unproven_request ORDER BY at DESC LIMIT 1`,
    )
  ).rows[0];

const timePasses = () =>
  identity.database.pool.query('UPDATE identity.unproven_request SET next_at = now() WHERE done_at IS NULL');

it('a reset that is asked for while the mail server is down is mailed once it is back, by any process, once', async () => {
  expect((await askForReset()).errors).toEqual([]);
  expect(await aProcess().answerDue()).toBe(1);
  expect(delivered).toEqual([]);
  expect(await waiting()).toEqual({ attempts: 1, done: false, kept: true, later: true });
  expect(await aProcess().answerDue()).toBe(0);
  isDown = false;
  await timePasses();
  const [one, other] = [aProcess(), aProcess()];
  await Promise.all([one.answerDue(), other.answerDue()]);
  expect(delivered).toEqual([account.administrator.email]);
  expect(await waiting()).toMatchObject({ attempts: 2, done: true, kept: false });
});

it('a mail server that never comes back ends the request after an hour, and nothing of it is kept', async () => {
  await askForReset();
  for (let attempt = 0; attempt < 11; attempt++) {
    await timePasses();
    await aProcess().answerDue();
  }
  expect(await waiting()).toMatchObject({ attempts: 11, done: true, kept: false });
  expect(delivered).toEqual([]);
});
