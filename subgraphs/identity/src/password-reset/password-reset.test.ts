import { newId } from '@iroko/database';
import {
  SEEDED_PASSWORD,
  type SeededAccount,
  type SeededMember,
  seedAccount,
  seedMember,
} from '@iroko/testing';
import { readMailbox } from '../mail/mailbox';
import { type AskOptions, type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { mailsTo, tokenMailedTo } from '../testing/mails';

const NEW_PASSWORD = 'seven lamps under the wide river';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let member: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
  account = await seedAccount(identity.database);
  twin = await seedAccount(identity.database);
});
afterAll(() => identity.close());
beforeEach(async () => {
  member = await seedMember(identity.database, account.accountId);
});

let sources = 0;
/** Each test asks from a source of its own, since sources are counted. */
const fresh = () => `192.0.2.${++sources}`;

const request = (email: string, options: AskOptions = { remoteAddress: fresh() }) =>
  identity.ask('mutation ($email: String!) { requestPasswordReset(email: $email) }', {
    ...options,
    variables: { email },
  });

const reset = (token: string, newPassword = NEW_PASSWORD, options: AskOptions = {}) =>
  identity.ask(
    'mutation ($token: String!, $newPassword: String!) { resetPassword(token: $token, newPassword: $newPassword) }',
    { ...options, variables: { token, newPassword } },
  );

const signIn = (password: string, options: AskOptions = { remoteAddress: fresh() }) =>
  identity.ask(
    'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { accessToken refreshToken } }',
    { ...options, variables: { email: member.email, password } },
  );

async function events(accountId: string): Promise<{ action: string; user_id: string | null }[]> {
  const { rows } = await identity.database.pool.query(
    'SELECT action, user_id FROM platform.change_event WHERE account_id = $1 AND subject_id = $2 ORDER BY entry',
    [accountId, member.userId],
  );
  return rows;
}

it('whoever follows the link chooses a new password, and the old one and every session end', async () => {
  const before = (await signIn(SEEDED_PASSWORD)).data?.signIn as { refreshToken: string };
  expect((await request(member.email.toUpperCase())).data).toEqual({ requestPasswordReset: true });
  expect((await reset(await tokenMailedTo(identity, member.email))).data).toEqual({ resetPassword: true });
  expect((await signIn(SEEDED_PASSWORD)).code).toBe('UNAUTHENTICATED');
  expect((await signIn(NEW_PASSWORD)).errors).toEqual([]);
  const refreshed = await identity.ask(
    'mutation ($token: String!) { refreshSession(refreshToken: $token) { accessToken } }',
    { variables: { token: before.refreshToken } },
  );
  expect(refreshed.code).toBe('UNAUTHENTICATED');
});

it('the mail is in the language of the person and leads to the page, the token behind the #', async () => {
  await identity.database.pool.query(`UPDATE identity."user" SET language = 'pt' WHERE id = $1`, [
    member.userId,
  ]);
  await request(member.email);
  const [mail] = await mailsTo(identity, member.email);
  expect(mail?.subject).toBe('Uma nova palavra-passe para o Iroko');
  expect(mail?.text).toMatch(/https:\/\/iroko\.example\.org\/link#reset=irokol_[\w-]{43}&lang=pt/);
});

it('Solidata 6: the answer never tells whether an address exists, and nobody unknown gets a mail', async () => {
  const [known, unknown] = [await request(member.email), await request('nobody-at-all@example.org')];
  expect(unknown).toEqual(known);
  expect(await mailsTo(identity, 'nobody-at-all@example.org')).toEqual([]);
});

it('for known and unknown addresses the same work is done before the answer', async () => {
  const work: number[] = [];
  for (const email of [member.email, `nobody-${newId()}@example.org`]) {
    const connections = jest.spyOn(identity.database.pool, 'connect');
    await request(email);
    work.push(connections.mock.calls.length);
    connections.mockRestore();
    // No person is looked up, no link made and no mail written yet.
    expect(await readMailbox(identity.database, { to: email, limit: 1 })).toEqual([]);
  }
  expect(work).toEqual([1, 1]);
});

it('Solidata 7: a link works once; used, unknown, malformed and expired ones say so and change nothing', async () => {
  await request(member.email);
  const token = await tokenMailedTo(identity, member.email);
  await reset(token);
  const reasonOf = async (given: string) =>
    (await reset(given, 'another very long password here')).errors[0]?.extensions;
  expect(await reasonOf(token)).toEqual({
    code: 'BAD_USER_INPUT',
    details: { path: ['token'], reason: 'used' },
  });
  for (const given of ['', 'x', `irokol_${'a'.repeat(43)}`, `${token}x`, '\u0000', 'a'.repeat(10_000)]) {
    expect(await reasonOf(given)).toMatchObject({ details: { reason: 'unknown' } });
  }
  await request(member.email);
  const expired = await tokenMailedTo(identity, member.email);
  await identity.database.pool.query(
    'UPDATE identity.mail_link SET expires_at = now() WHERE subject_id = $1',
    [member.userId],
  );
  expect(await reasonOf(expired)).toMatchObject({ details: { reason: 'expired' } });
  expect((await signIn(NEW_PASSWORD)).errors).toEqual([]);
});

it('of ten uses of a link at once one wins', async () => {
  await request(member.email);
  const token = await tokenMailedTo(identity, member.email);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => reset(token, `${NEW_PASSWORD} number ${index}`)),
  );
  expect(answers.filter(({ code }) => code === undefined)).toHaveLength(1);
});

