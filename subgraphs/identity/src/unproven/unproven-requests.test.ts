import { newId } from '@iroko/database';
import { type SeededMember, seedMember, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { takeUnproven } from './unproven.sql';

let identity: IdentityUnderTest;
let member: SeededMember;

beforeEach(async () => {
  identity = await identityUnderTest();
  const { account } = await seedTwins(identity.database);
  member = await seedMember(identity.database, account.accountId);
});
afterEach(() => identity.close());

const wrong = (email: string) =>
  identity.ask('mutation ($email: String!) { signIn(email: $email, password: "wrong") { accessToken } }', {
    variables: { email },
  });

const forgotten = (email: string) =>
  identity.ask('mutation ($email: String!) { requestPasswordReset(email: $email) }', {
    variables: { email },
  });

const REST = { failures: 10, mails: 1 };
const due = async () => {
  const rows = await takeUnproven(identity.database.system, 10, 0, REST);
  return rows.map(({ kind }) => kind).sort();
};
const later = (seconds: number) =>
  identity.database.pool.query('UPDATE identity.unproven_request SET at = at - make_interval(secs => $1)', [
    seconds,
  ]);

it('what was asked about an address rests before it is looked into, so that the next answer does not wait for it', async () => {
  await wrong(member.email);
  await forgotten(member.email);
  expect(await due()).toEqual([]);
  await later(1);
  expect(await due()).toEqual(['RESET_PASSWORD']);
  await later(9);
  expect(await due()).toEqual(['RESET_PASSWORD', 'SIGN_IN_FAILED']);
});

it('for an address that nobody has the same rows are written, and come to the same end', async () => {
  const rows = async () =>
    (
      await identity.database.pool.query(
        `SELECT kind, details IS NOT NULL AS kept, attempts, done_at IS NOT NULL AS done
         FROM identity.unproven_request ORDER BY kind`,
      )
    ).rows;
  const seen: unknown[] = [];
  for (const email of [member.email, `nobody-${newId()}@example.org`]) {
    await wrong(email);
    await forgotten(email);
    const before = await rows();
    await identity.subgraph.unproven.answerDue();
    seen.push([before, await rows()]);
    await identity.database.pool.query('DELETE FROM identity.unproven_request');
  }
  expect(seen[1]).toEqual(seen[0]);
});

it('a failed sign-in wakes nobody at once, a forgotten password does', async () => {
  const told: string[] = [];
  const stop = await identity.database.listen('identity_unproven', (payload) => {
    told.push(payload);
  });
  await wrong(member.email);
  await identity.database.pool.query(`SELECT pg_notify('identity_unproven', 'between')`);
  await forgotten(member.email);
  for (let tries = 0; told.length < 2 && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await stop();
  expect(told).toEqual(['between', '']);
});
