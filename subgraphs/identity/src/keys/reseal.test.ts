import { randomBytes } from 'node:crypto';
import { newId } from '@iroko/database';
import { CREDENTIAL_PURPOSE, credentialContext, openCredential, Seal } from '@iroko/secrets';
import { SEEDED_PASSWORD, type SeededAccount, seedAccount } from '@iroko/testing';
import { base32 } from '../second-factor/base32';
import { SECOND_FACTOR_PURPOSE } from '../second-factor/codes';
import { type IdentityUnderTest, identityUnderTest, TEST_MASTER_KEY } from '../testing/identity-under-test';
import { resealSecrets } from './reseal';
import { SEALED_COLUMNS } from './reseal.sql';
import { SigningKeys } from './signing-keys';

const newKey = Buffer.alloc(32, 8);

let identity: IdentityUnderTest;
let account: SeededAccount;
beforeEach(async () => {
  identity = await identityUnderTest();
  account = await seedAccount(identity.database);
});
afterEach(() => identity.close());

async function addWebhook(): Promise<void> {
  const token = account.administrator.accessToken;
  const { errors } = await identity.ask(
    'mutation { createWebhook(input: { name: "Partner", url: "http://127.0.0.1:1/" }) { webhook { id } } }',
    { token },
  );
  expect(errors).toEqual([]);
}
async function addCredential(): Promise<{ id: string; url: string }> {
  const { data } = await identity.ask(
    `mutation ($name: String!) { createExternalCredential(input: {
      name: $name, kind: BEARER, url: "http://127.0.0.1:1/", secret: "district"
    }) { id url } }`,
    { token: account.administrator.accessToken, variables: { name: newId() } },
  );
  return (data as { createExternalCredential: { id: string; url: string } }).createExternalCredential;
}
/** But for the keys by which tests sign, whose private halves are in no database. */
const unopened = (outcome: Awaited<ReturnType<typeof resealSecrets>>) =>
  outcome.flatMap((column) => column.unopened).filter((id) => !id.startsWith('test-'));
const counts = (outcome: Awaited<ReturnType<typeof resealSecrets>>) =>
  Object.fromEntries(outcome.map(({ name, resealed }) => [name, resealed]));

it('after a change of the master key everything opens under the new one alone', async () => {
  const { accountId } = account;
  await addWebhook();
  const { id, url } = await addCredential();
  const kid = await new SigningKeys(identity.database, TEST_MASTER_KEY).rotate();
  const { data } = await identity.ask(
    `mutation { beginSecondFactor(password: "${SEEDED_PASSWORD}") { secret } }`,
    {
      token: account.administrator.accessToken,
    },
  );
  const { beginSecondFactor: factor } = data as { beginSecondFactor: { secret: string } };
  const outcome = await resealSecrets(identity.database, [newKey, TEST_MASTER_KEY]);
  expect(counts(outcome)).toMatchObject({
    'signing keys': 1,
    'webhook secrets': 1,
    'external credentials': 1,
    'second factors': 1,
  });
  expect(unopened(outcome)).toEqual([]);
  expect((await new SigningKeys(identity.database, newKey).newest()).kid).toBe(kid);
  const { rows } = await identity.database.pool.query(
    'SELECT c.secret, (SELECT w.secret FROM identity.webhook w) AS webhook_secret, (SELECT w.id FROM identity.webhook w) AS webhook FROM identity.external_credential c',
  );
  const [row] = rows;
  const seal = new Seal(newKey, CREDENTIAL_PURPOSE);
  expect(openCredential(seal, { accountId, id, url, secretSealed: row.secret })).toBe('district');
  expect(new Seal(newKey, 'webhook secret').open(row.webhook_secret, row.webhook)).toHaveLength(32);
  const { userId } = account.administrator;
  const factors = await identity.database.pool.query('SELECT secret_sealed FROM identity.second_factor');
  const secret = new Seal(newKey, SECOND_FACTOR_PURPOSE).open(factors.rows[0].secret_sealed, userId);
  expect(base32(secret)).toBe(factor.secret);
  expect(counts(await resealSecrets(identity.database, [newKey]))).toMatchObject({
    'external credentials': 0,
    'second factors': 0,
  });
});

it('more rows than one batch are all done', async () => {
  const { accountId } = account;
  const seal = new Seal(TEST_MASTER_KEY, CREDENTIAL_PURPOSE);
  const url = 'https://example.org/';
  for (let number = 0; number < 450; number++) {
    const id = newId();
    const sealed = seal.close(Buffer.from('x'), credentialContext({ accountId, id, url }));
    await identity.database.pool.query(
      `INSERT INTO identity.external_credential (account_id, id, name, name_key, kind, url, secret)
       VALUES ($1, $2::uuid, $2::uuid::text, $2::uuid::text, 'BEARER', $3, $4)`,
      [accountId, id, url, sealed],
    );
  }
  const outcome = await resealSecrets(identity.database, [newKey, TEST_MASTER_KEY]);
  expect(counts(outcome)).toMatchObject({ 'external credentials': 450 });
});

it('what none of the keys opens is named and stays as it is', async () => {
  const { id } = await addCredential();
  const other = randomBytes(32);
  const outcome = await resealSecrets(identity.database, [newKey, other]);
  expect(unopened(outcome)).toEqual([id]);
  expect(counts(await resealSecrets(identity.database, [newKey, TEST_MASTER_KEY]))).toMatchObject({
    'external credentials': 1,
  });
});

it('no column with something sealed is forgotten', async () => {
  const { rows } = await identity.database.pool.query(
    `SELECT table_name || '.' || column_name AS name
     FROM information_schema.columns
     WHERE table_schema IN ('identity', 'georegistry', 'datasets', 'submissions', 'platform') AND data_type = 'bytea'
       AND column_name ~ '(sealed|secret)' AND table_name NOT LIKE 'sealed%' ORDER BY 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([
    'external_credential.secret',
    'second_factor.secret_sealed',
    'sign_in_provider.client_secret',
    'signing_key.private_sealed',
    'webhook.old_secret',
    'webhook.secret',
  ]);
  expect(SEALED_COLUMNS).toHaveLength(rows.length);
});
