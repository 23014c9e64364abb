import { sealAll, verifyChanges } from '@iroko/changes';
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
import { tokenMailedTo } from '../testing/mails';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let administrator: SeededMember;
let member: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
  twin = await seedAccount(identity.database);
});
afterAll(() => identity.close());
beforeEach(async () => {
  account = await seedAccount(identity.database);
  administrator = account.administrator;
  member = await seedMember(identity.database, account.accountId);
});

const deleteMyself = (who: SeededMember, input: Record<string, unknown> = {}, token = who.accessToken) =>
  identity.ask('mutation ($input: DeleteMyselfInput!) { deleteMyself(input: $input) }', {
    token,
    remoteAddress: '203.0.113.9',
    variables: { input: { password: SEEDED_PASSWORD, ...input } },
  });

const person = async ({ userId }: SeededMember) =>
  (await identity.database.pool.query('SELECT * FROM identity."user" WHERE id = $1', [userId])).rows[0];

const isAdministrator = async ({ userId }: SeededMember) =>
  (
    await identity.database.pool.query(
      'SELECT every_permission FROM identity.viewer_rights WHERE account_id = $1 AND user_id = $2',
      [account.accountId, userId],
    )
  ).rows[0]?.every_permission;

it('who administers nothing goes, with name, address, password, sessions and tokens', async () => {
  await identity.ask(
    'mutation { updateProfile(input: { firstName: "Marguerite", phone: "+243810000001" }) { id } }',
    {
      token: member.accessToken,
    },
  );
  expect((await deleteMyself(member)).data).toEqual({ deleteMyself: true });
  const row = await person(member);
  expect(JSON.stringify(row)).not.toMatch(/Marguerite|Mbuyi|\+243|ada-/);
  expect(row.password_hash).toBeNull();
  const { rows } = await identity.database.pool.query(
    `SELECT (SELECT count(*)::int FROM identity.session s WHERE s.user_id = $1 AND s.ended_at IS NULL) AS sessions,
            (SELECT count(*)::int FROM identity.api_token t WHERE t.user_id = $1 AND t.revoked_at IS NULL) AS tokens,
            (SELECT count(*)::int FROM platform.personal_value v WHERE v.person_id = $1 AND v.erased_at IS NULL) AS personal`,
    [member.userId],
  );
  expect(rows).toEqual([{ sessions: 0, tokens: 0, personal: 0 }]);
});

it('the address is free again', async () => {
  await deleteMyself(member);
  await expect(
    seedMember(identity.database, account.accountId, { email: member.email }),
  ).resolves.toBeDefined();
});

it('the last administrator cannot just go, and is told which account holds them', async () => {
  expect((await deleteMyself(administrator)).errors[0]?.extensions).toMatchObject({
    code: 'CONFLICT',
    details: { accountId: account.accountId },
  });
  expect((await person(administrator)).deleted_at).toBeNull();
});

it('handed over to another member, the account has that administrator', async () => {
  const handOvers = [{ accountId: account.accountId, userId: member.userId }];
  expect((await deleteMyself(administrator, { handOvers })).errors).toEqual([]);
  expect(await isAdministrator(member)).toBe(true);
  expect(await isAdministrator(administrator)).toBeUndefined();
});

it('where there is another administrator nothing is handed over', async () => {
  await seedMember(identity.database, account.accountId, { roleIds: [account.administratorRoleId] });
  expect((await deleteMyself(administrator)).errors).toEqual([]);
});

it('of two last administrators who go at once one is refused', async () => {
  const other = await seedMember(identity.database, account.accountId, {
    roleIds: [account.administratorRoleId],
  });
  const answers = await Promise.all([deleteMyself(administrator), deleteMyself(other)]);
  expect(answers.map(({ code }) => code ?? 'done').sort()).toEqual(['CONFLICT', 'done']);
});

it('an account is closed only by who is alone in it', async () => {
  const closeAccounts = [account.accountId];
  expect((await deleteMyself(administrator, { closeAccounts })).code).toBe('CONFLICT');
  await identity.database.pool.query('UPDATE identity.membership SET ended_at = now() WHERE user_id = $1', [
    member.userId,
  ]);
  expect((await deleteMyself(administrator, { closeAccounts })).errors).toEqual([]);
  const { rows } = await identity.database.pool.query(
    'SELECT closed_at IS NOT NULL AS closed FROM identity.account WHERE id = $1',
    [account.accountId],
  );
  expect(rows).toEqual([{ closed: true }]);
});

