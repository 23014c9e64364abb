/**
 * What a provider says of itself is asked once in some minutes, and anew when it may have changed.
 */

import { LyingProvider } from './testing/lying-provider';
import { RealProvider } from './testing/real-provider';
import { SignInDoor } from './testing/sign-in-door';

const DOCUMENT = '/.well-known/openid-configuration';

let door: SignInDoor;
let partner: LyingProvider;
let provider: string;

beforeAll(async () => {
  door = await SignInDoor.open();
});
afterAll(() => door?.close());
beforeEach(async () => {
  await door.newAccounts();
  partner = await LyingProvider.open(() => door.account.administrator.email);
  provider = await door.provider(partner.url);
});
afterEach(() => partner.close());

const asked = () => ({ documents: partner.asked(DOCUMENT).length, keys: partner.asked('/keys').length });
const signedIn = async () => (await door.signedIn(provider)).me.user.id;

it('a document and keys serve many sign-ins', async () => {
  for (let times = 0; times < 5; times++) {
    expect(await signedIn()).toBe(door.account.administrator.userId);
  }
  expect(asked()).toEqual({ documents: 1, keys: 1 });
});

it('a key that nobody knows is asked for at once: a provider that changes its key signs on', async () => {
  await signedIn();
  await partner.changeKeys('second');
  expect(await signedIn()).toBe(door.account.administrator.userId);
  expect(asked()).toEqual({ documents: 1, keys: 2 });
  await signedIn();
  expect(asked()).toEqual({ documents: 1, keys: 2 });
});

it('another key under the same name is refused once, and asked for at the next sign-in', async () => {
  await signedIn();
  await partner.changeKeys('first');
  expect(await door.refusedWith(provider)).toBe('UNAUTHENTICATED');
  expect(await signedIn()).toBe(door.account.administrator.userId);
  expect(asked()).toEqual({ documents: 2, keys: 2 });
});

it('a document that was refused is not kept, and neither is one that led to a failure', async () => {
  partner.lie = { discovery: (document) => ({ ...document, issuer: 'https://accounts.example.org' }) };
  await door.through(provider);
  partner.lie = { discovery: (document) => ({ ...document, token_endpoint: `${partner.url}/moved` }) };
  expect(await door.refusedWith(provider)).not.toBeNull();
  partner.lie = {};
  expect(await signedIn()).toBe(door.account.administrator.userId);
});

it('each provider has its own: what one account is told serves no other', async () => {
  await signedIn();
  const other = await door.provider(partner.url, { name: 'Other' });
  await door.signedIn(other);
  expect(asked().documents).toBe(2);
});

it('a provider with another address is asked there', async () => {
  await signedIn();
  const moved = await LyingProvider.open(() => door.account.administrator.email);
  const { errors } = await door.ask(
    `mutation ($id: ID!, $url: String!) {
      updateSignInProvider(input: { id: $id, expectedRevision: 1, url: $url, clientSecret: "another secret of the client" }) { id }
    }`,
    { id: provider, url: moved.url },
  );
  expect(errors).toEqual([]);
  expect(await signedIn()).toBe(door.account.administrator.userId);
  expect(moved.asked(DOCUMENT)).toHaveLength(1);
  expect(asked().documents).toBe(1);
  await moved.close();
});

it('the real provider signs in again and again from what it said once, and not when it is gone', async () => {
  const real = await RealProvider.open(`${door.url}/sign-in/callback`);
  const id = await door.provider(real.issuer, { name: 'Real' });
  const { email, userId } = door.account.administrator;
  await real.next({ sub: 'ada', email, email_verified: true });
  for (let times = 0; times < 3; times++) expect((await door.signedIn(id)).me.user.id).toBe(userId);
  await real.close();
  await expect(door.through(id)).rejects.toThrow();
});
