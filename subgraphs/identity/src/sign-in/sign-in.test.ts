import {
  SEEDED_PASSWORD,
  type SeededAccount,
  seedAccount,
  seedMember,
  seedMembership,
  seedTwins,
} from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { ADDRESS_FAILURES_MAX } from './limits';

const SIGN_IN = `mutation ($email: String!, $password: String!, $account: String) {
  signIn(email: $email, password: $password, account: $account) {
    accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt
    me { kind user { id email } account { slug } permissions }
  }
}`;

interface SessionTokens {
  accessToken: string;
  accessTokenExpiresAt: string;
  refreshToken: string;
  refreshTokenExpiresAt: string;
  me: { kind: string; user: { id: string; email: string }; account: { slug: string }; permissions: string[] };
}

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let sources = 0;

beforeAll(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
});
afterAll(() => identity.close());

/** From a source of its own unless one is given, so that tests do not use up each other's attempts. */
function signIn(
  variables: Record<string, unknown>,
  remoteAddress = `198.51.${++sources >> 8}.${sources & 255}`,
) {
  return identity.ask(SIGN_IN, { variables: { password: SEEDED_PASSWORD, ...variables }, remoteAddress });
}

async function signedIn(variables: Record<string, unknown>): Promise<SessionTokens> {
  const { data, errors } = await signIn(variables);
  expect(errors).toEqual([]);
  return data?.signIn as SessionTokens;
}

it('signing in gives tokens and says who one is', async () => {
  const { email, userId } = account.administrator;
  const before = Date.now();
  const session = await signedIn({ email });
  expect(session.me).toMatchObject({
    kind: 'USER',
    user: { id: userId, email },
    account: { slug: account.slug },
  });
  expect(session.me.permissions).toContain('org_units.read');
  const life = new Date(session.accessTokenExpiresAt).getTime() - before;
  expect(life).toBeGreaterThan(14 * 60_000);
  expect(life).toBeLessThanOrEqual(15 * 60_000 + 1000);
  const { data } = await identity.ask('{ me { user { id } account { id } } }', {
    token: session.accessToken,
  });
  expect(data).toEqual({ me: { user: { id: userId }, account: { id: account.accountId } } });
});

it('the address may be written in capitals and with space around it', async () => {
  const { email, userId } = account.administrator;
  const session = await signedIn({ email: ` ${email.toUpperCase()} ` });
  expect(session.me.user.id).toBe(userId);
});

describe('an unknown address, a wrong password, a person without one and one who was deactivated', () => {
  const refusals: Record<string, () => Promise<Record<string, unknown>>> = {
    unknown: async () => ({ email: 'nobody@example.org' }),
    'no address': async () => ({ email: 'nobody' }),
    'a NUL in it': async () => ({ email: 'no\u0000body@example.org' }),
    empty: async () => ({ email: '', password: '' }),
    'wrong password': async () => ({ email: account.administrator.email, password: 'wrong' }),
    'the password of another case': async () => ({
      email: account.administrator.email,
      password: SEEDED_PASSWORD.toUpperCase(),
    }),
    'no password kept': async () => {
      const member = await seedMember(identity.database, account.accountId);
      await identity.database.pool.query('UPDATE identity."user" SET password_hash = NULL WHERE id = $1', [
        member.userId,
      ]);
      return { email: member.email };
    },
    deactivated: async () => {
      const member = await seedMember(identity.database, account.accountId);
      await identity.database.pool.query('UPDATE identity."user" SET deactivated_at = now() WHERE id = $1', [
        member.userId,
      ]);
      return { email: member.email };
    },
  };

  it.each(Object.keys(refusals))('are answered in the same words: %s', async (name) => {
    const answer = await signIn((await refusals[name]?.()) ?? {});
    expect(answer.data).toBeNull();
    expect(answer.errors).toEqual([
      {
        message: 'The e-mail address or the password is wrong.',
        path: ['signIn'],
        locations: expect.anything(),
        extensions: { code: 'UNAUTHENTICATED', details: { reason: 'unknown' } },
      },
    ]);
  });
});

