import { type SeededAccount, seedMember, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const FIELDS =
  'id name kind url clientId hasClientSecret returnUrls allowedDomains joiningRoleId enabled revision callbackUrl';
const CREATE = `mutation ($input: CreateSignInProviderInput!) { createSignInProvider(input: $input) { ${FIELDS} } }`;
const UPDATE = `mutation ($input: UpdateSignInProviderInput!) { updateSignInProvider(input: $input) { ${FIELDS} } }`;
const REMOVE = 'mutation ($id: ID!) { removeSignInProvider(id: $id) { id } }';
const SECRET = 'secret-of-the-client';

const good = {
  name: 'Ministry',
  kind: 'OIDC',
  url: 'https://192.0.3.1/realms/moh',
  clientId: 'iroko',
  clientSecret: SECRET,
  returnUrls: ['https://dashboard.example.org/in'],
  allowedDomains: ['@Bücher.example'],
};

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());
beforeEach(async () => {
  ({ account, twin } = await seedTwins(identity.database));
});

const ask = (query: string, variables: object, token = account.administrator.accessToken) =>
  identity.ask(query, { token, variables: { ...variables } });

async function made(input: object = {}): Promise<{ id: string; revision: number }> {
  const { data, errors } = await ask(CREATE, { input: { ...good, ...input } });
  expect(errors).toEqual([]);
  return (data as { createSignInProvider: { id: string; revision: number } }).createSignInProvider;
}

it('a provider is kept, and its secret is never shown nor in clear anywhere', async () => {
  const provider = await made();
  expect(provider).toEqual({
    ...good,
    clientSecret: undefined,
    id: expect.any(String),
    hasClientSecret: true,
    allowedDomains: ['xn--bcher-kva.example'],
    joiningRoleId: null,
    enabled: true,
    revision: 1,
    callbackUrl: 'https://iroko.example.org/sign-in/callback',
  });
  const { data } = await ask(`{ signInProviders { nodes { ${FIELDS} } } }`, {});
  expect(data).toEqual({ signInProviders: { nodes: [provider] } });
  const { rows } = await identity.database.pool.query(
    `SELECT (SELECT string_agg(p::text, '') FROM identity.sign_in_provider p) AS providers,
            (SELECT string_agg(e::text, '') FROM platform.change_event e) AS events`,
  );
  expect(JSON.stringify(rows)).not.toContain(SECRET);
  expect(rows[0].providers).not.toContain(Buffer.from(SECRET).toString('hex'));
  expect(rows[0].events).toContain('$secret');
});

it('a secret is never sent to another address: with a new one it is forgotten, and so are its people', async () => {
  const { id } = await made();
  await identity.database.pool.query(
    `INSERT INTO identity.sign_in_subject (account_id, provider_id, subject, user_id) VALUES ($1, $2, 'ada', $3)`,
    [account.accountId, id, account.administrator.userId],
  );
  const subjects = async () =>
    (
      await identity.database.pool.query(
        'SELECT subject FROM identity.sign_in_subject WHERE provider_id = $1',
        [id],
      )
    ).rows.length;
  await ask(UPDATE, { input: { id, expectedRevision: 1, name: 'Other' } });
  expect(await subjects()).toBe(1);
  const moved = await ask(UPDATE, { input: { id, expectedRevision: 2, url: 'https://192.0.3.1/other' } });
  expect(moved.data).toMatchObject({ updateSignInProvider: { hasClientSecret: false, name: 'Other' } });
  expect(await subjects()).toBe(0);
  expect((await ask(UPDATE, { input: { id, expectedRevision: 2 } })).code).toBe('CONFLICT');
});

it('whoever does not hold every permission configures none: a provider could say that they are the administrator', async () => {
  const { id } = await made();
  const manager = await seedMember(identity.database, account.accountId, {
    permissions: ['accounts.manage'],
  });
  for (const token of [manager.accessToken, account.administrator.apiToken]) {
    const answers = [
      await ask(CREATE, { input: good }, token),
      await ask(UPDATE, { input: { id, expectedRevision: 1, url: 'https://192.0.3.1/evil' } }, token),
      await ask(REMOVE, { id }, token),
    ];
    expect(answers.map(({ code }) => code)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
  }
});

it('another account neither changes nor removes it', async () => {
  const { id } = await made();
  const token = twin.administrator.accessToken;
  expect((await ask(UPDATE, { input: { id, expectedRevision: 1 } }, token)).code).toBe('NOT_FOUND');
  expect((await ask(REMOVE, { id }, token)).code).toBe('NOT_FOUND');
  const role = { ...good, joiningRoleId: twin.administratorRoleId };
  expect((await ask(CREATE, { input: role })).code).toBe('NOT_FOUND');
});

it('a role that people join with can be removed; they join without one then', async () => {
  const { data } = await ask('mutation { createRole(input: { name: "Guest", permissions: [] }) { id } }', {});
  const { id: roleId } = (data as { createRole: { id: string } }).createRole;
  await made({ joiningRoleId: roleId });
  const { errors } = await ask('mutation ($id: ID!) { removeRole(id: $id, expectedRevision: 1) }', {
    id: roleId,
  });
  expect(errors).toEqual([]);
  const after = await ask('{ signInProviders { nodes { joiningRoleId } } }', {});
  expect(after.data).toEqual({ signInProviders: { nodes: [{ joiningRoleId: null }] } });
});

it.each<[string, object, string]>([
  ['an address without TLS', { url: 'http://192.0.3.1/' }, 'url'],
  ['a private address', { url: 'https://10.0.0.1/' }, 'url'],
  ['an address with a query', { url: 'https://192.0.3.1/?x=1' }, 'url'],
  ['no address', { url: 'ministry' }, 'url'],
  ['a page to return to without TLS', { returnUrls: ['http://example.org/'] }, 'returnUrls'],
  ['a page to return to that is a script', { returnUrls: ['javascript:alert(1)'] }, 'returnUrls'],
  ['a page to return to with a password', { returnUrls: ['https://a:b@example.org/'] }, 'returnUrls'],
  [
    '21 pages to return to',
    { returnUrls: Array.from({ length: 21 }, (_, n) => `https://e.org/${n}`) },
    'returnUrls',
  ],
  ['a domain that is everybody', { allowedDomains: ['*'] }, 'allowedDomains'],
  ['a domain of one word', { allowedDomains: ['org'] }, 'allowedDomains'],
  ['a client id with a line break', { clientId: 'a\nb' }, 'clientId'],
  ['an empty secret', { clientSecret: '' }, 'clientSecret'],
  ['an empty name', { name: ' ' }, 'name'],
])('%s is refused by name', async (_, wrong, field) => {
  const { errors } = await ask(CREATE, { input: { ...good, ...wrong } });
  expect(errors[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { path: ['input', field] },
  });
});

it('its changes stand in the log', async () => {
  const { id } = await made();
  await ask(REMOVE, { id });
  const { rows } = await identity.database.pool.query(
    `SELECT action, fields_after AS after FROM platform.change_event WHERE subject_id = $1 ORDER BY entry`,
    [id],
  );
  expect(rows).toEqual([
    { action: 'CREATE', after: expect.objectContaining({ url: good.url, clientSecret: { $secret: true } }) },
    { action: 'DELETE', after: null },
  ]);
});
