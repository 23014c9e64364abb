/**
 * What somebody who finds an open browser must not do asks for the password again, and for the second factor too
 * where there is one. Who has no password yet has a way to one.
 */
import { Seal } from '@iroko/secrets';
import {
  SEEDED_PASSWORD,
  type SeededAccount,
  type SeededMember,
  seedAccount,
  seedMember,
} from '@iroko/testing';
import { SECOND_FACTOR_PURPOSE } from '../second-factor/codes';
import { codeOfStep, STEP_SECONDS, stepAt } from '../second-factor/totp';
import { type IdentityUnderTest, identityUnderTest, TEST_MASTER_KEY } from '../testing/identity-under-test';
import { mailsTo, tokenMailedTo } from '../testing/mails';

const NEW_PASSWORD = 'seven lamps under the wide river';

let identity: IdentityUnderTest;
let account: SeededAccount;
let member: SeededMember;
let sources = 0;
let now: number;
let moved: string;

beforeAll(async () => {
  identity = await identityUnderTest();
  account = await seedAccount(identity.database);
});
afterAll(() => identity.close());
beforeEach(async () => {
  member = await seedMember(identity.database, account.accountId);
  moved = `moved-${member.userId}@example.org`;
  // The clock stands still, so that no step ends in the middle of a test.
  now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

const source = () => `203.0.113.${++sources}`;
const ask = (query: string, variables: Record<string, unknown> = {}, token?: string) =>
  identity.ask(query, { ...(token ? { token } : {}), variables, remoteAddress: source() });

const signIn = async (variables: Record<string, unknown> = {}) => {
  const { data, code } = await ask(
    'mutation ($email: String!, $password: String!, $code: String) { signIn(email: $email, password: $password, code: $code) { accessToken } }',
    { email: member.email, password: SEEDED_PASSWORD, ...variables },
  );
  return { token: (data as { signIn: { accessToken: string } } | null)?.signIn.accessToken, code };
};

async function codeNow(): Promise<string> {
  const { rows } = await identity.database.pool.query(
    'SELECT secret_sealed FROM identity.second_factor WHERE user_id = $1',
    [member.userId],
  );
  const secret = new Seal(TEST_MASTER_KEY, SECOND_FACTOR_PURPOSE).open(rows[0].secret_sealed, member.userId);
  return codeOfStep(secret, stepAt(now));
}

/** Makes a factor active, answers the recovery codes, and has the next code good. */
async function withFactor(token = member.accessToken): Promise<string[]> {
  await ask(
    'mutation ($p: String!) { beginSecondFactor(password: $p) { uri } }',
    { p: SEEDED_PASSWORD },
    token,
  );
  const { data, errors } = await ask(
    'mutation ($c: String!) { confirmSecondFactor(code: $c) }',
    { c: await codeNow() },
    token,
  );
  expect(errors).toEqual([]);
  now += STEP_SECONDS * 1000;
  return (data as { confirmSecondFactor: string[] }).confirmSecondFactor;
}

const WAYS: Record<string, string> = {
  changePassword: `mutation ($password: String!, $code: String) {
    changePassword(currentPassword: $password, newPassword: "${NEW_PASSWORD}", code: $code) }`,
  requestEmailChange: `mutation ($password: String!, $code: String, $moved: String!) {
    requestEmailChange(newEmail: $moved, currentPassword: $password, code: $code) { done } }`,
  deleteMyself: `mutation ($password: String!, $code: String) {
    deleteMyself(input: { password: $password, code: $code }) }`,
};

describe.each(Object.keys(WAYS))('%s', (way) => {
  const attempt = (variables: object = {}) =>
    ask(WAYS[way] ?? '', { password: SEEDED_PASSWORD, moved, ...variables }, member.accessToken);
  const detailsOf = ({ errors }: Awaited<ReturnType<typeof attempt>>) =>
    (errors[0]?.extensions as { details?: { reason: string; path: string[] } } | undefined)?.details;

  it('asks for the code of whoever has a second factor, and does nothing without', async () => {
    await withFactor();
    const without = await attempt();
    expect(without.code).toBe('BAD_USER_INPUT');
    expect(detailsOf(without)?.reason).toBe('second_factor_required');
    expect(detailsOf(without)?.path.at(-1)).toBe('code');
    const wrong = String((Number(await codeNow()) + 1) % 1_000_000).padStart(6, '0');
    expect(detailsOf(await attempt({ code: wrong }))?.reason).toBe('second_factor_wrong');
    expect(await mailsTo(identity, moved)).toEqual([]);
    expect((await signIn({ code: await codeNow() })).token).toBeDefined();
  });

  it('looks at no code before the password', async () => {
    await withFactor();
    const wrong = await attempt({ password: 'not the password', code: await codeNow() });
    expect(detailsOf(wrong)?.reason).toBe('wrong_password');
    expect((await attempt({ code: await codeNow() })).errors).toEqual([]);
  });

  it('takes a recovery code, once', async () => {
    const [recovery] = await withFactor();
    expect((await attempt({ code: recovery })).errors).toEqual([]);
  });

  it('asks nobody else for a code', async () => {
    expect((await attempt()).errors).toEqual([]);
  });

  it('is open to who has no password once they set one by the mail to their address', async () => {
    await identity.database.pool.query('UPDATE identity."user" SET password_hash = NULL WHERE id = $1', [
      member.userId,
    ]);
    expect(detailsOf(await attempt({ password: '' }))?.reason).toBe('no_password');
    await ask('mutation ($e: String!) { requestPasswordReset(email: $e) }', { e: member.email });
    const token = await tokenMailedTo(identity, member.email);
    const password = 'nine boats beside the narrow lake';
    const reset = 'mutation ($t: String!, $p: String!) { resetPassword(token: $t, newPassword: $p) }';
    expect((await ask(reset, { t: token, p: password })).errors).toEqual([]);
    const fresh = await signIn({ password });
    expect((await ask(WAYS[way] ?? '', { password, moved }, fresh.token)).errors).toEqual([]);
  });
});

it('confirming a second factor ends every other session: each was opened with a password alone', async () => {
  const other = (await signIn()).token as string;
  const ME = '{ me { user { id } } }';
  expect((await ask(ME, {}, other)).data).toMatchObject({ me: { user: { id: member.userId } } });
  await withFactor();
  const { rows } = await identity.database.pool.query(
    'SELECT ended_at IS NULL AS lasts, end_reason FROM identity.session WHERE user_id = $1 ORDER BY created_at, id',
    [member.userId],
  );
  expect(rows).toContainEqual({ lasts: false, end_reason: 'REVOKED' });
  expect(rows.filter(({ lasts }) => lasts)).toHaveLength(1);
  expect((await ask(ME, {}, member.accessToken)).errors).toEqual([]);
});