it.each([
  ['email', { email: `${'a'.repeat(10_000)}@example.org` }],
  ['password', { email: 'ada@example.org', password: 'a'.repeat(10_000) }],
])('10,000 characters of %s are refused before anything is hashed', async (path, variables) => {
  const answer = await signIn(variables);
  expect(answer.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', details: { path: [path] } });
});

describe('a person in two accounts', () => {
  it('signs in to the one they name, else to the one they last signed in to', async () => {
    const member = await seedMember(identity.database, account.accountId);
    await seedMembership(identity.database, { ...member, accountId: twin.accountId });
    const { email } = member;
    expect((await signedIn({ email, account: account.slug })).me.account.slug).toBe(account.slug);
    expect((await signedIn({ email })).me.account.slug).toBe(account.slug);
    expect((await signedIn({ email, account: twin.slug })).me.account.slug).toBe(twin.slug);
    expect((await signedIn({ email })).me.account.slug).toBe(twin.slug);
  });
});

it('an account one is not in and an account that does not exist are answered alike', async () => {
  const { email } = account.administrator;
  const foreign = await signIn({ email, account: twin.slug });
  const missing = await signIn({ email, account: 'account-that-never-was' });
  expect([foreign.code, missing.code]).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  expect(missing.errors[0]?.message.replace('account-that-never-was', twin.slug)).toBe(
    foreign.errors[0]?.message,
  );
});

it('a person whose membership ended cannot sign in to that account', async () => {
  const member = await seedMember(identity.database, account.accountId);
  await identity.database.pool.query('UPDATE identity.membership SET ended_at = now() WHERE user_id = $1', [
    member.userId,
  ]);
  expect((await signIn({ email: member.email })).code).toBe('FORBIDDEN');
});

it('after ten failures for an address the next is refused without a look at the password, from anywhere new', async () => {
  const { email } = await seedMember(identity.database, account.accountId);
  for (let failure = 0; failure < ADDRESS_FAILURES_MAX; failure++) {
    expect((await signIn({ email, password: 'wrong' })).code).toBe('UNAUTHENTICATED');
  }
  const refused = await signIn({ email });
  expect(refused.errors[0]?.extensions).toMatchObject({
    code: 'RATE_LIMITED',
    details: { retryAfterSeconds: expect.any(Number) },
  });
});

it('an unknown address is limited just the same, so that the limit tells nothing', async () => {
  const email = 'nobody-at-all@example.org';
  for (let failure = 0; failure < ADDRESS_FAILURES_MAX; failure++) await signIn({ email });
  expect((await signIn({ email })).code).toBe('RATE_LIMITED');
});

it('an attacker elsewhere does not lock somebody out of where they signed in before', async () => {
  const { email } = await seedMember(identity.database, account.accountId);
  const home = '203.0.113.9';
  expect((await signIn({ email }, home)).code).toBeUndefined();
  for (let failure = 0; failure < ADDRESS_FAILURES_MAX; failure++) await signIn({ email, password: 'wrong' });
  expect((await signIn({ email })).code).toBe('RATE_LIMITED');
  expect((await signIn({ email }, home)).code).toBeUndefined();
});

it('a burst of guesses at once gets no more tries than a slow one is bounded to', async () => {
  const { email } = await seedMember(identity.database, account.accountId);
  const guesses = Array.from({ length: 40 }, () => signIn({ email, password: 'wrong' }));
  const codes = (await Promise.all(guesses)).map(({ code }) => code);
  expect(codes.filter((code) => code === 'UNAUTHENTICATED').length).toBeLessThanOrEqual(20);
  expect(codes.filter((code) => code === 'RATE_LIMITED').length).toBeGreaterThanOrEqual(20);
});

it('a source that fails for many addresses is refused for every address', async () => {
  const source = '203.0.113.77';
  const { rows } = await identity.database.pool.query(
    `INSERT INTO identity.sign_in_attempt (id, address_hash, source, outcome)
     SELECT platform.uuid_v7(), sha256(n::text::bytea), $1, 'FAILED' FROM generate_series(1, 100) n RETURNING id`,
    [source],
  );
  expect(rows).toHaveLength(100);
  const { email } = account.administrator;
  expect((await signIn({ email }, source)).code).toBe('RATE_LIMITED');
  expect((await signIn({ email })).code).toBeUndefined();
});

it('old attempts are forgotten, and deleted after 30 days', async () => {
  const { email } = await seedMember(identity.database, account.accountId);
  for (let failure = 0; failure < ADDRESS_FAILURES_MAX; failure++) await signIn({ email, password: 'wrong' });
  await identity.database.pool.query(`UPDATE identity.sign_in_attempt SET at = at - interval '16 minutes'`);
  expect((await signIn({ email })).code).toBeUndefined();
  await identity.database.pool.query(`UPDATE identity.sign_in_attempt SET at = at - interval '31 days'`);
  for (let round = 0; round < 20; round++) await signIn({ email });
  const { rows } = await identity.database.pool.query(
    `SELECT count(*)::int AS count FROM identity.sign_in_attempt WHERE at < now() - interval '30 days'`,
  );
  expect(rows).toEqual([{ count: 0 }]);
});

it('a sign-in is in the log of the account, with the session and without the address', async () => {
  const { userId, email } = await seedMember(identity.database, account.accountId);
  await signedIn({ email });
  const { rows } = await identity.database.pool.query(
    `SELECT account_id, user_id, subject_type, subject_id, action, fields_after::text AS after
     FROM platform.change_event WHERE user_id = $1`,
    [userId],
  );
  expect(rows).toEqual([
    {
      account_id: account.accountId,
      user_id: userId,
      subject_type: 'User',
      subject_id: userId,
      action: 'SIGN_IN',
      after: expect.stringContaining('sessionId'),
    },
  ]);
  expect(rows[0].after).not.toContain('@');
});

it('a hash made at another cost is made anew when its password is at hand', async () => {
  const { userId, email } = (await seedAccount(identity.database)).administrator;
  const hash = async () =>
    (await identity.database.pool.query('SELECT password_hash FROM identity."user" WHERE id = $1', [userId]))
      .rows[0].password_hash;
  expect(await hash()).toContain('m=8,');
  await signedIn({ email });
  expect(await hash()).toContain('$argon2id$v=19$m=8192,t=2,p=1$');
  await signedIn({ email });
});
