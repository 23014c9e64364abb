/**
 * What a browser brings along on its way through a provider and back: the start, the callback, the one-time code.
 */
import { randomBytes } from 'node:crypto';
import { newId } from '@iroko/database';
import { type SeededMember, seedMember } from '@iroko/testing';
import { Browser } from './testing/browser';
import { RealProvider } from './testing/real-provider';
import { RETURN_URL, SignInDoor } from './testing/sign-in-door';

let door: SignInDoor;
let ministry: RealProvider;
let member: SeededMember;
let provider: string;

beforeAll(async () => {
  door = await SignInDoor.open();
  ministry = await RealProvider.open(`${door.url}/sign-in/callback`);
});
afterAll(async () => {
  await ministry?.close();
  await door?.close();
});
beforeEach(async () => {
  await door.newAccounts();
  member = await seedMember(door.identity.database, door.account.accountId, { permissions: ['forms.read'] });
  provider = await door.provider(ministry.issuer);
});

/** The member as the provider knows them. */
const memberThere = () =>
  ministry.next({ sub: `m-${member.userId}`, email: member.email, email_verified: true });

describe('the callback', () => {
  const reply = async (url: URL, headers: Record<string, string>) => {
    const response = await fetch(url, { redirect: 'manual', headers });
    const body = await response.text();
    return { status: response.status, code: body && JSON.parse(body).errors[0].extensions.code };
  };
  const refused = { status: 400, code: 'BAD_USER_INPUT' };

  it('takes an answer once: a replayed one is refused', async () => {
    await memberThere();
    const browser = new Browser();
    const url = await door.callbackOf(provider, browser);
    const cookies = browser.header(url);
    expect((await reply(url, cookies)).status).toBe(302);
    expect(await reply(url, cookies)).toEqual(refused);
  });

  it('of twenty at the same moment takes one', async () => {
    await memberThere();
    const browser = new Browser();
    const url = await door.callbackOf(provider, browser);
    const replies = await Promise.all(Array.from({ length: 20 }, () => reply(url, browser.header(url))));
    expect(replies.filter(({ status }) => status === 302)).toHaveLength(1);
  });

  it('is refused from another browser (no state of DHIS2 or Iaso protected this), and is still good in its own', async () => {
    await memberThere();
    const [browser, other] = [new Browser(), new Browser()];
    const url = await door.callbackOf(provider, browser);
    await door.callbackOf(provider, other);
    expect(await reply(url, {})).toEqual(refused);
    expect(await reply(url, other.header(url))).toEqual(refused);
    expect((await reply(url, browser.header(url))).status).toBe(302);
  });

  it.each<[string, (state: string) => string]>([
    ['tampered with', (state) => `${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`],
    ['cut', (state) => state.slice(0, 20)],
    ['empty', () => ''],
    ['of another sign-in', () => randomBytes(32).toString('base64url')],
    ['with a NUL', (state) => `${state}\u0000`],
  ])('with a state that was %s is refused', async (_, change) => {
    await memberThere();
    const browser = new Browser();
    const url = await door.callbackOf(provider, browser);
    url.searchParams.set('state', change(url.searchParams.get('state') ?? ''));
    expect(await reply(url, browser.header(url))).toEqual(refused);
  });

  it('comes too late after ten minutes', async () => {
    await memberThere();
    const browser = new Browser();
    const url = await door.callbackOf(provider, browser);
    await door.identity.database.pool.query(`UPDATE identity.sign_in_flow SET expires_at = now()`);
    expect(await reply(url, browser.header(url))).toEqual(refused);
  });

  it.each<[string, (url: URL) => void, string]>([
    [
      'a code that the provider did not give',
      (url) => url.searchParams.set('code', 'forged'),
      'UNAUTHENTICATED',
    ],
    [
      'the name of another issuer',
      (url) => url.searchParams.set('iss', 'https://evil.example'),
      'UNAUTHENTICATED',
    ],
    [
      'a refusal of the provider',
      (url) => {
        url.searchParams.delete('code');
        url.searchParams.set('error', 'access_denied');
      },
      'UNAUTHENTICATED',
    ],
  ])('with %s brings the person back with the error, and stands in the log', async (_, change, code) => {
    await memberThere();
    const browser = new Browser();
    const url = await door.callbackOf(provider, browser);
    change(url);
    const seen = await browser.open(url.href);
    expect(seen.url.searchParams.get('sign_in_error')).toBe(code);
    expect((await door.log('SignInProvider')).at(-1)?.action).toBe('SIGN_IN_FAILED');
  });
});

