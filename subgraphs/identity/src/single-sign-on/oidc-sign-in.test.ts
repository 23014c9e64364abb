import { newId } from '@iroko/database';
import { type SeededMember, seedMember, seedMembership } from '@iroko/testing';
import { tokenMailedTo } from '../testing/mails';
import { Browser } from './testing/browser';
import { RealProvider } from './testing/real-provider';
import { SignInDoor } from './testing/sign-in-door';

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
const memberThere = (more: object = {}) =>
  ministry.next({ sub: `m-${member.userId}`, email: member.email, email_verified: true, ...more });

describe('signing in at an OpenID provider', () => {
  it('ends with tokens of the member whose confirmed address it is', async () => {
    await memberThere();
    const { me, accessToken } = await door.signedIn(provider);
    expect(me).toMatchObject({
      user: { id: member.userId },
      account: { slug: door.account.slug },
      permissions: ['forms.read'],
    });
    expect((await door.ask('{ me { user { id } } }', {}, accessToken)).data).toEqual({
      me: { user: { id: member.userId } },
    });
  });

  it('also as a public client, without a secret', async () => {
    const open = await door.provider(ministry.issuer, {
      name: 'Public',
      clientId: 'iroko-public',
      clientSecret: null,
    });
    await memberThere();
    expect((await door.signedIn(open)).me.user.id).toBe(member.userId);
  });

  it('the address may be written otherwise, and its accents too', async () => {
    await memberThere({ email: ` ${member.email.toUpperCase()}` });
    expect((await door.signedIn(provider)).me.user.id).toBe(member.userId);
  });

  it('no token ever stands in an address; the code there is worth nothing without the secret of the page', async () => {
    await memberThere();
    const browser = new Browser();
    const { url } = await door.through(provider, browser);
    const { data } = await door.exchange(url.searchParams.get('sign_in_code') ?? '');
    const tokens = Object.values((data as { exchangeSignInCode: object }).exchangeSignInCode);
    const addresses = browser.visited.join(' ');
    expect(browser.visited.length).toBeGreaterThan(3);
    for (const token of tokens.filter((value) => typeof value === 'string')) {
      expect(addresses).not.toContain(token);
    }
    expect(addresses).not.toContain(door.verifier);
  });

  it('asks for PKCE, state and nonce', async () => {
    const browser = new Browser();
    const { url } = await browser.open(door.startUrl(provider), ({ origin }) => origin === ministry.issuer);
    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: `${door.url}/sign-in/callback`,
    });
  });

  it('stands in the log, with the provider', async () => {
    await memberThere();
    await door.signedIn(provider);
    expect(await door.log('User')).toEqual([
      {
        action: 'SIGN_IN',
        after: expect.objectContaining({ sessionId: expect.any(String), providerId: provider }),
      },
    ]);
    expect((await door.log('Membership')).map(({ action }) => action)).toEqual(['LINK_SIGN_IN']);
  });

  it('is refreshed like any session', async () => {
    await memberThere();
    const { refreshToken } = await door.signedIn(provider);
    const answer = await door.identity.ask(
      'mutation ($token: String!) { refreshSession(refreshToken: $token) { me { user { id } } } }',
      { variables: { token: refreshToken } },
    );
    expect(answer.data).toEqual({ refreshSession: { me: { user: { id: member.userId } } } });
  });
});

