/**
 * Deeds that change people, their memberships and roles.
 */
import { randomBytes } from 'node:crypto';
import { SEEDED_PASSWORD, seedAccount, seedMembership } from '@iroko/testing';
import type { Deed, Ground } from './ground';
import { codeNow } from './second-factor';

const NEW_PASSWORD = 'seven lamps under the wide river';

export const newWord = () => `walk-${randomBytes(5).toString('hex')}`;
const newAddress = () => `${newWord()}@example.org`;

const newRole = ({ mutate }: Ground) =>
  mutate('identity', 'createRole', '$input: CreateRoleInput!', {
    input: { name: newWord(), permissions: ['forms.read'] },
  });

async function memberAndRole(ground: Ground): Promise<{ userId: string; roleId: string }> {
  const [{ userId }, { id }] = [await ground.member(), await newRole(ground)];
  return { userId, roleId: id };
}

async function invited({ mutate, tokenMailedTo }: Ground): Promise<string> {
  const email = newAddress();
  await mutate('identity', 'inviteUser', '$input: InviteUserInput!', { input: { email } }, '{ id }');
  return tokenMailedTo(email);
}

/** Asks for another address, and answers its link that is left when the old one was followed. */
async function halfConfirmed({ stage, member, tokenMailedTo }: Ground): Promise<string> {
  const { accessToken, email } = await member();
  const newEmail = newAddress();
  const asked = {
    query:
      'mutation ($newEmail: String!, $password: String!) { requestEmailChange(newEmail: $newEmail, currentPassword: $password) { done } }',
    variables: { newEmail, password: SEEDED_PASSWORD },
  };
  await stage.ask('identity', asked, accessToken);
  const confirmed = {
    query: 'mutation ($token: String!) { confirmEmailChange(token: $token) { done } }',
    variables: { token: await tokenMailedTo(email) },
  };
  await stage.ask('identity', confirmed, undefined);
  return tokenMailedTo(newEmail);
}

/** The refresh token of somebody who is signed in to the account of that slug. */
async function signedIn({ mutate }: Ground, email: string, account: string): Promise<string> {
  const tokens = await mutate<{ refreshToken: string }>(
    'identity',
    'signIn',
    '$email: String!, $password: String!, $account: String',
    { email, password: SEEDED_PASSWORD, account },
    '{ refreshToken }',
  );
  return tokens.refreshToken;
}

/** Of a member who is signed in to another account of theirs. */
async function signedInElsewhere(ground: Ground): Promise<string> {
  const { platform } = ground.stage.services;
  const other = await seedAccount(platform);
  const person = await ground.member();
  await seedMembership(platform, { ...person, accountId: other.accountId });
  return signedIn(ground, person.email, other.slug);
}

const begun = async ({ mutate }: Ground): Promise<string> => {
  const { secret } = await mutate<{ secret: string }>(
    'identity',
    'beginSecondFactor',
    '$password: String!',
    { password: SEEDED_PASSWORD },
    '{ secret }',
  );
  return codeNow(secret);
};

/** A recovery code, since each code of the app is taken once. */
async function recoveryCode(ground: Ground): Promise<{ password: string; code: string }> {
  const code = await begun(ground);
  const codes = await ground.mutate<string[]>(
    'identity',
    'confirmSecondFactor',
    '$code: String!',
    { code },
    '',
  );
  return { password: SEEDED_PASSWORD, code: codes[0] ?? '' };
}

async function resetMailed(ground: Ground): Promise<string> {
  const { email } = await ground.member();
  await ground.mutate('identity', 'requestPasswordReset', '$email: String!', { email }, '');
  await ground.answerDue();
  return ground.tokenMailedTo(email);
}

/** Somebody asks to join the account, which lets in who has an address of the domain. */
async function registered(ground: Ground): Promise<string> {
  const domain = `${newWord()}.example.org`;
  const input = { email: `grace@${domain}`, firstName: 'Grace', joinAccount: ground.account.slug };
  await ground.mutate(
    'identity',
    'allowMailDomains',
    '$domains: [String!]!',
    { domains: [domain] },
    '{ id }',
  );
  await ground.mutate('identity', 'register', '$input: RegisterInput!', { input }, '');
  await ground.answerDue();
  return ground.tokenMailedTo(input.email);
}

export const PEOPLE_DEEDS: Readonly<Record<string, Deed>> = {
  'Mutation.acceptInvitation': async (ground) => ({
    token: await invited(ground),
    password: NEW_PASSWORD,
    firstName: 'Grace',
  }),
  'Mutation.confirmRegistration': async (ground) => ({
    token: await registered(ground),
    password: NEW_PASSWORD,
  }),
  'Mutation.resetPassword': async (ground) => ({
    token: await resetMailed(ground),
    newPassword: NEW_PASSWORD,
  }),
  'Mutation.requestEmailChange': () => ({ newEmail: newAddress(), currentPassword: SEEDED_PASSWORD }),
  'Mutation.confirmEmailChange': async (ground) => ({ token: await halfConfirmed(ground) }),
  'Mutation.changePassword': () => ({ currentPassword: SEEDED_PASSWORD, newPassword: NEW_PASSWORD }),
  'Mutation.updateProfile': () => ({ input: { organization: newWord() } }),
  'Mutation.deleteMyself': ({ account, id }) => ({
    input: {
      password: SEEDED_PASSWORD,
      handOvers: [{ accountId: account.accountId, userId: id('OtherUser') }],
    },
  }),
  'Mutation.signIn': async ({ account, member }) => ({
    email: (await member()).email,
    password: SEEDED_PASSWORD,
    account: account.slug,
  }),
  'Mutation.refreshSession': async (ground) => ({
    refreshToken: await signedIn(ground, (await ground.member()).email, ground.account.slug),
  }),
  'Mutation.register': ({ account }) => ({ input: { email: newAddress(), joinAccount: account.slug } }),
  'Mutation.switchAccount': async (ground) => ({
    accountId: ground.account.accountId,
    refreshToken: await signedInElsewhere(ground),
  }),
  'Mutation.confirmSecondFactor': async (ground) => ({ code: await begun(ground) }),
  'Mutation.removeSecondFactor': recoveryCode,
  'Mutation.newRecoveryCodes': recoveryCode,
  'Mutation.allowMailDomains': () => ({ domains: [`${newWord()}.example.org`] }),
  'Mutation.createRole': () => ({ input: { name: newWord(), permissions: ['forms.read'] } }),
  'Mutation.removeRole': async (ground) => ({ id: (await newRole(ground)).id, expectedRevision: 1 }),
  'Mutation.giveRole': memberAndRole,
  'Mutation.takeRole': async (ground) => {
    const given = await memberAndRole(ground);
    await ground.mutate('identity', 'giveRole', '$userId: ID!, $roleId: ID!', given, '{ id }');
    return given;
  },
  'Mutation.endMembership': async ({ member }) => ({ userId: (await member()).userId }),
  'Mutation.updateMembership': async ({ member }) => ({
    input: { userId: (await member()).userId, expectedRevision: 1, permissions: ['forms.read'] },
  }),
  'Mutation.updateMemberships': async ({ member }) => ({
    selection: { ids: [(await member()).userId] },
    change: { addPermissions: ['forms.read'] },
    dryRun: false,
  }),
  'Mutation.linkDhis2User': async ({ member }) => ({
    userId: (await member()).userId,
    dhis2Id: `u${randomBytes(5).toString('hex')}`,
  }),
};
