import { enqueueScheduled, runJobsUntilIdle } from '@iroko/jobs';
import { SEEDED_PASSWORD, type SeededMember, seedAccount } from '@iroko/testing';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { type IdentityUnderTest, identityUnderTest, TEST_MASTER_KEY } from '../testing/identity-under-test';
import { SigningKeys } from './signing-keys';

let identity: IdentityUnderTest;
let member: SeededMember;

beforeEach(async () => {
  identity = await identityUnderTest();
  member = (await seedAccount(identity.database)).administrator;
});
afterEach(() => identity.close());

async function signInWith(fields: string): Promise<{ accessToken: string; refreshToken: string }> {
  const { data } = await identity.ask(
    `mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { ${fields} } }`,
    { variables: { email: member.email, password: SEEDED_PASSWORD } },
  );
  return (data as { signIn: { accessToken: string; refreshToken: string } }).signIn;
}

const signIn = async (): Promise<string> => (await signInWith('accessToken')).accessToken;

async function published(): Promise<JSONWebKeySet> {
  const route = identity.subgraph.routes.find(({ path }) => path === '/.well-known/jwks.json');
  const reply = await route?.handler({} as never);
  return reply?.json as JSONWebKeySet;
}

const ourKids = async (): Promise<string[]> =>
  (await published()).keys.map(({ kid }) => kid as string).filter((kid) => !kid.startsWith('test-'));

it('anybody can verify an access token with the published keys', async () => {
  const token = await signIn();
  const { payload } = await jwtVerify(token, createLocalJWKSet(await published()), { issuer: 'iroko' });
  expect(payload).toMatchObject({ sub: member.userId, acc: member.accountId });
});

it('what is published has no private part', async () => {
  await signIn();
  for (const key of (await published()).keys) expect(Object.keys(key)).not.toContain('d');
});

it('a token says who and nothing about rights', async () => {
  const payload = JSON.parse(Buffer.from((await signIn()).split('.')[1] ?? '', 'base64url').toString());
  expect(Object.keys(payload).sort()).toEqual(['acc', 'aud', 'exp', 'iat', 'iss', 'sid', 'sub']);
});

it('ten processes that start at once make one key', async () => {
  const processes = Array.from({ length: 10 }, () => new SigningKeys(identity.database, TEST_MASTER_KEY));
  const keys = await Promise.all(processes.map((keysOfProcess) => keysOfProcess.newest()));
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1);
});

it('changing the key signs nobody out: old tokens stay good, new ones are signed with the new key', async () => {
  const old = await signIn();
  const [oldKid] = await ourKids();
  const newKid = await new SigningKeys(identity.database, TEST_MASTER_KEY).rotate();
  expect(await ourKids()).toEqual([newKid, oldKid]);
  expect((await identity.ask('{ me { kind } }', { token: old })).data).toEqual({ me: { kind: 'USER' } });
  const other = new SigningKeys(identity.database, TEST_MASTER_KEY);
  expect((await other.newest()).kid).toBe(newKid);
});

it('a retired key is published for as long as its tokens can live, and no longer', async () => {
  await signIn();
  const [kid] = await ourKids();
  const retire = (ago: string) =>
    identity.database.pool.query(
      `UPDATE identity.signing_key SET retired_at = now() - $2::interval WHERE kid = $1`,
      [kid, ago],
    );
  await retire('16 minutes');
  expect(await ourKids()).toEqual([kid]);
  await retire('21 minutes');
  expect(await ourKids()).toEqual([]);
});

it('with another master key nothing is signed, and the message says what to do', async () => {
  await signIn();
  const other = new SigningKeys(identity.database, Buffer.alloc(32, 9));
  await expect(other.newest()).rejects.toThrow(/MASTER_KEY/);
});

describe('by the schedule', () => {
  async function aDayPasses(): Promise<void> {
    const { database, viewers, subgraph } = identity;
    await enqueueScheduled(database, subgraph.jobs);
    await runJobsUntilIdle({ database, viewers, jobs: subgraph.jobs });
  }
  const age = (days: number) =>
    identity.database.pool.query(
      `UPDATE identity.signing_key SET created_at = now() - make_interval(days => $1) WHERE kid NOT LIKE 'test-%'`,
      [days],
    );

  it('a key of 90 days is replaced, and nobody is signed out: access and refresh tokens stay good', async () => {
    await identity.database.pool.query(`DELETE FROM identity.signing_key WHERE kid LIKE 'test-%'`);
    const session = await signInWith('accessToken refreshToken');
    const [old] = await ourKids();
    await age(91);
    await aDayPasses();
    const [present, ...rest] = await ourKids();
    expect(present).not.toBe(old);
    expect(rest).toEqual([old]);
    expect((await identity.ask('{ me { kind } }', { token: session.accessToken })).data).toEqual({
      me: { kind: 'USER' },
    });
    const { data, errors } = await identity.ask(
      'mutation ($token: String!) { refreshSession(refreshToken: $token) { accessToken } }',
      { variables: { token: session.refreshToken } },
    );
    expect(errors).toEqual([]);
    const { accessToken } = (data as { refreshSession: { accessToken: string } }).refreshSession;
    expect(JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
      kid: present,
    });
  });

  it('a younger one stays', async () => {
    await identity.database.pool.query(`DELETE FROM identity.signing_key WHERE kid LIKE 'test-%'`);
    await signIn();
    const before = await ourKids();
    await age(89);
    await aDayPasses();
    expect(await ourKids()).toEqual(before);
  });

  it('ten workers at once make one new key', async () => {
    await identity.database.pool.query(`DELETE FROM identity.signing_key WHERE kid LIKE 'test-%'`);
    await signIn();
    await age(91);
    const workers = Array.from({ length: 10 }, () => new SigningKeys(identity.database, TEST_MASTER_KEY));
    const made = await Promise.all(workers.map((keys) => keys.rotateAfter(90)));
    expect(made.filter((kid) => kid !== null)).toHaveLength(1);
  });
});