describe('who somebody is', () => {
  it('is kept at the first sign-in: another address at the provider changes nobody', async () => {
    await memberThere();
    await door.signedIn(provider);
    const other = await seedMember(door.identity.database, door.account.accountId);
    await memberThere({ email: other.email });
    expect((await door.signedIn(provider)).me.user.id).toBe(member.userId);
  });

  it.each([
    ['not confirmed', { email_verified: false }],
    ['of which nothing is said', { email_verified: undefined }],
    ['missing', { email: undefined }],
  ])('is not told by an address that is %s, and nothing is made', async (_, more) => {
    await memberThere(more);
    const before = await door.counts();
    expect(await door.refusedWith(provider)).toBe('FORBIDDEN');
    expect(await door.counts()).toEqual(before);
    expect((await door.log('SignInProvider')).at(-1)).toEqual({
      action: 'SIGN_IN_FAILED',
      after: { reason: 'NO_MEMBER' },
    });
  });

  it('a person of another account is never taken over, nor made a member, also with their domain allowed', async () => {
    const domain = door.twin.administrator.email.split('@')[1] ?? '';
    const open = await door.provider(ministry.issuer, { name: 'Open', allowedDomains: [domain] });
    await ministry.next({ sub: newId(), email: door.twin.administrator.email, email_verified: true });
    const before = await door.counts();
    expect([await door.refusedWith(provider), await door.refusedWith(open)]).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
    ]);
    expect(await door.counts()).toEqual(before);
  });

  it('somebody whose membership ended is nobody, also by an earlier sign-in', async () => {
    await memberThere();
    await door.signedIn(provider);
    await door.identity.database.pool.query(
      'UPDATE identity.membership SET ended_at = now() WHERE user_id = $1',
      [member.userId],
    );
    expect(await door.refusedWith(provider)).toBe('FORBIDDEN');
  });

  it('a stranger of an allowed domain joins with the role that is set, once', async () => {
    const open = await door.provider(ministry.issuer, {
      name: 'Open',
      allowedDomains: ['Health.Example.org'],
      joiningRoleId: door.account.administratorRoleId,
    });
    const before = await door.counts();
    await ministry.next({
      sub: newId(),
      email: `${newId()}@health.example.org`,
      email_verified: true,
      given_name: 'Grace\u0000',
    });
    const first = await door.signedIn(open);
    expect(first.me.user.firstName).toBe('Grace');
    expect(first.me.permissions).toContain('accounts.manage');
    expect((await door.signedIn(open)).me.user.id).toBe(first.me.user.id);
    expect(await door.counts()).toEqual({ people: before.people + 1, members: before.members + 1 });
  });
});

describe('a session of a provider is good in its account alone', () => {
  it.each([
    ['profile', 'mutation { updateProfile(input: { firstName: "Eve" }) { id } }'],
    ['password', 'mutation { changePassword(currentPassword: "x", newPassword: "zebra tunnel violet 91") }'],
    ['sessions elsewhere', 'mutation { signOutEverywhere }'],
  ])('it does not change the %s of the person', async (_, query) => {
    await memberThere();
    const { accessToken } = await door.signedIn(provider);
    expect((await door.ask(query, {}, accessToken)).code).toBe('FORBIDDEN');
  });

  it('it does not tell of other accounts of the person', async () => {
    const { database } = door.identity;
    await seedMembership(database, { ...member, accountId: door.twin.accountId });
    await memberThere();
    const { accessToken } = await door.signedIn(provider);
    const { data } = await door.ask('{ me { memberships { account { id } } } }', {}, accessToken);
    expect(data).toEqual({ me: { memberships: [{ account: { id: door.account.accountId } }] } });
  });

  it('it does not go on in another account of the person, nor accept invitations as them', async () => {
    const { database } = door.identity;
    await seedMembership(database, { ...member, accountId: door.twin.accountId });
    await memberThere();
    const { accessToken, refreshToken } = await door.signedIn(provider);
    const switched = await door.identity.ask(
      `mutation ($refreshToken: String!, $account: ID!) {
        switchAccount(refreshToken: $refreshToken, accountId: $account) { accessToken }
      }`,
      { variables: { refreshToken, account: door.twin.accountId } },
    );
    expect(switched.code).toBe('FORBIDDEN');
    await database.pool.query(
      'UPDATE identity.membership SET ended_at = now() WHERE account_id = $1 AND user_id = $2',
      [door.twin.accountId, member.userId],
    );
    await door.ask(
      'mutation ($email: String!) { inviteUser(input: { email: $email }) { id } }',
      { email: member.email },
      door.twin.administrator.accessToken,
    );
    const token = await tokenMailedTo(door.identity, member.email);
    const accepted = await door.ask(
      'mutation ($token: String!) { acceptInvitation(token: $token) }',
      { token },
      accessToken,
    );
    expect(accepted.code).toBe('UNAUTHENTICATED');
  });

  it('it can be signed out of, and ends when the provider is removed', async () => {
    await memberThere();
    const [one, other] = [await door.signedIn(provider), await door.signedIn(provider)];
    expect((await door.ask('mutation { signOut }', {}, one.accessToken)).data).toEqual({ signOut: true });
    await door.ask('mutation ($id: ID!) { removeSignInProvider(id: $id) { id } }', { id: provider });
    const refresh = await door.identity.ask(
      'mutation ($token: String!) { refreshSession(refreshToken: $token) { accessToken } }',
      { variables: { token: other.refreshToken } },
    );
    expect(refresh.code).toBe('UNAUTHENTICATED');
  });
});
