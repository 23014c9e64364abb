import { Seal } from '@iroko/secrets';
import {
  SEEDED_PASSWORD,
  type SeededAccount,
  type SeededMember,
  seedAccount,
  seedMember,
} from '@iroko/testing';
import { ADDRESS_FAILURES_MAX } from '../sign-in/limits';
import { type IdentityUnderTest, identityUnderTest, TEST_MASTER_KEY } from '../testing/identity-under-test';
import { tokenMailedTo } from '../testing/mails';
import { base32 } from './base32';
import { SECOND_FACTOR_PURPOSE } from './codes';
import { codeOfStep, STEP_SECONDS, stepAt } from './totp';

let identity: IdentityUnderTest;
let account: SeededAccount;
let member: SeededMember;
let sources = 0;
let now = Date.now();

beforeAll(async () => {
  identity = await identityUnderTest();
  account = await seedAccount(identity.database);
});
afterAll(() => identity.close());
beforeEach(async () => {
  member = await seedMember(identity.database, account.accountId);
  // The clock stands still, so that no step ends in the middle of a test.
  now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

const later = () => {
  now += STEP_SECONDS * 1000;
};
const source = () => `203.0.${++sources >> 8}.${sources & 255}`;
const sql = async (text: string, values: unknown[]) =>
  (await identity.database.pool.query(text, values)).rows;

const ask = (field: string, variables: Record<string, unknown> = {}, token = member.accessToken) =>
  identity.ask(`mutation (${declared(field)}) { ${field} }`, {
    token,
    variables: { password: SEEDED_PASSWORD, ...variables },
    remoteAddress: source(),
  });
const declared = (field: string) =>
  ['password', 'code']
    .filter((name) => field.includes(`$${name}`))
    .map((name) => `$${name}: String!`)
    .join(', ');
const begin = (variables = {}) => ask('beginSecondFactor(password: $password) { secret uri }', variables);
const confirm = (code: string) => ask('confirmSecondFactor(code: $code)', { code });
const remove = (code: string, variables = {}) =>
  ask('removeSecondFactor(password: $password, code: $code)', { code, ...variables });
const renew = (code: string) => ask('newRecoveryCodes(password: $password, code: $code)', { code });

async function secretOf({ userId }: SeededMember): Promise<Buffer> {
  const [row] = await sql('SELECT secret_sealed FROM identity.second_factor WHERE user_id = $1', [userId]);
  return new Seal(TEST_MASTER_KEY, SECOND_FACTOR_PURPOSE).open(row.secret_sealed, userId);
}
const codeNow = async (drift = 0) => codeOfStep(await secretOf(member), stepAt(now) + drift);

/** With an active factor, and its next code good. Answers the recovery codes. */
async function withFactor(): Promise<string[]> {
  expect((await begin()).errors).toEqual([]);
  const { data, errors } = await confirm(await codeNow());
  expect(errors).toEqual([]);
  later();
  return data?.confirmSecondFactor as string[];
}

const signIn = (variables: Record<string, unknown> = {}, remoteAddress = source()) =>
  identity.ask(
    `mutation ($email: String!, $password: String!, $code: String) {
      signIn(email: $email, password: $password, code: $code) { me { secondFactor } }
    }`,
    { variables: { email: member.email, password: SEEDED_PASSWORD, ...variables }, remoteAddress },
  );
const reason = ({ errors }: Awaited<ReturnType<typeof signIn>>) =>
  (errors[0]?.extensions as { details?: { reason?: string } } | undefined)?.details?.reason;
const actions = async ({ userId }: SeededMember) =>
  (await sql('SELECT action FROM platform.change_event WHERE subject_id = $1 ORDER BY entry', [userId])).map(
    ({ action }) => action,
  );

it('begun it is not asked for, confirmed it is', async () => {
  const { data } = await begin();
  const { secret, uri } = (data as { beginSecondFactor: { secret: string; uri: string } }).beginSecondFactor;
  expect(secret).toBe(base32(await secretOf(member)));
  expect(uri).toContain(`secret=${secret}`);
  expect((await signIn()).data).toEqual({ signIn: { me: { secondFactor: false } } });
  expect((await confirm(await codeNow())).errors).toEqual([]);
  expect(reason(await signIn())).toBe('second_factor_required');
  expect(reason(await signIn({ code: ' ' }))).toBe('second_factor_required');
  later();
  const wrong = String((Number(await codeNow()) + 1) % 1_000_000).padStart(6, '0');
  expect(reason(await signIn({ code: wrong }))).toBe('second_factor_wrong');
  expect((await signIn({ code: await codeNow() })).data).toEqual({ signIn: { me: { secondFactor: true } } });
});

it('beginning again takes the place of what was not confirmed; an active one must be removed first', async () => {
  await begin();
  const first = await codeNow();
  await begin();
  expect((await confirm(first)).errors[0]?.extensions).toMatchObject({ details: { path: ['code'] } });
  expect((await confirm(await codeNow())).errors).toEqual([]);
  expect((await begin()).code).toBe('CONFLICT');
  expect((await confirm(await codeNow())).code).toBe('CONFLICT');
});

it('without one there is nothing to confirm, remove or renew', async () => {
  for (const answer of [await confirm('123456'), await remove('123456'), await renew('123456')]) {
    expect(answer.code).toBe('CONFLICT');
  }
});

it.each([-1, 0, 1])('a phone whose clock is off by %d steps signs in', async (drift) => {
  await withFactor();
  later();
  expect((await signIn({ code: await codeNow(drift) })).errors).toEqual([]);
});

it('a code is good once, also for requests at the same moment, and earlier ones are refused with it', async () => {
  await withFactor();
  later();
  const code = await codeNow();
  const answers = await Promise.all([1, 2, 3, 4].map(() => signIn({ code })));
  expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
  expect(reason(await signIn({ code: await codeNow(-1) }))).toBe('second_factor_wrong');
  expect((await signIn({ code: await codeNow(1) })).errors).toEqual([]);
});

it('the code that confirmed is refused at the sign-in', async () => {
  await begin();
  await confirm(await codeNow());
  expect(reason(await signIn({ code: await codeNow() }))).toBe('second_factor_wrong');
});

it('ten recovery codes each sign in once, however they are typed, and are kept as hashes', async () => {
  const codes = await withFactor();
  expect(new Set(codes).size).toBe(10);
  const [first = '', second = ''] = codes;
  expect(first).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
  const twice = await Promise.all([signIn({ code: first }), signIn({ code: first })]);
  expect(twice.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
  expect((await signIn({ code: second.replaceAll('-', ' ').toLowerCase() })).errors).toEqual([]);
  const kept = JSON.stringify(
    await sql('SELECT * FROM identity.recovery_code WHERE user_id = $1', [member.userId]),
  );
  expect(kept).not.toContain(first);
  expect(await actions(member)).toContain('USE_RECOVERY_CODE');
});

it('new recovery codes take the place of those before', async () => {
  const [old = ''] = await withFactor();
  const { data } = await renew(await codeNow());
  const fresh = data?.newRecoveryCodes as string[];
  expect(fresh).toHaveLength(10);
  expect(reason(await signIn({ code: old }))).toBe('second_factor_wrong');
  expect((await signIn({ code: fresh[0] })).errors).toEqual([]);
});

it("another person's recovery code is refused", async () => {
  const [foreign = ''] = await withFactor();
  member = await seedMember(identity.database, account.accountId);
  await withFactor();
  expect(reason(await signIn({ code: foreign }))).toBe('second_factor_wrong');
});

it('removing takes password and code; a recovery code will do', async () => {
  const [code = ''] = await withFactor();
  const wrongPassword = await remove(code, { password: 'wrong' });
  expect(wrongPassword.errors[0]?.extensions).toMatchObject({ details: { path: ['password'] } });
  expect((await remove('AAAA-AAAA-AAAA-AAAA')).errors[0]?.extensions).toMatchObject({
    details: { path: ['code'] },
  });
  expect((await remove(code)).data).toEqual({ removeSecondFactor: true });
  expect((await signIn()).data).toEqual({ signIn: { me: { secondFactor: false } } });
  expect(await sql('SELECT 1 FROM identity.recovery_code WHERE user_id = $1', [member.userId])).toEqual([]);
});

it('beginning takes the password', async () => {
  const answer = await begin({ password: 'wrong' });
  expect(answer.errors[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { path: ['password'] },
  });
  expect(await sql('SELECT 1 FROM identity.second_factor WHERE user_id = $1', [member.userId])).toEqual([]);
});

it('a wrong password gets the same answer with a factor, and the factor is not even looked at', async () => {
  const without = await signIn({ password: 'wrong', code: '123456' });
  await withFactor();
  const locker = await identity.database.pool.connect();
  try {
    await locker.query('BEGIN; LOCK TABLE identity.second_factor IN ACCESS EXCLUSIVE MODE');
    const withIt = await signIn({ password: 'wrong', code: '123456' });
    expect(withIt).toEqual(without);
    expect(reason(withIt)).toBe('unknown');
  } finally {
    await locker.query('ROLLBACK');
    locker.release();
  }
});

it('wrong codes are counted like wrong passwords, and lock like them', async () => {
  await withFactor();
  for (let failure = 0; failure < ADDRESS_FAILURES_MAX; failure++) {
    expect(reason(await signIn({ code: 'wrong' }))).toBe('second_factor_wrong');
  }
  expect((await signIn({ code: await codeNow() })).code).toBe('RATE_LIMITED');
  expect((await remove(await codeNow())).code).toBe('RATE_LIMITED');
});

it('the right password without a code counts for nothing and makes no source known', async () => {
  await withFactor();
  const home = source();
  for (let round = 0; round <= ADDRESS_FAILURES_MAX; round++) {
    expect(reason(await signIn({}, home))).toBe('second_factor_required');
  }
  for (let failure = 0; failure < ADDRESS_FAILURES_MAX; failure++) await signIn({ code: 'wrong' });
  expect((await signIn({ code: await codeNow() }, home)).code).toBe('RATE_LIMITED');
});

it('a secret that was changed or moved to another person opens for nobody', async () => {
  await withFactor();
  const other = await seedMember(identity.database, account.accountId);
  const code = await codeNow();
  await sql(
    `INSERT INTO identity.second_factor (user_id, secret_sealed, confirmed_at)
     SELECT $2, secret_sealed, now() FROM identity.second_factor WHERE user_id = $1`,
    [member.userId, other.userId],
  );
  await sql(
    `UPDATE identity.second_factor SET secret_sealed = set_byte(secret_sealed, 40, get_byte(secret_sealed, 40) # 1)
     WHERE user_id = $1`,
    [member.userId],
  );
  for (const { email } of [member, other]) {
    const { data, errors } = await signIn({ email, code });
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
  }
});

it('the log tells what happened, and neither secret nor code', async () => {
  const [code = ''] = await withFactor();
  const secret = base32(await secretOf(member));
  await signIn({ code: '000' });
  await renew(await codeNow());
  later();
  await remove(await codeNow());
  expect(await actions(member)).toEqual([
    'BEGIN_SECOND_FACTOR',
    'CONFIRM_SECOND_FACTOR',
    'SECOND_FACTOR_FAILED',
    'NEW_RECOVERY_CODES',
    'REMOVE_SECOND_FACTOR',
  ]);
  const events = JSON.stringify(
    await sql('SELECT * FROM platform.change_event WHERE subject_id = $1', [member.userId]),
  );
  expect(events).not.toContain(secret);
  expect(events).not.toContain(code);
});

it('a password reset by mail does not remove it', async () => {
  await withFactor();
  const { email } = member;
  const newPassword = 'seven lamps under the wide river';
  await identity.ask('mutation ($email: String!) { requestPasswordReset(email: $email) }', {
    variables: { email },
    remoteAddress: source(),
  });
  const { errors } = await identity.ask(
    'mutation ($token: String!, $newPassword: String!) { resetPassword(token: $token, newPassword: $newPassword) }',
    { variables: { token: await tokenMailedTo(identity, email), newPassword }, remoteAddress: source() },
  );
  expect(errors).toEqual([]);
  expect(reason(await signIn({ password: newPassword }))).toBe('second_factor_required');
});

it('whoever deletes themselves takes the factor with them', async () => {
  const [code = ''] = await withFactor();
  const { errors } = await ask('deleteMyself(input: { password: $password, code: $code })', { code });
  expect(errors).toEqual([]);
  expect(await sql('SELECT 1 FROM identity.second_factor WHERE user_id = $1', [member.userId])).toEqual([]);
  expect(await sql('SELECT 1 FROM identity.recovery_code WHERE user_id = $1', [member.userId])).toEqual([]);
});
