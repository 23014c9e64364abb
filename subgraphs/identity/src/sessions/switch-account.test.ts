import { newId } from '@iroko/database';
import {
  SEEDED_PASSWORD,
  type SeededAccount,
  type SeededMember,
  seedAccount,
  seedMember,
  seedMembership,
} from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

let identity: IdentityUnderTest;
let home: SeededAccount;
let other: SeededAccount;
let stranger: SeededAccount;
let member: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
  home = await seedAccount(identity.database);
  other = await seedAccount(identity.database);
  stranger = await seedAccount(identity.database);
});
afterAll(() => identity.close());
beforeEach(async () => {
  member = await seedMember(identity.database, home.accountId);
  await seedMembership(
    identity.database,
    { ...member, accountId: other.accountId },
    { permissions: ['forms.read'] },
  );
});

async function signIn(): Promise<Tokens> {
  const { data } = await identity.ask(
    'mutation ($email: String!, $password: String!, $account: String) { signIn(email: $email, password: $password, account: $account) { accessToken refreshToken } }',
    { variables: { email: member.email, password: SEEDED_PASSWORD, account: home.slug } },
  );
  return data?.signIn as Tokens;
}

const switchTo = (accountId: string, refreshToken: string) =>
  identity.ask(
    'mutation ($refreshToken: String!, $accountId: ID!) { switchAccount(refreshToken: $refreshToken, accountId: $accountId) { accessToken refreshToken me { permissions account { id } } } }',
    { variables: { refreshToken, accountId } },
  );

it('somebody in two accounts goes on in the other without a password, with the rights they have there', async () => {
  const { refreshToken } = await signIn();
  const { data, errors } = await switchTo(other.accountId, refreshToken);
  expect(errors).toEqual([]);
  expect(data).toMatchObject({
    switchAccount: { me: { permissions: ['forms.read'], account: { id: other.accountId } } },
  });
  const next = data?.switchAccount as Tokens;
  expect((await switchTo(home.accountId, next.refreshToken)).data).toMatchObject({
    switchAccount: { me: { permissions: [], account: { id: home.accountId } } },
  });
});

it('the refresh token is used up: coming back later ends nothing but itself, since the session is over', async () => {
  const { refreshToken } = await signIn();
  const { data } = await switchTo(other.accountId, refreshToken);
  expect((await switchTo(other.accountId, refreshToken)).code).toBe('UNAUTHENTICATED');
  const next = data?.switchAccount as Tokens;
  expect((await switchTo(home.accountId, next.refreshToken)).errors).toEqual([]);
});

it('it never works for an account one is not in, in the same words as for none, and the token stays good', async () => {
  const { refreshToken } = await signIn();
  for (const accountId of [stranger.accountId, newId(), 'x', '']) {
    expect((await switchTo(accountId, refreshToken)).errors[0]).toMatchObject({
      message: 'You are not a member of this account.',
      extensions: { code: 'FORBIDDEN' },
    });
  }
  expect((await switchTo(other.accountId, refreshToken)).errors).toEqual([]);
});

it('a membership that ended is none', async () => {
  const { refreshToken } = await signIn();
  await identity.database.pool.query(
    'UPDATE identity.membership SET ended_at = now() WHERE account_id = $1 AND user_id = $2',
    [other.accountId, member.userId],
  );
  expect((await switchTo(other.accountId, refreshToken)).code).toBe('FORBIDDEN');
});

it('Solidata 6: however often somebody switches, the session ends when it would have', async () => {
  const { refreshToken } = await signIn();
  await identity.database.pool.query(
    `UPDATE identity.session SET expires_at = now() + interval '1 hour' WHERE user_id = $1`,
    [member.userId],
  );
  await switchTo(other.accountId, refreshToken);
  const { rows } = await identity.database.pool.query(
    `SELECT expires_at < now() + interval '61 minutes' AS soon FROM identity.session
     WHERE user_id = $1 AND account_id = $2 ORDER BY created_at DESC LIMIT 1`,
    [member.userId, other.accountId],
  );
  expect(rows).toEqual([{ soon: true }]);
});

it('of ten switches at once one wins', async () => {
  const { refreshToken } = await signIn();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => switchTo(other.accountId, refreshToken)),
  );
  expect(answers.filter(({ code }) => code === undefined)).toHaveLength(1);
});

it('the logs of both accounts tell', async () => {
  const { refreshToken } = await signIn();
  await switchTo(other.accountId, refreshToken);
  const said = async (accountId: string) =>
    (
      await identity.database.pool.query(
        'SELECT action FROM platform.change_event WHERE account_id = $1 AND subject_id = $2 ORDER BY entry',
        [accountId, member.userId],
      )
    ).rows.map(({ action }) => action);
  expect(await said(home.accountId)).toEqual(['SIGN_IN', 'SIGN_OUT']);
  expect(await said(other.accountId)).toEqual(['SIGN_IN']);
});

it.each(['', `irokor_${'a'.repeat(43)}`, 'x'.repeat(10_000)])(
  'an invented token switches nothing: %j',
  async (token) => {
    expect((await switchTo(other.accountId, token)).code).toBe('UNAUTHENTICATED');
  },
);
