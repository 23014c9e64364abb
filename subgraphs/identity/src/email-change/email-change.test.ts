import {
  SEEDED_PASSWORD,
  type SeededAccount,
  type SeededMember,
  seedAccount,
  seedMember,
} from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { mailsTo, tokenMailedTo } from '../testing/mails';

let identity: IdentityUnderTest;
let account: SeededAccount;
let member: SeededMember;
let newEmail: string;
let numbered = 0;

beforeAll(async () => {
  identity = await identityUnderTest();
  account = await seedAccount(identity.database);
});
afterAll(() => identity.close());
beforeEach(async () => {
  member = await seedMember(identity.database, account.accountId);
  newEmail = `New.${++numbered}@example.org`;
});

const remoteAddress = () => `203.0.113.${numbered}`;

const request = (input: Record<string, string> = {}, token = member.accessToken) =>
  identity.ask(
    'mutation ($newEmail: String!, $currentPassword: String!) { requestEmailChange(newEmail: $newEmail, currentPassword: $currentPassword) { oldConfirmed newConfirmed done } }',
    {
      token,
      remoteAddress: remoteAddress(),
      variables: { newEmail, currentPassword: SEEDED_PASSWORD, ...input },
    },
  );

const confirm = (token: string) =>
  identity.ask(
    'mutation ($token: String!) { confirmEmailChange(token: $token) { oldConfirmed newConfirmed done } }',
    { variables: { token }, remoteAddress: remoteAddress() },
  );

const signIn = (email: string) =>
  identity.ask(
    'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { accessToken } }',
    { variables: { email, password: SEEDED_PASSWORD }, remoteAddress: remoteAddress() },
  );

const emailNow = async () =>
  (await identity.database.pool.query('SELECT email FROM identity."user" WHERE id = $1', [member.userId]))
    .rows[0].email;

it.each([['old first'], ['new first']])(
  'the address changes when both mails were answered: %s',
  async (order) => {
    expect((await request()).data).toEqual({
      requestEmailChange: { oldConfirmed: false, newConfirmed: false, done: false },
    });
    const tokens = [await tokenMailedTo(identity, member.email), await tokenMailedTo(identity, newEmail)];
    const [first, second] = (order === 'old first' ? tokens : tokens.reverse()) as [string, string];
    expect((await confirm(first)).data).toMatchObject({ confirmEmailChange: { done: false } });
    expect(await emailNow()).toBe(member.email);
    expect((await confirm(second)).data).toMatchObject({ confirmEmailChange: { done: true } });
    expect(await emailNow()).toBe(newEmail);
    expect((await signIn(member.email)).code).toBe('UNAUTHENTICATED');
    expect((await signIn(newEmail)).errors).toEqual([]);
  },
);

it('both answers at once change it too', async () => {
  await request();
  const tokens = [await tokenMailedTo(identity, member.email), await tokenMailedTo(identity, newEmail)];
  await Promise.all(tokens.map((token) => confirm(token)));
  expect(await emailNow()).toBe(newEmail);
});

it('the new address alone is not enough, whoever asked and however often its link is used', async () => {
  await request();
  const token = await tokenMailedTo(identity, newEmail);
  await confirm(token);
  expect((await confirm(token)).errors[0]?.extensions).toMatchObject({ details: { reason: 'used' } });
  expect(await emailNow()).toBe(member.email);
});

it('Solidata 6: asking for the address of somebody else is answered alike, and refused to who reads its mails', async () => {
  const other = await seedMember(identity.database, account.accountId);
  const known = await request({ newEmail: other.email });
  const unknown = await request({ newEmail: `free-${newEmail}` });
  expect(known).toEqual(unknown);
  await request({ newEmail: other.email });
  await confirm(await tokenMailedTo(identity, member.email));
  expect((await confirm(await tokenMailedTo(identity, other.email))).errors[0]?.extensions).toMatchObject({
    code: 'CONFLICT',
    details: { fields: ['email'] },
  });
  expect(await emailNow()).toBe(member.email);
});

it('a later request ends the links of the one before', async () => {
  await request();
  const first = await tokenMailedTo(identity, newEmail);
  await request({ newEmail: `other-${newEmail}` });
  expect((await confirm(first)).errors[0]?.extensions).toMatchObject({ details: { reason: 'expired' } });
});

it('a reset link that went to the old address opens nothing afterwards', async () => {
  await identity.ask('mutation ($email: String!) { requestPasswordReset(email: $email) }', {
    variables: { email: member.email },
    remoteAddress: remoteAddress(),
  });
  const reset = await tokenMailedTo(identity, member.email);
  await request();
  await confirm(await tokenMailedTo(identity, member.email));
  await confirm(await tokenMailedTo(identity, newEmail));
  const { errors } = await identity.ask(
    'mutation ($token: String!) { resetPassword(token: $token, newPassword: "seven lamps under the wide river") }',
    { variables: { token: reset } },
  );
  expect(errors[0]?.extensions).toMatchObject({ details: { reason: 'used' } });
});

it('the mails are in the language of the person, and tell the old address what is asked', async () => {
  await identity.database.pool.query(`UPDATE identity."user" SET language = 'fr' WHERE id = $1`, [
    member.userId,
  ]);
  await request();
  const [old] = await mailsTo(identity, member.email);
  expect(old?.subject).toBe('Votre adresse sur Iroko va changer');
  expect(old?.text).toContain(newEmail);
  expect((await mailsTo(identity, newEmail))[0]?.subject).toBe('Confirmez votre nouvelle adresse pour Iroko');
});

it('the log tells of the request and the change, the addresses as values that can be erased', async () => {
  await request();
  await confirm(await tokenMailedTo(identity, member.email));
  await confirm(await tokenMailedTo(identity, newEmail));
  const { rows } = await identity.database.pool.query(
    `SELECT action, fields_after::text LIKE '%@%' AS shows FROM platform.change_event
     WHERE account_id = $1 AND subject_id = $2 AND action LIKE '%EMAIL%' ORDER BY entry`,
    [account.accountId, member.userId],
  );
  expect(rows).toEqual([
    { action: 'REQUEST_EMAIL_CHANGE', shows: false },
    { action: 'CHANGE_EMAIL', shows: false },
  ]);
});

it.each<[string, () => Promise<{ code: unknown }>, string]>([
  ['a wrong password', () => request({ currentPassword: 'not my password' }), 'BAD_USER_INPUT'],
  ['what is no address', () => request({ newEmail: 'x' }), 'BAD_USER_INPUT'],
  ['the present address', () => request({ newEmail: member.email }), 'BAD_USER_INPUT'],
  ['an API token', () => request({}, member.apiToken), 'FORBIDDEN'],
  ['nobody', () => request({}, ''), 'UNAUTHENTICATED'],
])('%s changes nothing', async (_, ask, code) => {
  expect((await ask()).code).toBe(code);
  expect(await mailsTo(identity, newEmail)).toEqual([]);
});
