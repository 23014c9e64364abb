import { SEEDED_PASSWORD, seedAccount } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());

it('an API token and nobody neither begin a second factor nor learn whether there is one', async () => {
  const { administrator } = await seedAccount(identity.database);
  const { data } = await identity.ask(
    'mutation { createApiToken(input: { name: "Notebook", permissions: ["org_units.read"] }) { token } }',
    { token: administrator.accessToken },
  );
  const { token } = (data as { createApiToken: { token: string } }).createApiToken;
  const begin = `mutation { beginSecondFactor(password: "${SEEDED_PASSWORD}") { secret } }`;
  expect((await identity.ask(begin, { token })).code).toBe('FORBIDDEN');
  expect((await identity.ask(begin)).code).toBe('UNAUTHENTICATED');
  for (const asker of [{ token }, {}]) {
    expect((await identity.ask('{ me { secondFactor } }', asker)).data).toEqual({
      me: { secondFactor: null },
    });
  }
});
