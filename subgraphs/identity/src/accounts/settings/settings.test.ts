import { Readable } from 'node:stream';
import { type SeededAccount, seedMember, seedReleasedUnits, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../../testing/identity-under-test';

const UPDATE = `mutation ($input: UpdateAccountInput!) {
  updateAccount(input: $input) { name timeZone language settings {
    languages modules labels { language label text } theme { title primaryColour secondaryColour logoUrl } revision } } }`;
const MODULES = '{ me { permissions account { settings { modules } } } }';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let identity: IdentityUnderTest;
let account: SeededAccount;

beforeEach(async () => {
  identity = await identityUnderTest();
  ({ account } = await seedTwins(identity.database));
});
afterEach(() => identity.close());

const update = (input: object, token = account.administrator.accessToken) =>
  identity.ask(UPDATE, { token, variables: { input: { expectedRevision: 1, ...input } } });
const store = (content: Buffer, name: string) =>
  identity.files.store(identity.database.forAccount(account.actor), Readable.from([content]), { name });

it('an account chooses its languages, words and look, and what is left out stays', async () => {
  const logo = await store(PNG, 'logo.png');
  const settings = {
    languages: ['en', 'fr'],
    labels: [{ language: 'fr', label: 'orgUnit', text: 'Unité' }],
  };
  const theme = { title: 'Carte sanitaire', primaryColour: '#00AAFF', logoFileId: logo.id };
  const { data, errors } = await update({
    name: 'Ministère',
    timeZone: 'africa/lubumbashi',
    ...settings,
    theme,
  });
  expect(errors).toEqual([]);
  expect(data?.updateAccount).toEqual({
    name: 'Ministère',
    timeZone: 'Africa/Lubumbashi',
    language: 'en',
    settings: {
      ...settings,
      modules: expect.arrayContaining(['IDENTITY', 'DATASETS']),
      theme: {
        title: 'Carte sanitaire',
        primaryColour: '#00aaff',
        secondaryColour: null,
        logoUrl: expect.stringContaining(logo.id),
      },
      revision: 2,
    },
  });
  const later = await update({ expectedRevision: 2, language: 'fr' });
  expect(later.data).toMatchObject({ updateAccount: { language: 'fr', settings } });
  expect((await update({ language: 'en' })).code).toBe('CONFLICT');
});

it('a module that is switched off takes its permissions out of effect, and they come back with it', async () => {
  const reader = await seedMember(identity.database, account.accountId, {
    permissions: ['datasets.read', 'org_units.read'],
  });
  const now = async () => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return (await identity.ask(MODULES, { token: reader.accessToken })).data;
  };
  await update({ modules: ['GEOREGISTRY'] });
  expect(await now()).toMatchObject({
    me: {
      permissions: ['org_units.read'],
      account: { settings: { modules: ['IDENTITY', 'PLATFORM', 'GEOREGISTRY'] } },
    },
  });
  await update({ expectedRevision: 2, modules: ['GEOREGISTRY', 'DATASETS', 'SUBMISSIONS'] });
  expect(await now()).toMatchObject({ me: { permissions: ['datasets.read', 'org_units.read'] } });
});

it('a permission of a module that is off is not granted: in a role, to a member, on a token', async () => {
  await update({ modules: ['GEOREGISTRY'] });
  const member = await seedMember(identity.database, account.accountId);
  const token = account.administrator.accessToken;
  const attempts = [
    ['mutation ($p: [String!]!) { createRole(input: { name: "R", permissions: $p }) { id } }', {}],
    [
      'mutation ($p: [String!]!, $user: ID!) { updateMembership(input: { userId: $user, expectedRevision: 1, permissions: $p }) { id } }',
      { user: member.userId },
    ],
    ['mutation ($p: [String!]!) { createApiToken(input: { name: "T", permissions: $p }) { token } }', {}],
  ] as const;
  for (const [query, more] of attempts) {
    const variables = { p: ['datasets.read'], ...more };
    expect((await identity.ask(query, { token, variables })).code).toBe('BAD_USER_INPUT');
    const on = { ...variables, p: ['org_units.read'] };
    expect((await identity.ask(query, { token, variables: on })).errors).toEqual([]);
  }
});

it('an administrator still changes and removes whoever holds a permission of a module that is off', async () => {
  const member = await seedMember(identity.database, account.accountId, { permissions: ['datasets.read'] });
  await update({ modules: ['GEOREGISTRY'] });
  const { errors } = await identity.ask('mutation ($user: ID!) { endMembership(userId: $user) { id } }', {
    token: account.administrator.accessToken,
    variables: { user: member.userId },
  });
  expect(errors).toEqual([]);
});

it.each<[string, object]>([
  ['no language', { languages: [] }],
  ['a language that we do not speak', { languages: ['tlh'] }],
  ['languages without that of people who chose none', { languages: ['fr'] }],
  ['a module that is none', { modules: ['POLIO'] }],
  ['a module named like what every object has', { modules: ['constructor'] }],
  ['a label in a language that it does not offer', { labels: [{ language: 'xx', label: 'a', text: 'b' }] }],
  [
    'a label given twice',
    {
      labels: [
        { language: 'fr', label: 'a', text: 'b' },
        { language: 'fr', label: 'a', text: 'c' },
      ],
    },
  ],
  ['an empty word', { labels: [{ language: 'fr', label: 'a', text: ' ' }] }],
  ['a colour by name', { theme: { primaryColour: 'blue' } }],
  ['a time zone that is none', { timeZone: 'Mars/Olympus' }],
])('an account with %s is refused', async (_, input) => {
  expect((await update(input)).code).toBe('BAD_USER_INPUT');
});

it('a logo is a picture of one’s own: markup, and files of others, are refused', async () => {
  const page = await store(Buffer.from('<svg onload="alert(1)"/>'), 'logo.svg');
  expect((await update({ theme: { logoFileId: page.id } })).code).toBe('BAD_USER_INPUT');
  const colleague = await seedMember(identity.database, account.accountId);
  const theirs = await identity.files.store(
    identity.database.forAccount(colleague.actor),
    Readable.from([PNG]),
    { name: 'logo.png' },
  );
  expect((await update({ theme: { logoFileId: theirs.id } })).code).toBe('NOT_FOUND');
});

it('somebody whose scope is a part of the account does not change it', async () => {
  const { unitIds } = await seedReleasedUnits(identity.database.forAccount(account.actor), ['north']);
  const part = await seedMember(identity.database, account.accountId, {
    permissions: ['accounts.manage'],
    scope: { unitIds },
  });
  expect((await update({ name: 'Mine' }, part.accessToken)).code).toBe('FORBIDDEN');
});
