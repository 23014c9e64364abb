/**
 * Signing in at a provider of an account that has invited the address.
 */
import { newId } from '@iroko/database';
import { type SeededMember, seedMember, seedMembership } from '@iroko/testing';
import { tokenMailedTo } from '../testing/mails';
import { RealProvider } from './testing/real-provider';
import { SignInDoor } from './testing/sign-in-door';

let door: SignInDoor;
let ministry: RealProvider;
let provider: string;
let email: string;
let roleId: string;

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
  provider = await door.provider(ministry.issuer);
  email = `grace-${newId()}@example.org`;
  const { data } = await door.ask(
    'mutation { createRole(input: { name: "Reader", permissions: ["org_units.read"] }) { id } }',
  );
  roleId = (data as { createRole: { id: string } }).createRole.id;
});

async function invited(as: SeededMember = door.account.administrator): Promise<string> {
  const { data, errors } = await door.ask(
    'mutation ($input: InviteUserInput!) { inviteUser(input: $input) { id } }',
    { input: { email, roleIds: [roleId], language: 'fr' } },
    as.accessToken,
  );
  expect(errors).toEqual([]);
  return (data as { inviteUser: { id: string } }).inviteUser.id;
}

const there = (more: object = {}) =>
  ministry.next({ sub: `g-${email}`, email, email_verified: true, ...more });

const invitations = async () =>
  (await door.ask('{ invitations { nodes { status acceptedBy { id } } } }')).data?.invitations;

const refusedAndNothingMade = async () => {
  const before = await door.counts();
  expect(await door.refusedWith(provider)).toBe('FORBIDDEN');
  expect(await door.counts()).toEqual(before);
};

it('a new person accepts by signing in, holds what the invitation gives, and is the same person the next time', async () => {
  await invited();
  await there({ given_name: 'Grace' });
  const before = await door.counts();
  const { me } = await door.signedIn(provider);
  expect(me).toMatchObject({
    user: { email, firstName: 'Grace' },
    account: { slug: door.account.slug },
    permissions: ['org_units.read'],
  });
  expect(await invitations()).toEqual({ nodes: [{ status: 'ACCEPTED', acceptedBy: { id: me.user.id } }] });
  expect((await door.signedIn(provider)).me.user.id).toBe(me.user.id);
  expect(await door.counts()).toEqual({ people: before.people + 1, members: before.members + 1 });
});

it('the log says who accepted, and where they proved it', async () => {
  await invited();
  await there();
  const { me } = await door.signedIn(provider);
  expect((await door.log('Invitation')).map(({ action }) => action)).toEqual(['CREATE', 'ACCEPT']);
  expect((await door.log('Membership')).slice(-2)).toMatchObject([
    { action: 'CREATE', after: { userId: me.user.id, providerId: provider, roleIds: [roleId] } },
    { action: 'LINK_SIGN_IN', after: { providerId: provider } },
  ]);
});

it('of ten sign-ins at once one makes the person and the member', async () => {
  await invited();
  await there();
  const before = await door.counts();
  await Promise.all(Array.from({ length: 10 }, () => door.through(provider)));
  expect(await door.counts()).toEqual({ people: before.people + 1, members: before.members + 1 });
});

it('the link in the mail is used up by it', async () => {
  await invited();
  const token = await tokenMailedTo(door.identity, email);
  await there();
  await door.signedIn(provider);
  const { code } = await door.identity.ask(
    'mutation ($token: String!) { acceptInvitation(token: $token, password: "seven lamps under the wide river") }',
    { variables: { token } },
  );
  expect(code).toBe('BAD_USER_INPUT');
});

it('somebody whose membership of this account ended comes back as the person they were', async () => {
  const member = await seedMember(door.identity.database, door.account.accountId, {
    permissions: ['forms.read'],
  });
  await door.identity.database.pool.query(
    'UPDATE identity.membership SET ended_at = now() WHERE user_id = $1',
    [member.userId],
  );
  email = member.email;
  await invited();
  await there();
  expect((await door.signedIn(provider)).me).toMatchObject({
    user: { id: member.userId },
    permissions: ['org_units.read'],
  });
});

it.each([
  ['of another account', false],
  ['of another account, who was in this one too', true],
])(
  'a person %s is made no member by the word of this account: they follow the link in the mail',
  async (_, was) => {
    const { database } = door.identity;
    const member = await seedMember(database, door.twin.accountId);
    if (was) {
      await seedMembership(database, { ...member, accountId: door.account.accountId });
      await database.pool.query(
        'UPDATE identity.membership SET ended_at = now() WHERE account_id = $1 AND user_id = $2',
        [door.account.accountId, member.userId],
      );
    }
    email = member.email;
    await invited();
    await there();
    await refusedAndNothingMade();
    expect(await invitations()).toEqual({ nodes: [{ status: 'OPEN', acceptedBy: null }] });
  },
);

it.each([
  ['not confirmed', { email_verified: false }],
  ['confirmed by a text', { email_verified: 'true' as unknown as boolean }],
  ['another', { email: 'somebody-else@example.org' }],
])('an address that is %s accepts nothing', async (_, more) => {
  await invited();
  await there(more);
  await refusedAndNothingMade();
});

it('an invitation that was revoked, that expired, or of another account is none', async () => {
  const id = await invited();
  await door.ask('mutation ($id: ID!) { revokeInvitation(id: $id) { id } }', { id });
  await there();
  await refusedAndNothingMade();
  await invited();
  await door.identity.database.pool.query(
    `UPDATE identity.invitation SET expires_at = now() WHERE email = $1`,
    [email],
  );
  await refusedAndNothingMade();
  roleId = door.twin.administratorRoleId;
  await invited(door.twin.administrator);
  await refusedAndNothingMade();
});

it('whoever invited may no longer give what the invitation gives: nobody joins', async () => {
  const manager = await seedMember(door.identity.database, door.account.accountId, {
    permissions: ['users.manage', 'roles.manage', 'org_units.read'],
  });
  await invited(manager);
  await door.identity.database.pool.query(
    `UPDATE identity.membership SET permissions = '{users.manage,roles.manage}' WHERE user_id = $1`,
    [manager.userId],
  );
  await there();
  await refusedAndNothingMade();
});
