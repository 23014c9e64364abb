import {
  SEEDED_PASSWORD,
  type SeededAccount,
  type SeededMember,
  seedMember,
  seedMembership,
  seedSession,
  seedTwins,
} from '@iroko/testing';
import { ADDRESS_FAILURES_MAX } from '../sign-in/limits';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const CHANGE = `mutation ($current: String!, $next: String!) {
  changePassword(currentPassword: $current, newPassword: $next)
}`;
const PROFILE = `mutation ($input: UpdateProfileInput!) {
  updateProfile(input: $input) { firstName lastName language organization phone homePage }
}`;
const SIGN_IN = `mutation ($email: String!, $password: String!) {
  signIn(email: $email, password: $password) { accessToken }
}`;
const EVERYWHERE = 'mutation { signOutEverywhere }';
const NEW_PASSWORD = 'zebra tunnel violet 91';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let member: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
});
afterAll(() => identity.close());
beforeEach(async () => {
  member = await seedMember(identity.database, account.accountId);
});

const ask = (query: string, variables: Record<string, unknown> = {}, token = member.accessToken) =>
  identity.ask(query, { token, variables });
const change = (current: string, next: string) => ask(CHANGE, { current, next });
const signIn = (password: string) => identity.ask(SIGN_IN, { variables: { email: member.email, password } });

/** Whether a request with this token is one of somebody. */
const works = (token: string) =>
  identity.ask('{ me { kind } }', { token }).then(
    () => true,
    () => false,
  );

/** Caches are told of an end when it commits, which is a moment before they know. */
async function ends(token: string): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if (!(await works(token))) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

const actions = async (accountId: string) => {
  const { rows } = await identity.database.pool.query(
    `SELECT action FROM platform.change_event
     WHERE account_id = $1 AND subject_type = 'User' AND subject_id = $2 ORDER BY entry`,
    [accountId, member.userId],
  );
  return rows.map(({ action }) => action);
};

it('a new password works from now on, the old one no longer', async () => {
  expect((await change(SEEDED_PASSWORD, NEW_PASSWORD)).data).toEqual({ changePassword: true });
  expect((await signIn(SEEDED_PASSWORD)).code).toBe('UNAUTHENTICATED');
  expect((await signIn(NEW_PASSWORD)).errors).toEqual([]);
});

it('every other session ends with it, in every account, and each log says so', async () => {
  const elsewhere = await seedMembership(identity.database, { ...member, accountId: twin.accountId });
  const second = await seedSession(identity.database, member);
  await change(SEEDED_PASSWORD, NEW_PASSWORD);
  expect(await Promise.all([second, elsewhere].map((one) => ends(one.accessToken)))).toEqual([true, true]);
  expect(await works(member.accessToken)).toBe(true);
  expect(await actions(account.accountId)).toEqual(['CHANGE_PASSWORD', 'SESSION_REVOKED']);
  expect(await actions(twin.accountId)).toEqual(['SESSION_REVOKED']);
});

it('the log has neither the old nor the new password, nor a hash of one', async () => {
  await change(SEEDED_PASSWORD, NEW_PASSWORD);
  const { rows } = await identity.database.pool.query(
    `SELECT fields_before AS before, fields_after AS after FROM platform.change_event
     WHERE subject_id = $1 AND action = 'CHANGE_PASSWORD'`,
    [member.userId],
  );
  const secret = { password: { $secret: true } };
  expect(rows).toEqual([{ before: secret, after: secret }]);
});

it.each<[string, string, string, string[]]>([
  ['with a wrong present one', 'wrong', NEW_PASSWORD, ['currentPassword']],
  ['that is short', SEEDED_PASSWORD, 'z7!kQp2#x', ['newPassword']],
  ['of 10,000 characters', SEEDED_PASSWORD, 'x'.repeat(10_000), ['newPassword']],
  ['that is known', SEEDED_PASSWORD, 'password12345', ['newPassword']],
  ['that is known in disguise', SEEDED_PASSWORD, 'P@ssw0rd2026', ['newPassword']],
  ['of one character', SEEDED_PASSWORD, 'a'.repeat(1000), ['newPassword']],
  ['that is a row of the keyboard', SEEDED_PASSWORD, 'qwertyuiop1', ['newPassword']],
  ['made of the name', SEEDED_PASSWORD, 'AdaMbuyi12', ['newPassword']],
  ['made of the name and a year', SEEDED_PASSWORD, 'ada-mbuyi-2026', ['newPassword']],
])('a new password %s is refused by name, and nothing changes', async (_, current, next, path) => {
  const { errors } = await change(current, next);
  expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', details: { path } });
  expect((await signIn(SEEDED_PASSWORD)).errors).toEqual([]);
});

it('small letters alone are no reason to refuse a password', async () => {
  expect((await change(SEEDED_PASSWORD, 'mangrove kettle orbit')).errors).toEqual([]);
});