it('nobody hands over, or closes, an account they do not administer', async () => {
  const handOvers = [{ accountId: account.accountId, userId: administrator.userId }];
  expect((await deleteMyself(member, { handOvers })).code).toBe('CONFLICT');
  expect((await deleteMyself(member, { closeAccounts: [account.accountId] })).code).toBe('CONFLICT');
  for (const accountId of [twin.accountId, newId(), 'x']) {
    expect((await deleteMyself(member, { closeAccounts: [accountId] })).code).toBe('NOT_FOUND');
    const foreign = [{ accountId, userId: member.userId }];
    expect((await deleteMyself(member, { handOvers: foreign })).code).toBe('NOT_FOUND');
  }
  expect((await person(member)).deleted_at).toBeNull();
});

it.each(['oneself', 'a stranger', 'nobody', 'no id'])('an heir that is %s is none', async (who) => {
  const heirs: Record<string, string> = {
    oneself: administrator.userId,
    'a stranger': twin.administrator.userId,
    nobody: newId(),
    'no id': 'x',
  };
  const handOvers = [{ accountId: account.accountId, userId: heirs[who] }];
  expect((await deleteMyself(administrator, { handOvers })).code).toBe('NOT_FOUND');
});

it('somebody in two accounts leaves both or neither', async () => {
  await seedMembership(identity.database, { ...administrator, accountId: twin.accountId });
  expect((await deleteMyself(administrator)).code).toBe('CONFLICT');
  const lasting = async () =>
    (
      await identity.database.pool.query(
        'SELECT count(*)::int AS count FROM identity.membership WHERE user_id = $1 AND ended_at IS NULL',
        [administrator.userId],
      )
    ).rows[0].count;
  expect(await lasting()).toBe(2);
  await deleteMyself(administrator, { handOvers: [{ accountId: account.accountId, userId: member.userId }] });
  expect(await lasting()).toBe(0);
});

it('a wrong password, an API token and nobody delete nothing', async () => {
  expect((await deleteMyself(member, { password: 'not my password' })).code).toBe('BAD_USER_INPUT');
  expect((await deleteMyself(member, {}, member.apiToken)).code).toBe('FORBIDDEN');
  expect((await deleteMyself(member, {}, '')).code).toBe('UNAUTHENTICATED');
});

describe('invitations', () => {
  const run = (mutation: string, token = administrator.accessToken) => identity.ask(mutation, { token });
  const invite = (email: string, by = administrator) =>
    run(`mutation { inviteUser(input: { email: "${email}" }) { id } }`, by.accessToken);

  async function traces(of: string) {
    const { rows } = await identity.database.pool.query(
      `SELECT (SELECT count(*)::int FROM platform.personal_value v WHERE v.value::text LIKE $1) AS values,
              (SELECT count(*)::int FROM platform.change_event e
               WHERE e.fields_before::text LIKE $1 OR e.fields_after::text LIKE $1) AS events,
              (SELECT count(*)::int FROM identity.invitation i WHERE i.email LIKE $1 OR i.email_key LIKE $1) AS invited`,
      [`%${of}%`],
    );
    return rows[0];
  }

  it('are forgotten with the person, in the log too, wherever the address was invited; the chain stays whole', async () => {
    const email = `invited-${newId()}@example.org`;
    await invite(email);
    const token = await tokenMailedTo(identity, email);
    await identity.ask('mutation ($t: String!, $p: String!) { acceptInvitation(token: $t, password: $p) }', {
      variables: { t: token, p: SEEDED_PASSWORD },
    });
    const elsewhere = await invite(email, twin.administrator);
    expect(elsewhere.errors).toEqual([]);
    const signedIn = await identity.ask(
      'mutation ($e: String!, $p: String!) { signIn(email: $e, password: $p) { accessToken } }',
      { variables: { e: email, p: SEEDED_PASSWORD } },
    );
    const { accessToken } = (signedIn.data as { signIn: { accessToken: string } }).signIn;
    expect(await traces(email)).toMatchObject({ invited: 2, events: 0 });
    expect((await deleteMyself(member, {}, accessToken)).errors).toEqual([]);
    expect(await traces(email)).toEqual({ values: 0, events: 0, invited: 0 });
    const again = await invite(email, twin.administrator);
    expect(again.errors).toEqual([]);
    for (const { accountId } of [account, twin]) {
      const db = identity.database.forAccount({ accountId, requestId: 'verify' });
      await sealAll(identity.database.system, accountId);
      expect(await verifyChanges(db)).toMatchObject({ intact: true });
    }
  });
});
