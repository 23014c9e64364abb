import { type SeededAccount, seedMember, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const CREATE = 'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }';
const url = 'http://127.0.0.1:1/hook';

let identity: IdentityUnderTest;
let account: SeededAccount;

beforeEach(async () => {
  identity = await identityUnderTest();
  ({ account } = await seedTwins(identity.database));
});
afterEach(() => identity.close());

const ask = (query: string, variables: Record<string, unknown>, token = account.administrator.accessToken) =>
  identity.ask(query, { token, variables });
const make = async () => expect((await ask(CREATE, { input: { name: 'Partner', url } })).errors).toEqual([]);

it.each<[string, Record<string, unknown>, string]>([
  ['a private address', { url: 'http://10.0.0.1/' }, 'url'],
  ['a private address in other words', { url: 'http://[::ffff:10.0.0.1]:8080/' }, 'url'],
  ['a metadata service', { url: 'http://169.254.169.254/' }, 'url'],
  ['no address', { url: 'partner' }, 'url'],
  ['an empty name', { name: ' ' }, 'name'],
  ['a filter for nothing', { actions: [] }, 'actions'],
  ['a type that is none', { subjectTypes: ["OrgUnit'; --"] }, 'subjectTypes'],
  ['a made-up cursor', { after: 'AAAA' }, 'after'],
])('a webhook with %s is refused', async (_, input, named) => {
  const answer = await ask(CREATE, { input: { name: 'Partner', url, ...input } });
  expect(answer.code).toBe('BAD_USER_INPUT');
  expect(answer.errors[0]?.extensions?.details).toMatchObject({ path: ['input', named] });
});

it('an account has fifty webhooks at most', async () => {
  await make();
  await identity.database.pool.query(
    `INSERT INTO identity.webhook (account_id, id, name, url, mode, secret, position)
     SELECT account_id, platform.uuid_v7(), name, url, mode, secret, position FROM identity.webhook, generate_series(2, 50)`,
  );
  const answer = await ask(CREATE, { input: { name: 'One more', url } });
  expect(answer.code).toBe('LIMIT_EXCEEDED');
});

it('without the permission nobody makes one', async () => {
  const { accessToken } = await seedMember(identity.database, account.accountId);
  expect((await ask(CREATE, { input: { name: 'Partner', url } }, accessToken)).code).toBe('FORBIDDEN');
});