it('whoever finds an open browser has as few tries as at the sign-in', async () => {
  for (let tries = 0; tries < ADDRESS_FAILURES_MAX; tries++) await change(`wrong ${tries}`, NEW_PASSWORD);
  expect((await change(SEEDED_PASSWORD, NEW_PASSWORD)).code).toBe('RATE_LIMITED');
});

it('of two changes at once one is done', async () => {
  const answers = await Promise.all([
    change(SEEDED_PASSWORD, NEW_PASSWORD),
    change(SEEDED_PASSWORD, 'mangrove kettle orbit'),
  ]);
  const codes = answers.map(({ code }) => code ?? 'done');
  expect(codes.filter((code) => code === 'done')).toHaveLength(1);
  expect(['CONFLICT', 'BAD_USER_INPUT']).toContain(codes.find((code) => code !== 'done'));
});

it('signing out everywhere ends every session in every account, and no API token', async () => {
  const elsewhere = await seedMembership(identity.database, { ...member, accountId: twin.accountId });
  const second = await seedSession(identity.database, member);
  const somebody = await seedMember(identity.database, account.accountId);
  expect((await ask(EVERYWHERE)).data).toEqual({ signOutEverywhere: true });
  const sessions = [member, second, elsewhere].map((one) => ends(one.accessToken));
  expect(await Promise.all(sessions)).toEqual([true, true, true]);
  expect(await Promise.all([works(member.apiToken), works(somebody.accessToken)])).toEqual([true, true]);
  expect(await actions(account.accountId)).toEqual(['SIGN_OUT', 'SIGN_OUT']);
  expect(await actions(twin.accountId)).toEqual(['SIGN_OUT']);
});

it('an API token changes nobody, and ends nothing', async () => {
  const answers = [
    await ask(CHANGE, { current: SEEDED_PASSWORD, next: NEW_PASSWORD }, member.apiToken),
    await ask(PROFILE, { input: { firstName: 'Eve' } }, member.apiToken),
    await ask(EVERYWHERE, {}, member.apiToken),
  ];
  expect(answers.map(({ code }) => code)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
});

it('a profile is changed field by field; what is left out stays and null erases', async () => {
  const first = await ask(PROFILE, {
    input: {
      lastName: ' Kalala ',
      language: 'fr',
      organization: 'Ministère de la Santé',
      phone: '+243 (81) 000-00.01',
      homePage: 'https://example.org/ada',
    },
  });
  const profile = {
    firstName: 'Ada',
    lastName: 'Kalala',
    language: 'fr',
    organization: 'Ministère de la Santé',
    phone: '+243810000001',
    homePage: 'https://example.org/ada',
  };
  expect(first.data).toEqual({ updateProfile: profile });
  const second = await ask(PROFILE, { input: { phone: null, language: null } });
  expect(second.data).toEqual({ updateProfile: { ...profile, phone: null, language: null } });
});

it('the log keeps what a person says of themselves where it can be erased', async () => {
  await ask(PROFILE, { input: { phone: '+243810000001' } });
  const { rows } = await identity.database.pool.query(
    `SELECT fields_after AS after FROM platform.change_event WHERE subject_id = $1 AND action = 'UPDATE'`,
    [member.userId],
  );
  expect(rows).toEqual([{ after: { phone: { $personal: expect.any(String), hash: expect.any(String) } } }]);
});

it.each<[string, Record<string, unknown>]>([
  ['phone', { phone: '0810000001' }],
  ['phone', { phone: '+2438100000010000000' }],
  ['language', { language: 'de' }],
  ['homePage', { homePage: 'javascript:alert(1)' }],
  ['homePage', { homePage: `https://example.org/${'é'.repeat(600)}` }],
  ['organization', { organization: 'x'.repeat(201) }],
  ['firstName', { firstName: 'Ada\nMbuyi' }],
])('a %s that is none is refused by name, and nothing is written', async (field, wrong) => {
  const { errors } = await ask(PROFILE, { input: { lastName: 'Other', ...wrong } });
  expect(errors[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { path: ['input', field] },
  });
  const { data } = await ask('{ me { user { lastName } } }');
  expect(data).toEqual({ me: { user: { lastName: 'Mbuyi' } } });
});

it('a phone number is seen by oneself and by those who may see users, and by nobody else', async () => {
  await ask(PROFILE, { input: { phone: '+243810000001' } });
  const phoneSeenBy = async (token: string) => {
    const { data } = await ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { phone } } }',
      { r: [{ __typename: 'User', id: member.userId }] },
      token,
    );
    return (data as { _entities: ({ phone: string | null } | null)[] })._entities[0]?.phone;
  };
  const colleague = await seedMember(identity.database, account.accountId);
  expect(await phoneSeenBy(member.accessToken)).toBe('+243810000001');
  expect(await phoneSeenBy(account.administrator.accessToken)).toBe('+243810000001');
  expect(await phoneSeenBy(colleague.accessToken)).toBeNull();
});
