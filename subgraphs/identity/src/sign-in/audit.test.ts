/**
 * What an administrator reads in the log of who came in and who tried: through `changes`, as any change.
 */
import { sealAll } from '@iroko/changes';
import { newId } from '@iroko/database';
import { type SeededAccount, type SeededMember, seedMember, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { ADDRESS_FAILURES_MAX } from './limits';

const SIGN_IN = `mutation ($email: String!, $password: String!, $account: String) {
  signIn(email: $email, password: $password, account: $account) { accessToken refreshToken }
}`;
const REFRESH = 'mutation ($token: String!) { refreshSession(refreshToken: $token) { refreshToken } }';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let member: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());
beforeEach(async () => {
  ({ account, twin } = await seedTwins(identity.database));
  member = await seedMember(identity.database, account.accountId);
});

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

async function signIn(input: Record<string, unknown> = {}, remoteAddress = '192.0.2.7') {
  const variables = { email: member.email, password: member.password, ...input };
  const { data, code } = await identity.ask(SIGN_IN, { variables, remoteAddress });
  return { code, tokens: data?.signIn as Tokens };
}

interface Seen {
  action: string;
  subjectId: string;
  after: Record<string, unknown> | null;
}

/** What the administrator of the account reads, of whichever subject type. */
async function log(of = account): Promise<Seen[]> {
  await identity.subgraph.unproven.answerDue();
  await sealAll(identity.database.system, of.accountId);
  const { data, errors } = await identity.ask(
    '{ changes(first: 100) { nodes { action subjectId after } } }',
    { token: of.administrator.accessToken },
  );
  expect(errors).toEqual([]);
  return (data as unknown as { changes: { nodes: Seen[] } }).changes.nodes;
}

it('a sign-in and where it came from, a session that goes on elsewhere, and a sign-out', async () => {
  const { tokens } = await signIn();
  await identity.ask('mutation { signOut }', { token: tokens.accessToken });
  const sessionId = expect.any(String);
  expect(await log()).toEqual([
    { action: 'SIGN_IN', subjectId: member.userId, after: { sessionId, source: '192.0.2.7' } },
    { action: 'SIGN_OUT', subjectId: member.userId, after: { sessionId } },
  ]);
});

it('a failure and where it came from; of the one that locks the address out, that it did', async () => {
  for (let times = 0; times < ADDRESS_FAILURES_MAX + 3; times++) {
    await signIn({ password: 'a wrong one' }, `198.51.100.${times}`);
    await identity.subgraph.unproven.answerDue();
  }
  const failures = await log();
  expect(failures).toHaveLength(ADDRESS_FAILURES_MAX);
  expect(failures[0]).toEqual({
    action: 'SIGN_IN_FAILED',
    subjectId: member.userId,
    after: { source: '198.51.100.0', lockedOut: false, passwordWasRight: false },
  });
  expect(failures.map(({ after }) => after?.lockedOut)).toEqual([
    ...Array.from({ length: ADDRESS_FAILURES_MAX - 1 }, () => false),
    true,
  ]);
});

it.each([
  ['of another account', () => twin.slug],
  ['of no account', () => 'account-that-never-was'],
])('a guess hides behind no name %s, neither a wrong one nor a right one', async (_, slug) => {
  await signIn({ password: 'a wrong one', account: slug() });
  expect((await signIn({ account: slug() })).code).toBe('FORBIDDEN');
  const seen = await log();
  expect(seen.map(({ action }) => action)).toEqual(['SIGN_IN_FAILED', 'SIGN_IN_FAILED']);
  expect(seen.map(({ after }) => after?.passwordWasRight).sort()).toEqual([false, true]);
  expect(JSON.stringify(seen)).not.toContain(slug());
  expect(await log(twin)).toEqual([]);
});

it('what fails for an address that nobody has stands in no log, whatever account was named', async () => {
  await signIn({ email: `nobody-${newId()}@example.org`, account: account.slug });
  await signIn({ email: 'no address', account: account.slug });
  expect([await log(), await log(twin)]).toEqual([[], []]);
});

it('a refresh token that came back, and that its session ended', async () => {
  const { tokens } = await signIn();
  const variables = { token: tokens.refreshToken };
  await identity.ask(REFRESH, { variables });
  expect((await identity.ask(REFRESH, { variables })).code).toBe('UNAUTHENTICATED');
  expect((await log()).at(-1)).toMatchObject({
    action: 'SESSION_REVOKED',
    subjectId: member.userId,
    after: { reason: 'REFRESH_TOKEN_REUSED' },
  });
});

it('an API token that was made, used from a new place, revoked, and sent nevertheless', async () => {
  const { data } = await identity.ask(
    'mutation { createApiToken(input: { name: "Notebook" }) { token apiToken { id } } }',
    { token: account.administrator.accessToken },
  );
  const made = (data as { createApiToken: { token: string; apiToken: { id: string } } }).createApiToken;
  const actions = async (count: number): Promise<string[]> => {
    // Uses are told after the answer.
    for (let tries = 0; ; tries++) {
      const seen = (await log()).filter(({ subjectId }) => subjectId === made.apiToken.id);
      if (seen.length === count || tries === 100) return seen.map(({ action }) => action);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await identity.ask('{ me { kind } }', { token: made.token });
  expect(await actions(2)).toEqual(['CREATE', 'USE']);
  await identity.ask('mutation ($id: ID!) { revokeApiToken(id: $id) { id } }', {
    token: account.administrator.accessToken,
    variables: { id: made.apiToken.id },
  });
  // The notification may need a moment.
  for (let tries = 0; tries < 100; tries++) {
    const refused = await identity.ask('{ me { kind } }', { token: made.token }).catch(() => undefined);
    if (refused === undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(await actions(4)).toEqual(['CREATE', 'USE', 'REVOKE', 'REFUSE']);
});

it('a role that was given and a setting that was changed', async () => {
  const as = { token: account.administrator.accessToken };
  await identity.ask('mutation ($user: ID!, $role: ID!) { giveRole(userId: $user, roleId: $role) { id } }', {
    ...as,
    variables: { user: member.userId, role: account.administratorRoleId },
  });
  const changed = await identity.ask(
    'mutation { updateAccount(input: { expectedRevision: 1, timeZone: "Africa/Lubumbashi" }) { id } }',
    as,
  );
  expect(changed.errors).toEqual([]);
  expect((await log()).map(({ action, subjectId }) => [action, subjectId])).toEqual([
    [expect.any(String), member.userId],
    ['UPDATE', account.accountId],
  ]);
});

it('none of it is for who may not read the log', async () => {
  await signIn();
  const { code } = await identity.ask('{ changes { nodes { id } } }', { token: member.accessToken });
  expect(code).toBe('FORBIDDEN');
});
