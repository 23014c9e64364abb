import { SEEDED_PASSWORD, type SeededMember, seedAccount, seedMember } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

let identity: IdentityUnderTest;
let accountId: string;
let member: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
  ({ accountId } = await seedAccount(identity.database));
});
afterAll(() => identity.close());
beforeEach(async () => {
  member = await seedMember(identity.database, accountId);
});

async function signIn(): Promise<Tokens> {
  const { data } = await identity.ask(
    'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { accessToken refreshToken } }',
    { variables: { email: member.email, password: SEEDED_PASSWORD } },
  );
  return data?.signIn as Tokens;
}

const refresh = (refreshToken: string) =>
  identity.ask(
    'mutation ($token: String!) { refreshSession(refreshToken: $token) { accessToken refreshToken me { user { id } } } }',
    { variables: { token: refreshToken } },
  );

async function refreshed(refreshToken: string): Promise<Tokens> {
  const { data, errors } = await refresh(refreshToken);
  expect(errors).toEqual([]);
  return data?.refreshSession as Tokens;
}

/** Whether the access token is still taken, without waiting for a notification. */
async function isAccepted(accessToken: string): Promise<boolean> {
  const { code } = await identity.ask('{ me { kind } }', { token: accessToken }).catch((error) => error);
  return code === undefined;
}

async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('It did not become so within two seconds.');
}

it('a refresh token gives new tokens of the same session, again and again', async () => {
  let tokens = await signIn();
  const seen = new Set([tokens.refreshToken]);
  for (let round = 0; round < 3; round++) {
    tokens = await refreshed(tokens.refreshToken);
    expect(seen.has(tokens.refreshToken)).toBe(false);
    seen.add(tokens.refreshToken);
    expect(await isAccepted(tokens.accessToken)).toBe(true);
  }
  const { rows } = await identity.database.pool.query(
    'SELECT count(*)::int FROM identity.session WHERE user_id = $1',
    [member.userId],
  );
  // The seeded one and this one.
  expect(rows).toEqual([{ count: 2 }]);
});

it('no token stands in the database', async () => {
  const { refreshToken } = await signIn();
  const { rows } = await identity.database.pool.query(
    `SELECT count(*)::int FROM identity.refresh_token t WHERE t::text LIKE '%' || $1 || '%'`,
    [refreshToken.slice(7)],
  );
  expect(rows).toEqual([{ count: 0 }]);
});

it('an old refresh token that comes back ends the session, its newest tokens included', async () => {
  const first = await signIn();
  const second = await refreshed(first.refreshToken);
  expect((await refresh(first.refreshToken)).errors[0]?.extensions).toEqual({
    code: 'UNAUTHENTICATED',
    details: { reason: 'revoked' },
  });
  expect((await refresh(second.refreshToken)).code).toBe('UNAUTHENTICATED');
  await eventually(async () => !(await isAccepted(second.accessToken)));
  const { rows } = await identity.database.pool.query(
    `SELECT action FROM platform.change_event WHERE user_id = $1 ORDER BY entry`,
    [member.userId],
  );
  expect(rows).toEqual([{ action: 'SIGN_IN' }, { action: 'SESSION_REVOKED' }]);
});

it('of refreshes at the same moment one wins, the others are told so, and the session goes on', async () => {
  const { refreshToken } = await signIn();
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
  const won = answers.filter(({ code }) => code === undefined);
  expect(won).toHaveLength(1);
  expect(answers.filter(({ code }) => code === 'CONFLICT')).toHaveLength(19);
  const next = won[0]?.data?.refreshSession as Tokens;
  await refreshed(next.refreshToken);
  expect((await refresh(refreshToken)).code).toBe('UNAUTHENTICATED');
});

it.each([
  ['that is empty', ''],
  ['that never was', `irokor_${'a'.repeat(43)}`],
  ['that is an API token', `iroko_${'a'.repeat(43)}`],
  ['of 10,000 characters', 'a'.repeat(10_000)],
  ['with a NUL', 'irokor_\u0000'],
])('a refresh token %s is refused', async (_, token) => {
  expect((await refresh(token)).errors[0]?.extensions).toEqual({
    code: 'UNAUTHENTICATED',
    details: { reason: 'unknown' },
  });
});

it.each([
  [
    'expired',
    `UPDATE identity.refresh_token t SET expires_at = now() FROM identity.session s WHERE s.id = t.session_id AND s.user_id = $1`,
    'expired',
  ],
  [
    'of a session that reached its end',
    'UPDATE identity.session SET expires_at = now() WHERE user_id = $1',
    'expired',
  ],
  [
    'of somebody who is no longer a member',
    'UPDATE identity.membership SET ended_at = now() WHERE user_id = $1',
    'revoked',
  ],
  [
    'of somebody who was deactivated',
    'UPDATE identity."user" SET deactivated_at = now() WHERE id = $1',
    'revoked',
  ],
])('a refresh token %s is refused', async (_, change, reason) => {
  const { refreshToken } = await signIn();
  await identity.database.pool.query(change, [member.userId]);
  expect((await refresh(refreshToken)).errors[0]?.extensions).toEqual({
    code: 'UNAUTHENTICATED',
    details: { reason },
  });
});

it('signing out ends the session: both its tokens are refused', async () => {
  const { accessToken, refreshToken } = await signIn();
  const { data } = await identity.ask('mutation { signOut }', { token: accessToken });
  expect(data).toEqual({ signOut: true });
  expect((await refresh(refreshToken)).errors[0]?.extensions).toEqual({
    code: 'UNAUTHENTICATED',
    details: { reason: 'revoked' },
  });
  await eventually(async () => !(await isAccepted(accessToken)));
});

it('signing out leaves other sessions of the person alone', async () => {
  const [one, other] = [await signIn(), await signIn()];
  await identity.ask('mutation { signOut }', { token: one.accessToken });
  await refreshed(other.refreshToken);
});

it('signing out without a session is refused: nobody is signed in, or an API token asks', async () => {
  expect((await identity.ask('mutation { signOut }')).code).toBe('UNAUTHENTICATED');
  expect((await identity.ask('mutation { signOut }', { token: member.apiToken })).code).toBe(
    'BAD_USER_INPUT',
  );
});

it('a session lasts 90 days at most, however often it is refreshed', async () => {
  const { refreshToken } = await signIn();
  await identity.database.pool.query(
    `UPDATE identity.session SET expires_at = now() + interval '1 hour' WHERE user_id = $1`,
    [member.userId],
  );
  await refreshed(refreshToken);
  const { rows } = await identity.database.pool.query(
    `SELECT max(t.expires_at) <= max(s.expires_at) AS bounded
     FROM identity.refresh_token t JOIN identity.session s ON s.id = t.session_id
     WHERE s.user_id = $1 AND t.used_at IS NULL`,
    [member.userId],
  );
  expect(rows).toEqual([{ bounded: true }]);
});
