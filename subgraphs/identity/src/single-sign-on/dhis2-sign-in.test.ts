/**
 * Signing in at a DHIS2, against a stand-in that speaks its endpoints: `uaa/oauth/authorize`, `uaa/oauth/token` and
 * `api/me`, as DHIS2 2.36 to 2.40 do.
 */
import { type SeededMember, seedMember } from '@iroko/testing';
import { Browser } from './testing/browser';
import { CLIENT } from './testing/real-provider';
import { SignInDoor } from './testing/sign-in-door';
import { StandIn, type StandInReply, type StandInRequest } from './testing/stand-in';

const LINK =
  'mutation ($user: ID!, $dhis2Id: String) { linkDhis2User(userId: $user, dhis2Id: $dhis2Id) { id } }';
const DHIS2_USER = 'xE7jOejl9FI';

let door: SignInDoor;
let dhis2: StandIn;
let member: SeededMember;
let provider: string;
/** Who signed in there. */
let me: unknown;
let tokenReply: StandInReply | undefined;
const codes = new Set<string>();

function answer({ url, method, headers, body }: StandInRequest): StandInReply {
  switch (`${method} ${url.pathname}`) {
    case 'GET /dhis/uaa/oauth/authorize': {
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      const code = `code${codes.size}`;
      codes.add(code);
      back.search = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '' }).toString();
      return { status: 302, location: back.href };
    }
    case 'POST /dhis/uaa/oauth/token': {
      const basic = Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64');
      if (headers.authorization !== `Basic ${basic}`)
        return { status: 401, json: { error: 'invalid_client' } };
      if (!codes.delete(body.get('code') ?? '')) return { status: 400, json: { error: 'invalid_grant' } };
      return (
        tokenReply ?? { json: { access_token: 'token-of-dhis2', token_type: 'bearer', expires_in: 43199 } }
      );
    }
    case 'GET /dhis/api/me':
      if (headers.authorization !== 'Bearer token-of-dhis2') return { status: 401 };
      return { json: me };
    default:
      return { status: 404 };
  }
}

beforeAll(async () => {
  door = await SignInDoor.open();
  dhis2 = await StandIn.open(answer);
});
afterAll(async () => {
  await dhis2?.close();
  await door?.close();
});
beforeEach(async () => {
  me = { id: DHIS2_USER, username: 'ada', firstName: 'Ada', surname: 'Mbuyi' };
  tokenReply = undefined;
  await door.newAccounts();
  member = await seedMember(door.identity.database, door.account.accountId);
  provider = await door.provider(`${dhis2.url}/dhis`, { kind: 'DHIS2' });
});

const link = (dhis2Id: string | null, user = member.userId, token?: string) =>
  door.ask(LINK, { user, dhis2Id }, token);

it('a member signs in as the DHIS2 user they were linked to, and the token of DHIS2 stays with us', async () => {
  expect((await link(DHIS2_USER)).errors).toEqual([]);
  const tokens = await door.signedIn(provider);
  expect(tokens.me.user.id).toBe(member.userId);
  expect(JSON.stringify(tokens)).not.toContain('token-of-dhis2');
});

it('nobody is matched by a DHIS2 user that is not linked, whatever address it tells', async () => {
  me = { id: 'M5zQapPyTZI', email: member.email, emailVerified: true };
  await link(DHIS2_USER);
  expect(await door.refusedWith(provider)).toBe('FORBIDDEN');
});

it('the link holds within the account: the same DHIS2 user id in the twin account is somebody else', async () => {
  const there = await seedMember(door.identity.database, door.twin.accountId);
  const token = door.twin.administrator.accessToken;
  expect((await link(DHIS2_USER, there.userId, token)).errors).toEqual([]);
  expect(await door.refusedWith(provider)).toBe('FORBIDDEN');
  await link(DHIS2_USER);
  expect((await door.signedIn(provider)).me.user.id).toBe(member.userId);
});

it('two members are not one DHIS2 user, and a link can be undone', async () => {
  const other = await seedMember(door.identity.database, door.account.accountId);
  await link(DHIS2_USER);
  expect((await link(DHIS2_USER, other.userId)).code).toBe('CONFLICT');
  await link(null);
  expect(await door.refusedWith(provider)).toBe('FORBIDDEN');
  expect((await link(DHIS2_USER, other.userId)).errors).toEqual([]);
});

it('whoever does not hold what a member holds does not link them: it would let them in as the member', async () => {
  const manager = await seedMember(door.identity.database, door.account.accountId, {
    permissions: ['users.manage'],
  });
  expect((await link(DHIS2_USER, door.account.administrator.userId, manager.accessToken)).code).toBe(
    'FORBIDDEN',
  );
  expect((await link(DHIS2_USER, member.userId, manager.accessToken)).errors).toEqual([]);
  expect((await link('x', member.userId)).code).toBe('BAD_USER_INPUT');
});

it('defect "no state": a callback that another browser began is refused', async () => {
  await link(DHIS2_USER);
  const url = await door.callbackOf(provider, new Browser());
  const response = await fetch(url, { redirect: 'manual' });
  expect(response.status).toBe(400);
});

it.each<[string, () => void, string]>([
  ['gives no user', () => (me = { username: 'ada' }), 'UNAUTHENTICATED'],
  ['gives a user id that is none', () => (me = { id: "x' OR 1=1" }), 'UNAUTHENTICATED'],
  ['answers with a page', () => (tokenReply = { text: '<html>' }), 'UNAUTHENTICATED'],
  [
    'gives a token that would end the header',
    () => (tokenReply = { json: { access_token: 'a\r\nb' } }),
    'UNAUTHENTICATED',
  ],
  ['refuses the code', () => (tokenReply = { status: 400, json: {} }), 'UNAUTHENTICATED'],
  [
    'sends us elsewhere',
    () => (tokenReply = { status: 302, location: 'http://127.0.0.1:1/' }),
    'UNAUTHENTICATED',
  ],
  ['breaks', () => (tokenReply = { status: 500 }), 'UNAVAILABLE'],
])('a DHIS2 that %s signs nobody in', async (_, change, code) => {
  await link(DHIS2_USER);
  change();
  expect(await door.refusedWith(provider)).toBe(code);
});

it('a DHIS2 needs a client secret, and nobody joins by its addresses', async () => {
  const create = async (input: object) =>
    (
      await door.ask(
        'mutation ($input: CreateSignInProviderInput!) { createSignInProvider(input: $input) { id } }',
        { input: { name: 'x', kind: 'DHIS2', url: dhis2.url, ...CLIENT, ...input } },
      )
    ).errors[0]?.extensions?.details;
  expect(await create({ clientSecret: null })).toMatchObject({ path: ['input', 'clientSecret'] });
  expect(await create({ allowedDomains: ['example.org'] })).toMatchObject({
    path: ['input', 'allowedDomains'],
  });
});
