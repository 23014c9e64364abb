import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { tokenMailedTo } from '../testing/mails';
import { createOperatorToken, listOperatorTokens, revokeOperatorToken } from './operator-tokens';

const PASSWORD = 'seven lamps under the wide river';

let identity: IdentityUnderTest;
let operatorToken: string;
let tokenId: string;
let numbered = 0;
let slug: string;

beforeAll(async () => {
  identity = await identityUnderTest();
  const { token, row } = await createOperatorToken(identity.database, { name: 'Portal', days: 30 });
  operatorToken = token;
  tokenId = row.id;
});
afterAll(() => identity.close());
beforeEach(() => {
  slug = `moh-${++numbered}`;
});

const setUp = (input: Record<string, unknown> = {}, token = operatorToken) =>
  identity.ask(
    'mutation ($operatorToken: String!, $input: SetUpAccountInput!) { setUpAccount(operatorToken: $operatorToken, input: $input) { accountId slug created invited } }',
    {
      variables: {
        operatorToken: token,
        input: {
          key: slug,
          slug,
          name: 'Ministry',
          administrator: { email: `${slug}@example.org` },
          ...input,
        },
      },
    },
  );

const signIn = (email: string) =>
  identity.ask(
    'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { me { permissions account { slug } } } }',
    { variables: { email, password: PASSWORD } },
  );

const accounts = async () =>
  (await identity.database.pool.query('SELECT count(*)::int AS count FROM identity.account')).rows[0].count;

it('an operator sets an account up, and the invited administrator holds every permission', async () => {
  const { data, errors } = await setUp({
    project: { name: 'Surveys', appId: 'surveys' },
    source: 'Facilities',
  });
  expect(errors).toEqual([]);
  expect(data).toMatchObject({ setUpAccount: { slug, created: true, invited: true } });
  const token = await tokenMailedTo(identity, `${slug}@example.org`);
  const accepted = await identity.ask(
    'mutation ($token: String!, $password: String!) { acceptInvitation(token: $token, password: $password, firstName: "Ada") }',
    { variables: { token, password: PASSWORD } },
  );
  expect(accepted.data).toEqual({ acceptInvitation: slug });
  expect((await signIn(`${slug}@example.org`)).data).toMatchObject({
    signIn: { me: { account: { slug }, permissions: expect.arrayContaining(['accounts.manage']) } },
  });
});

it('the log of the new account begins with its founding', async () => {
  const { data } = await setUp();
  const { setUpAccount } = data as unknown as { setUpAccount: { accountId: string } };
  const { rows } = await identity.database.pool.query(
    `SELECT subject_type || ' ' || action AS said FROM platform.change_event WHERE account_id = $1 ORDER BY entry`,
    [setUpAccount.accountId],
  );
  expect(rows.map(({ said }) => said)).toEqual(['Account CREATE', 'Role CREATE', 'Invitation CREATE']);
});

it('with a password the administrator signs in at once', async () => {
  await setUp({ administrator: { email: `${slug}@example.org`, password: PASSWORD } });
  expect((await signIn(`${slug}@example.org`)).errors).toEqual([]);
});

it('the same key gives the same account, ten times at once too, and makes one of everything', async () => {
  const before = await accounts();
  const answers = await Promise.all(Array.from({ length: 10 }, () => setUp({ project: { name: 'One' } })));
  const ids = answers.map(
    ({ data }) => (data as unknown as { setUpAccount: { accountId: string } }).setUpAccount.accountId,
  );
  expect(new Set(ids).size).toBe(1);
  expect(await accounts()).toBe(before + 1);
  expect((await setUp({ name: 'Another name' })).data).toMatchObject({ setUpAccount: { created: false } });
  const { rows } = await identity.database.pool.query(
    `SELECT (SELECT count(*)::int FROM identity.project p WHERE p.account_id = $1) AS projects,
            (SELECT count(*)::int FROM identity.invitation i WHERE i.account_id = $1) AS invitations`,
    [ids[0]],
  );
  expect(rows).toEqual([{ projects: 1, invitations: 1 }]);
});

it('a slug that is taken, and a key of another slug, are refused', async () => {
  await setUp();
  expect((await setUp({ key: `other-${slug}` })).errors[0]?.extensions).toMatchObject({
    code: 'CONFLICT',
    details: { fields: ['slug'] },
  });
  expect((await setUp({ slug: `other-${slug}` })).errors[0]?.extensions).toMatchObject({
    code: 'CONFLICT',
    details: { fields: ['key'] },
  });
});

it('a defect of any part makes nothing', async () => {
  const before = await accounts();
  for (const input of [
    { project: { name: '' } },
    { project: { name: 'P', appId: 'not an app id' } },
    { source: ' ' },
    { timeZone: 'Mars' },
    { administrator: { email: 'x' } },
    { administrator: { email: 'a@example.org', password: 'short' } },
  ]) {
    expect((await setUp(input)).code).toBe('BAD_USER_INPUT');
  }
  expect(await accounts()).toBe(before);
});

it('only an operator token does it: none, an invented, an expired and a revoked one are refused', async () => {
  const before = await accounts();
  for (const token of ['', 'x', `irokoo_${'a'.repeat(43)}`, 'irokoo_\u0000', 'a'.repeat(10_000)]) {
    expect((await setUp({}, token)).errors[0]?.extensions).toMatchObject({ details: { reason: 'unknown' } });
  }
  const old = await createOperatorToken(identity.database, { name: 'Old', days: 1 });
  await identity.database.pool.query('UPDATE identity.operator_token SET expires_at = now() WHERE id = $1', [
    old.row.id,
  ]);
  expect((await setUp({}, old.token)).errors[0]?.extensions).toMatchObject({
    details: { reason: 'expired' },
  });
  await revokeOperatorToken(identity.database, old.row.id);
  expect((await setUp({}, old.token)).errors[0]?.extensions).toMatchObject({
    details: { reason: 'revoked' },
  });
  expect(await accounts()).toBe(before);
});

it('the token stands nowhere but as a hash, and its last use is known', async () => {
  await setUp();
  const { rows } = await identity.database.pool.query(
    `SELECT count(*)::int FROM identity.operator_token t WHERE t::text LIKE '%' || $1 || '%'`,
    [operatorToken.slice(7)],
  );
  expect(rows).toEqual([{ count: 0 }]);
  const listed = await listOperatorTokens(identity.database);
  expect(listed.find(({ id }) => id === tokenId)?.lastUsedAt).toBeInstanceOf(Date);
});
