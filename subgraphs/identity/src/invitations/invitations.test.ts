import { newId } from '@iroko/database';
import {
  SEEDED_PASSWORD,
  type SeededAccount,
  type SeededMember,
  seedAccount,
  seedMember,
} from '@iroko/testing';
import { type AskOptions, type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { mailsTo, tokenMailedTo } from '../testing/mails';

const PASSWORD = 'seven lamps under the wide river';
const FIELDS =
  'id email status roles { name } scope { orgUnitIds projectIds } mailedAt expiresAt invitedBy { id } acceptedBy { id }';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let editorRole: string;
let email: string;
let numbered = 0;

beforeAll(async () => {
  identity = await identityUnderTest();
  account = await seedAccount(identity.database);
  twin = await seedAccount(identity.database);
  const { data } = await identity.ask(
    'mutation { createRole(input: { name: "Editor", permissions: ["org_units.read", "org_units.edit"] }) { id } }',
    { token: account.administrator.accessToken },
  );
  editorRole = (data as unknown as { createRole: { id: string } }).createRole.id;
});
afterAll(() => identity.close());
beforeEach(() => {
  email = `grace-${++numbered}@example.org`;
});

const as = (member: SeededMember): AskOptions => ({ token: member.accessToken });

const invite = (input: Record<string, unknown> = {}, options = as(account.administrator)) =>
  identity.ask(`mutation ($input: InviteUserInput!) { inviteUser(input: $input) { ${FIELDS} } }`, {
    ...options,
    variables: { input: { email, ...input } },
  });

async function invited(input: Record<string, unknown> = {}, options = as(account.administrator)) {
  const { data, errors } = await invite(input, options);
  expect(errors).toEqual([]);
  return data?.inviteUser as { id: string; status: string };
}

const change = (mutation: string, id: string, options = as(account.administrator)) =>
  identity.ask(`mutation ($id: ID!) { ${mutation}(id: $id) { ${FIELDS} } }`, {
    ...options,
    variables: { id },
  });

const accept = (variables: Record<string, unknown>, options: AskOptions = {}) =>
  identity.ask(
    'mutation ($token: String!, $password: String, $firstName: String) { acceptInvitation(token: $token, password: $password, firstName: $firstName) }',
    { ...options, variables: { password: PASSWORD, firstName: 'Grace', ...variables } },
  );

const signIn = (password = PASSWORD) =>
  identity.ask(
    'mutation ($email: String!, $password: String!, $account: String) { signIn(email: $email, password: $password, account: $account) { accessToken me { user { id firstName } permissions } } }',
    { variables: { email, password, account: account.slug }, remoteAddress: `198.51.100.${numbered}` },
  );

const preview = (token: string) =>
  identity.ask('query ($token: String!) { previewInvitation(token: $token) { accountName email hasUser } }', {
    variables: { token },
  });

it('a new person accepts, chooses a password, and holds the roles of the invitation and nothing else', async () => {
  expect(await invited({ roleIds: [editorRole], language: 'fr' })).toMatchObject({
    email,
    status: 'OPEN',
    roles: [{ name: 'Editor' }],
    mailedAt: null,
    invitedBy: { id: account.administrator.userId },
  });
  const [mail] = await mailsTo(identity, email);
  expect(mail?.subject).toBe('Invitation : Ministry of Health');
  const token = await tokenMailedTo(identity, email);
  expect((await preview(token)).data).toEqual({
    previewInvitation: { accountName: 'Ministry of Health', email, hasUser: false },
  });
  expect((await accept({ token })).data).toEqual({ acceptInvitation: account.slug });
  expect((await signIn()).data).toMatchObject({
    signIn: { me: { user: { firstName: 'Grace' }, permissions: ['org_units.edit', 'org_units.read'] } },
  });
});

it('somebody who has a user accepts with the password they have, and keeps it', async () => {
  const member = await seedMember(identity.database, twin.accountId, { email });
  await invited();
  const token = await tokenMailedTo(identity, email);
  expect((await preview(token)).data).toMatchObject({ previewInvitation: { hasUser: true } });
  expect((await accept({ token })).code).toBe('UNAUTHENTICATED');
  expect((await accept({ token, password: SEEDED_PASSWORD })).data).toEqual({
    acceptInvitation: account.slug,
  });
  expect((await signIn(SEEDED_PASSWORD)).data).toMatchObject({
    signIn: { me: { user: { id: member.userId } } },
  });
});

it('whoever is signed in as that person needs no password; whoever is signed in as another does', async () => {
  const member = await seedMember(identity.database, twin.accountId, { email });
  const other = await seedMember(identity.database, twin.accountId);
  await invited();
  const token = await tokenMailedTo(identity, email);
  expect((await accept({ token, password: null }, as(other))).code).toBe('UNAUTHENTICATED');
  expect((await accept({ token, password: null }, { token: member.apiToken })).code).toBe('UNAUTHENTICATED');
  expect((await accept({ token, password: null }, as(member))).errors).toEqual([]);
});

it('an invitation cannot be accepted twice, and of ten at once one is', async () => {
  await invited();
  const token = await tokenMailedTo(identity, email);
  const answers = await Promise.all(Array.from({ length: 10 }, () => accept({ token })));
  expect(answers.filter(({ code }) => code === undefined)).toHaveLength(1);
  expect((await accept({ token })).errors[0]?.extensions).toMatchObject({ details: { reason: 'used' } });
});

it('one that was revoked or has expired is refused; sent again it is good, also with the earlier link', async () => {
  const { id } = await invited();
  const first = await tokenMailedTo(identity, email);
  await identity.database.pool.query('UPDATE identity.invitation SET expires_at = now() WHERE id = $1', [id]);
  expect((await accept({ token: first })).errors[0]?.extensions).toMatchObject({
    details: { reason: 'expired' },
  });
  expect((await change('resendInvitation', id)).data).toMatchObject({ resendInvitation: { status: 'OPEN' } });
  expect(await mailsTo(identity, email)).toHaveLength(2);
  expect((await change('revokeInvitation', id)).data).toMatchObject({
    revokeInvitation: { status: 'REVOKED' },
  });
  expect((await change('revokeInvitation', id)).errors).toEqual([]);
  expect((await accept({ token: await tokenMailedTo(identity, email) })).code).toBe('CONFLICT');
  expect((await change('resendInvitation', id)).code).toBe('CONFLICT');
});

it('an address has one open invitation; after its end there can be another', async () => {
  const { id } = await invited();
  expect((await invite({ email: email.toUpperCase() })).code).toBe('CONFLICT');
  await change('revokeInvitation', id);
  await invited();
  await identity.database.pool.query(
    'UPDATE identity.invitation SET expires_at = now() WHERE email_key = $1 AND revoked_at IS NULL',
    [email],
  );
  await invited();
  const answers = await Promise.all(Array.from({ length: 5 }, () => invite({ email: `b-${email}` })));
  expect(answers.filter(({ code }) => code === undefined)).toHaveLength(1);
  expect(answers.filter(({ code }) => code === 'CONFLICT')).toHaveLength(4);
});

it('a member is not invited again; somebody whose membership ended comes back with nothing of before', async () => {
  const member = await seedMember(identity.database, account.accountId, {
    email,
    permissions: ['datasets.read'],
  });
  expect((await invite()).code).toBe('CONFLICT');
  await identity.ask('mutation ($id: ID!) { endMembership(userId: $id) { id } }', {
    ...as(account.administrator),
    variables: { id: member.userId },
  });
  await invited({ roleIds: [editorRole] });
  const token = await tokenMailedTo(identity, email);
  expect((await accept({ token, password: SEEDED_PASSWORD })).errors).toEqual([]);
  expect((await signIn(SEEDED_PASSWORD)).data).toMatchObject({
    signIn: { me: { permissions: ['org_units.edit', 'org_units.read'] } },
  });
});

it('invitations are listed to whoever sees users, by state, and never those of another account', async () => {
  const { id } = await invited();
  await invited({}, as(twin.administrator));
  const list = (options: AskOptions, status?: string) =>
    identity.ask(
      `query ($status: InvitationStatus) { invitations(filter: { status: $status }, first: 100) { totalCount nodes { ${FIELDS} } } }`,
      { ...options, variables: { status: status ?? null } },
    );
  const open = (await list(as(account.administrator), 'OPEN')).data?.invitations as {
    totalCount: number;
    nodes: { id: string; status: string }[];
  };
  expect(open.nodes[0]).toMatchObject({ id, status: 'OPEN' });
  expect(open.nodes.every(({ status }) => status === 'OPEN')).toBe(true);
  expect(open.totalCount).toBe(open.nodes.length);
  expect((await list(as(twin.administrator))).data).toMatchObject({ invitations: { totalCount: 1 } });
  const powerless = await seedMember(identity.database, account.accountId);
  expect((await list(as(powerless))).code).toBe('FORBIDDEN');
});

it.each(['resendInvitation', 'revokeInvitation'])(
  '%s of an invitation of another account finds none',
  async (mutation) => {
    const { id } = await invited({}, as(twin.administrator));
    for (const [asked, options] of [
      [id, as(account.administrator)],
      [newId(), as(account.administrator)],
      ['x', as(account.administrator)],
    ] as const) {
      expect((await change(mutation, asked, options)).errors[0]).toMatchObject({
        extensions: { code: 'NOT_FOUND', details: { type: 'Invitation', id: asked } },
      });
    }
  },
);

it('a link of another purpose accepts nothing', async () => {
  await identity.ask('mutation ($email: String!) { requestPasswordReset(email: $email) }', {
    variables: { email: account.administrator.email },
  });
  const token = await tokenMailedTo(identity, account.administrator.email);
  expect((await accept({ token })).errors[0]?.extensions).toMatchObject({ details: { reason: 'unknown' } });
});

it('the log tells who was invited, by whom, and what became of it', async () => {
  const { id } = await invited();
  await change('resendInvitation', id);
  await accept({ token: await tokenMailedTo(identity, email) });
  const { rows } = await identity.database.pool.query(
    `SELECT action, user_id IS NOT NULL AS somebody FROM platform.change_event
     WHERE account_id = $1 AND subject_type = 'Invitation' AND subject_id = $2 ORDER BY entry`,
    [account.accountId, id],
  );
  expect(rows).toEqual(['CREATE', 'RESEND', 'ACCEPT'].map((action) => ({ action, somebody: true })));
});

it.each<[string, Record<string, unknown>, string]>([
  ['no address', { email: 'grace' }, 'BAD_USER_INPUT'],
  ['a role that there is not', { roleIds: [newId()] }, 'NOT_FOUND'],
  ['what is no id', { roleIds: ['x'] }, 'NOT_FOUND'],
  ['too many roles', { roleIds: Array.from({ length: 51 }, () => newId()) }, 'BAD_USER_INPUT'],
  ['a unit that there is not', { scope: { orgUnitIds: [newId()] } }, 'NOT_FOUND'],
  ['a language we do not speak', { language: 'tlh' }, 'BAD_USER_INPUT'],
])('%s is refused and nobody is invited', async (_, input, code) => {
  expect((await invite(input)).code).toBe(code);
  expect(await mailsTo(identity, email)).toEqual([]);
});