describe('the code', () => {
  const codeOf = async () => {
    await memberThere();
    return (await door.through(provider)).url.searchParams.get('sign_in_code') ?? '';
  };

  it('is exchanged once', async () => {
    const code = await codeOf();
    const answers = await Promise.all(Array.from({ length: 10 }, () => door.exchange(code)));
    expect(answers.filter((answer) => answer.code === undefined)).toHaveLength(1);
    expect((await door.exchange(code)).code).toBe('UNAUTHENTICATED');
  });

  it('is worth nothing to somebody without the secret of the page, and is gone when they tried', async () => {
    const code = await codeOf();
    expect((await door.exchange(code, 'guess')).code).toBe('UNAUTHENTICATED');
    expect((await door.exchange(code)).code).toBe('UNAUTHENTICATED');
  });

  it('ends after two minutes, and when its person leaves', async () => {
    const late = await codeOf();
    await door.identity.database.pool.query('UPDATE identity.sign_in_flow SET code_expires_at = now()');
    expect((await door.exchange(late)).code).toBe('UNAUTHENTICATED');
    const left = await codeOf();
    await door.identity.database.pool.query(
      'UPDATE identity.membership SET ended_at = now() WHERE user_id = $1',
      [member.userId],
    );
    expect((await door.exchange(left)).code).toBe('UNAUTHENTICATED');
  });

  it.each(['', 'x', 'x'.repeat(10_000), '\u0000'])('%j is none', async (code) => {
    expect((await door.exchange(code)).code).toBe('UNAUTHENTICATED');
  });

  it('does not stand in the database', async () => {
    const code = await codeOf();
    const { rows } = await door.identity.database.pool.query(
      `SELECT count(*)::int FROM identity.sign_in_flow f WHERE f::text LIKE '%' || $1 || '%'`,
      [code],
    );
    expect(rows).toEqual([{ count: 0 }]);
  });
});

describe('a start is refused', () => {
  const start = async (of: string, parameters: Record<string, string>) => {
    const { status, body } = await new Browser().open(door.startUrl(of, parameters));
    return { status, code: JSON.parse(body).errors[0].extensions.code };
  };

  it.each([
    'https://evil.example.org/',
    `${RETURN_URL}/below`,
    `${RETURN_URL}?x=1`,
    `${RETURN_URL}@evil.example.org/`,
    'https://dashboard.example.org@evil.example.org/signed-in',
    '//evil.example.org/',
    'javascript:alert(1)',
    'data:text/html,x',
    '',
  ])('to come back to %s', async (returnTo) => {
    expect(await start(provider, { returnTo })).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
  });

  it('without a challenge, at a provider that is unknown or switched off', async () => {
    expect(await start(provider, { challenge: 'short' })).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
    const off = await door.provider(ministry.issuer, { name: 'Off', enabled: false });
    for (const id of [off, newId(), 'x', '']) {
      expect(await start(id, {})).toEqual({ status: 404, code: 'NOT_FOUND' });
    }
  });

  it('but not to come back to a page of Iroko itself', async () => {
    await memberThere();
    const returnTo = `${door.url}/dashboard?tab=1`;
    const { url } = await new Browser().open(door.startUrl(provider, { returnTo }));
    expect(url.href.startsWith(`${returnTo}&sign_in_code=`)).toBe(true);
  });
});

it('the buttons of an account are known to everybody, those of an account that is none are none', async () => {
  const choices = async (account: string) =>
    (
      await door.identity.ask(
        'query ($account: String!) { signInChoices(account: $account) { provider name kind } }',
        {
          variables: { account },
        },
      )
    ).data;
  expect(await choices(door.account.slug)).toEqual({
    signInChoices: [{ provider, name: 'Ministry', kind: 'OIDC' }],
  });
  expect(await choices('account-that-never-was')).toEqual({ signInChoices: [] });
  expect(await choices('\u0000')).toEqual({ signInChoices: [] });
});