it('using a link uses up every other one of the person', async () => {
  await request(member.email);
  const first = await tokenMailedTo(identity, member.email);
  await request(member.email);
  await reset(await tokenMailedTo(identity, member.email));
  expect((await reset(first)).errors[0]?.extensions).toMatchObject({ details: { reason: 'used' } });
});

it('a weak password leaves the link good', async () => {
  await request(member.email);
  const token = await tokenMailedTo(identity, member.email);
  expect((await reset(token, 'password123')).errors[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { path: ['newPassword'] },
  });
  expect((await reset(token)).errors).toEqual([]);
});

it('no link stands in the database but as a hash', async () => {
  await request(member.email);
  const token = await tokenMailedTo(identity, member.email);
  const { rows } = await identity.database.pool.query(
    `SELECT (SELECT count(*)::int FROM identity.mail_link t WHERE t::text LIKE '%' || $1 || '%') AS links,
            (SELECT count(*)::int FROM identity.unproven_request t WHERE t::text LIKE '%' || $1 || '%') AS requests,
            (SELECT count(*)::int FROM platform.job t WHERE t::text LIKE '%' || $1 || '%') AS jobs,
            (SELECT count(*)::int FROM platform.change_event t WHERE t::text LIKE '%' || $1 || '%') AS events`,
    [token.slice(7)],
  );
  expect(rows).toEqual([{ links: 0, requests: 0, jobs: 0, events: 0 }]);
});

it('somebody who was deactivated gets no mail', async () => {
  await identity.database.pool.query('UPDATE identity."user" SET deactivated_at = now() WHERE id = $1', [
    member.userId,
  ]);
  await request(member.email);
  expect(await mailsTo(identity, member.email)).toEqual([]);
});

it('the fifth request for an address in 15 minutes is the last, for an unknown one too', async () => {
  for (const email of [member.email, 'never-was@example.org']) {
    for (let round = 0; round < 5; round++) expect((await request(email)).errors).toEqual([]);
    const { errors } = await request(email);
    expect(errors[0]?.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterSeconds: expect.any(Number) },
    });
  }
});

it('a source that asks for many addresses is stopped; others go on', async () => {
  const remoteAddress = fresh();
  for (let round = 0; round < 50; round++) await request(`person-${round}@example.org`, { remoteAddress });
  expect((await request(member.email, { remoteAddress })).code).toBe('RATE_LIMITED');
  expect((await request(member.email)).errors).toEqual([]);
});

it('an attacker cannot lock somebody out for long: who answers the mail signs in, however many failed elsewhere', async () => {
  for (let round = 0; round < 10; round++) await signIn('a wrong password', { remoteAddress: fresh() });
  const remoteAddress = fresh();
  expect((await signIn(SEEDED_PASSWORD, { remoteAddress })).code).toBe('RATE_LIMITED');
  await request(member.email, { remoteAddress });
  await reset(await tokenMailedTo(identity, member.email), NEW_PASSWORD, { remoteAddress });
  expect((await signIn(NEW_PASSWORD, { remoteAddress })).errors).toEqual([]);
});

it('the log of the account tells of the reset and of failed sign-ins, that of another account does not', async () => {
  await signIn('a wrong password');
  await request(member.email);
  await reset(await tokenMailedTo(identity, member.email));
  expect((await events(account.accountId)).map(({ action }) => action)).toEqual([
    'SIGN_IN_FAILED',
    'RESET_PASSWORD',
    'SESSION_REVOKED',
  ]);
  expect(await events(twin.accountId)).toEqual([]);
});

it('a failed sign-in to an account that the person is not in stands in the log of the one they are in, and no other', async () => {
  await identity.ask(
    'mutation ($email: String!, $account: String!) { signIn(email: $email, password: "wrong wrong", account: $account) { accessToken } }',
    { variables: { email: member.email, account: twin.slug }, remoteAddress: fresh() },
  );
  await identity.subgraph.unproven.answerDue();
  expect((await events(account.accountId)).map(({ action }) => action)).toEqual(['SIGN_IN_FAILED']);
  expect(await events(twin.accountId)).toEqual([]);
});

it('what was asked about an address is forgotten once it is answered', async () => {
  await request(member.email);
  await identity.subgraph.unproven.answerDue();
  const { rows } = await identity.database.pool.query(
    'SELECT count(*)::int FROM identity.unproven_request WHERE details IS NOT NULL',
  );
  expect(rows).toEqual([{ count: 0 }]);
});

it.each(['', 'ada', 'ada@', 'a@b, c@d', 'ada@example.org\nbcc: eve@example.org', 'a'.repeat(10_000)])(
  'what is no address is refused as such: %j',
  async (email) => {
    expect((await request(email)).code).toBe('BAD_USER_INPUT');
  },
);
