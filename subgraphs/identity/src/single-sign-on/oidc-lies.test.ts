/**
 * A provider that speaks OpenID Connect and does not tell the truth. Each lie is the honest answer with one thing
 * changed; the honest one signs in, so it is the lie that is refused.
 */
import { generateKeyPair } from 'jose';
import { Browser } from './testing/browser';
import { type Lie, LyingProvider } from './testing/lying-provider';
import { CLIENT } from './testing/real-provider';
import { SignInDoor } from './testing/sign-in-door';
import { StandIn, type StandInReply } from './testing/stand-in';

let door: SignInDoor;
let partner: LyingProvider;
let provider: string;

beforeAll(async () => {
  door = await SignInDoor.open();
  partner = await LyingProvider.open(() => door.account.administrator.email);
});
afterAll(async () => {
  await partner?.close();
  await door?.close();
});
beforeEach(async () => {
  partner.lie = {};
  await door.newAccounts();
  provider = await door.provider(partner.url);
});

it('the honest answer signs in', async () => {
  expect((await door.signedIn(provider)).me.user.id).toBe(door.account.administrator.userId);
});

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** As if it needed no signature. */
const unsigned = (token: string) => `${base64url({ alg: 'none' })}.${token.split('.')[1]}.`;

it.each<[string, Lie]>([
  ['another nonce: an answer to another sign-in', { claims: (claims) => ({ ...claims, nonce: 'other' }) }],
  ['no nonce', { claims: ({ nonce: _, ...claims }) => claims }],
  ['another issuer', { claims: (claims) => ({ ...claims, iss: 'https://accounts.example.org' }) }],
  ['a token for another client', { claims: (claims) => ({ ...claims, aud: 'other' }) }],
  ['a token that ended', { claims: (claims) => ({ ...claims, exp: 1_000_000_000 }) }],
  ['no subject', { claims: ({ sub: _, ...claims }) => claims }],
  ['no signature', { idToken: unsigned }],
  ['a signature that was cut', { idToken: (token) => token.slice(0, -8) }],
  ['no ID token', { idToken: () => undefined }],
  ['words instead of an ID token', { idToken: () => 'x.y.z' }],
  ['a userinfo of somebody else', { userinfo: { sub: 'eve' } }],
  ['a page instead of tokens', { token: { text: '<html>' } }],
  ['a refusal of the code', { token: { status: 400, json: { error: 'invalid_grant' } } }],
])('a provider that returns %s signs nobody in', async (_, told) => {
  partner.lie = told;
  const before = await door.counts();
  expect(await door.refusedWith(provider)).toBe('UNAUTHENTICATED');
  expect(await door.counts()).toEqual(before);
  expect((await door.log('SignInProvider')).at(-1)?.after).toEqual({ reason: 'UNTRUSTED' });
});

it('a provider whose token another key signed signs nobody in', async () => {
  partner.lie = { signedBy: (await generateKeyPair('ES256')).privateKey };
  expect(await door.refusedWith(provider)).toBe('UNAUTHENTICATED');
});

it('an address that is confirmed by the text "true" is not confirmed', async () => {
  partner.lie = { userinfo: { email_verified: 'true' } };
  expect(await door.refusedWith(provider)).toBe('FORBIDDEN');
});

const startOf = async (id: string) => {
  const { status, body } = await new Browser().open(door.startUrl(id));
  return { status, code: JSON.parse(body).errors[0].extensions.code };
};

it.each<[string, (document: Record<string, unknown>) => unknown]>([
  ['another issuer', (document) => ({ ...document, issuer: 'https://accounts.example.org' })],
  ['nothing', () => ({})],
  ['a list', () => []],
  ['a script to go to', (document) => ({ ...document, authorization_endpoint: 'javascript:alert(1)' })],
  ['a page without TLS', (document) => ({ ...document, authorization_endpoint: 'http://example.org/' })],
])('a provider whose document names %s is refused before anybody is sent there', async (_, told) => {
  partner.lie = { discovery: told };
  expect(await startOf(provider)).toEqual({ status: 503, code: 'UNAVAILABLE' });
});

it.each<[string, StandInReply]>([
  ['larger than what is taken', { json: { issuer: 'x'.repeat(600 * 1024) } }],
  ['a page', { text: '<html>' }],
  ['an error', { status: 500, json: {} }],
  ['nothing', { status: 204 }],
])('a provider whose document is %s is refused before anybody is sent there', async (_, reply) => {
  partner.lie = { discoveryReply: reply };
  expect(await startOf(provider)).toEqual({ status: 503, code: 'UNAVAILABLE' });
});

it('a provider that sends us on from its document is not followed, neither to a private address nor to itself', async () => {
  for (const location of ['http://10.0.0.1/', `${partner.url}/elsewhere`]) {
    partner.lie = { discoveryReply: { status: 302, location } };
    expect(await startOf(provider)).toEqual({ status: 503, code: 'UNAVAILABLE' });
  }
  expect(partner.asked('/elsewhere')).toEqual([]);
});

it.each(['token_endpoint', 'jwks_uri', 'userinfo_endpoint'])(
  'a provider whose document leads our %s to a private address gets no call made there',
  async (endpoint) => {
    partner.lie = { discovery: (document) => ({ ...document, [endpoint]: 'http://10.0.0.1/' }) };
    expect(await door.refusedWith(provider)).toBe('UNAVAILABLE');
    expect((await door.log('SignInProvider')).at(-1)?.after).toEqual({ reason: 'CONFIGURATION' });
  },
);

it('a provider that is down is said to be, at the start and at the return', async () => {
  const gone = await StandIn.open(() => ({}));
  await gone.close();
  expect(await startOf(await door.provider(gone.url, { name: 'Gone' }))).toEqual({
    status: 503,
    code: 'UNAVAILABLE',
  });
  const browser = new Browser();
  partner.lie = { discovery: (document) => ({ ...document, token_endpoint: `${gone.url}/token` }) };
  const callback = await door.callbackOf(provider, browser);
  const { url } = await browser.open(callback.href);
  expect(url.searchParams.get('sign_in_error')).toBe('UNAVAILABLE');
});

it('the secret of the client goes to the provider alone, in the header', async () => {
  await door.signedIn(provider);
  const call = partner.asked('/token').at(-1);
  const basic = Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64');
  expect(
    decodeURIComponent(Buffer.from(call?.headers.authorization?.slice(6) ?? '', 'base64').toString()),
  ).toBe(Buffer.from(basic, 'base64').toString());
  expect(call?.body.get('code_verifier')).toMatch(/^[\w-]{43}$/);
});
