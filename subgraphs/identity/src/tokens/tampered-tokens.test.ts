/**
 * Whatever is changed in a token, it proves nothing: each kind through the door where it is given, 10,000 ways each.
 * Access tokens, cursors and signed links have theirs beside their code.
 */
import { newId } from '@iroko/database';
import { type SeededAccount, seedTwins, tamperings } from '@iroko/testing';
import { SigningKeys } from '../keys/signing-keys';
import { goodLink, MailLinks } from '../mail-links/mail-link';
import { Unsubscribing } from '../notices/unsubscribe';
import { refreshSession } from '../sessions/refresh-session';
import { createOperatorToken, requireOperator } from '../set-up/operator-tokens';
import { type IdentityUnderTest, identityUnderTest, TEST_MASTER_KEY } from '../testing/identity-under-test';

jest.setTimeout(300_000);

let identity: IdentityUnderTest;
let account: SeededAccount;

beforeAll(async () => {
  identity = await identityUnderTest();
  ({ account } = await seedTwins(identity.database));
});
afterAll(() => identity.close());

/** Runs ten thousand of them, and the token itself, which must be good. */
async function refusesAllBut(token: string, refused: (text: string) => Promise<boolean>): Promise<void> {
  for (const text of tamperings(token, 10_000)) {
    // Between the scheme of a header and the token there may be more than one space.
    if (text.trim() === token) continue;
    if (!(await refused(text))) throw new Error(`Taken for the token: ${JSON.stringify(text)}`);
  }
  expect(await refused(token)).toBe(false);
}

const isRefused = (work: Promise<unknown>, code: string): Promise<boolean> =>
  work.then(
    () => false,
    (error: { code?: string }) => {
      if (error.code !== code) throw error;
      return true;
    },
  );

it('an API token', async () => {
  const { viewers } = identity;
  await refusesAllBut(account.administrator.apiToken, (text) =>
    isRefused(viewers.fromAuthorization(`Bearer ${text}`), 'UNAUTHENTICATED'),
  );
});

it('a refresh token, and its session goes on', async () => {
  const { data } = await identity.ask(
    'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { refreshToken } }',
    { variables: { email: account.administrator.email, password: account.administrator.password } },
  );
  const { refreshToken } = (data as { signIn: { refreshToken: string } }).signIn;
  const services = {
    database: identity.database,
    keys: new SigningKeys(identity.database, [TEST_MASTER_KEY]),
  };
  await refusesAllBut(refreshToken, (text) =>
    isRefused(refreshSession(services, text, 'request-of-test'), 'UNAUTHENTICATED'),
  );
});

it('a link in a mail', async () => {
  const { system } = identity.database;
  const links = new MailLinks(() => 'https://iroko.example.org/link');
  const url = await links.make(system, 'RESET_PASSWORD', account.administrator.userId, 'en');
  const token = /irokol_[\w-]{43}/.exec(url)?.[0] ?? '';
  await refusesAllBut(token, (text) =>
    isRefused(goodLink(system, ['RESET_PASSWORD'], text), 'BAD_USER_INPUT'),
  );
});

it('the token of an operator', async () => {
  const { token } = await createOperatorToken(identity.database, { name: 'Setting up', days: 1 });
  await refusesAllBut(token, (text) =>
    isRefused(requireOperator(identity.database, text), 'UNAUTHENTICATED'),
  );
});

it('a link that stops the mails of a notice rule', async () => {
  const unsubscribing = new Unsubscribing([TEST_MASTER_KEY], () => '');
  const token = unsubscribing.url(account.accountId, newId()).split('/')[2] ?? '';
  await refusesAllBut(token, async (text) => unsubscribing.read(text) === undefined);
});
