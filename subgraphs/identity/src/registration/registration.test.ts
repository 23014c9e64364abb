import { SEEDED_PASSWORD, type SeededAccount, seedAccount, seedMember } from '@iroko/testing';
import {
  type Answer,
  type AskOptions,
  type IdentityUnderTest,
  identityUnderTest,
} from '../testing/identity-under-test';
import { mailsTo, tokenMailedTo } from '../testing/mails';

const PASSWORD = 'seven lamps under the wide river';

let open: IdentityUnderTest;
let closed: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;

beforeAll(async () => {
  open = await identityUnderTest({ signUp: 'open' });
  closed = await identityUnderTest();
  account = await seedAccount(closed.database);
  twin = await seedAccount(closed.database);
  await letIn(account, ['sante.example']);
});
afterAll(() => Promise.all([open.close(), closed.close()]));

let numbered = 0;
let email: string;
let slug: string;
beforeEach(() => {
  numbered++;
  email = `Grace.${numbered}@sante.example`;
  slug = `moh-${numbered}`;
});
const remote = (): AskOptions => ({ remoteAddress: `192.0.2.${numbered}` });

const letIn = (where: SeededAccount, domains: string[]) =>
  closed.ask(
    'mutation ($domains: [String!]!) { allowMailDomains(domains: $domains) { allowedMailDomains } }',
    {
      token: where.administrator.accessToken,
      variables: { domains },
    },
  );

const register = (identity: IdentityUnderTest, input: Record<string, unknown>) =>
  identity.ask('mutation ($input: RegisterInput!) { register(input: $input) }', {
    ...remote(),
    variables: { input: { email, firstName: 'Grace', ...input } },
  });

const confirm = (
  identity: IdentityUnderTest,
  variables: { token: string; password?: string; slug?: string },
): Promise<Answer> =>
  identity.ask(
    'mutation ($token: String!, $password: String!, $slug: String) { confirmRegistration(token: $token, password: $password, slug: $slug) }',
    { ...remote(), variables: { password: PASSWORD, ...variables } },
  );

const signIn = (identity: IdentityUnderTest, password = PASSWORD) =>
  identity.ask(
    'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { accessToken me { permissions account { slug } user { firstName email } } } }',
    { ...remote(), variables: { email, password } },
  );

const persons = async (identity: IdentityUnderTest) =>
  (await identity.database.pool.query(`SELECT id FROM identity."user" WHERE email_key = lower($1)`, [email]))
    .rows;

describe('where sign-up is open', () => {
  it('somebody founds an account, follows the link, and is its administrator', async () => {
    const asked = await register(open, {
      account: { name: 'Ministère de la Santé', slug, timeZone: 'Africa/Kinshasa', language: 'fr' },
    });
    expect(asked.data).toEqual({ register: true });
    expect(await persons(open)).toEqual([]);
    const [mail] = await mailsTo(open, email);
    expect(mail?.subject).toBe('Confirmez votre adresse pour Iroko');
    const token = await tokenMailedTo(open, email);
    expect((await confirm(open, { token })).data).toEqual({ confirmRegistration: slug });
    const { data, errors } = await signIn(open);
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      signIn: {
        me: {
          account: { slug },
          user: { firstName: 'Grace', email },
          permissions: expect.arrayContaining(['users.manage']),
        },
      },
    });
    const { rows } = await open.database.pool.query(
      `SELECT e.subject_type || ' ' || e.action AS said FROM platform.change_event e
       JOIN identity.account a ON a.id = e.account_id WHERE a.slug = $1 ORDER BY e.entry`,
      [slug],
    );
    expect(rows.map(({ said }) => said)).toEqual([
      'Account CREATE',
      'Role CREATE',
      'Membership CREATE',
      'User REGISTER',
      'User SIGN_IN',
    ]);
  });

  it('whoever asks for an address of somebody else learns no password: it is chosen behind the link', async () => {
    await register(open, { account: { name: 'Mine', slug } });
    await mailsTo(open, email);
    expect((await signIn(open)).code).toBe('UNAUTHENTICATED');
    expect(await persons(open)).toEqual([]);
  });

  it('a slug that is taken is refused at once; one taken meanwhile at the end, and another can be given', async () => {
    await register(open, { account: { name: 'First', slug } });
    const first = await tokenMailedTo(open, email);
    await register(open, { account: { name: 'Second', slug } });
    const second = await tokenMailedTo(open, email);
    await confirm(open, { token: first });
    expect(await register(open, { account: { name: 'Third', slug } })).toMatchObject({ code: 'CONFLICT' });
    expect(await confirm(open, { token: second })).toMatchObject({ code: 'CONFLICT' });
    expect((await confirm(open, { token: second, slug: `${slug}-b` })).data).toEqual({
      confirmRegistration: `${slug}-b`,
    });
  });

  it('somebody who is known founds another account with the password they have, and no other', async () => {
    await register(open, { account: { name: 'First', slug } });
    await confirm(open, { token: await tokenMailedTo(open, email) });
    const known = await register(open, { account: { name: 'Second', slug: `${slug}-b` } });
    expect(known.data).toEqual({ register: true });
    const token = await tokenMailedTo(open, email);
    expect(await confirm(open, { token, password: 'a very different long password' })).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect((await confirm(open, { token })).data).toEqual({ confirmRegistration: `${slug}-b` });
    expect(await persons(open)).toHaveLength(1);
  });

  it('of ten confirmations at once one makes the account', async () => {
    await register(open, { account: { name: 'Once', slug } });
    const token = await tokenMailedTo(open, email);
    const answers = await Promise.all(Array.from({ length: 10 }, () => confirm(open, { token })));
    expect(answers.filter(({ code }) => code === undefined)).toHaveLength(1);
    expect(await persons(open)).toHaveLength(1);
  });

  it('a weak password leaves the link good and makes nothing', async () => {
    await register(open, { account: { name: 'Weak', slug } });
    const token = await tokenMailedTo(open, email);
    expect(await confirm(open, { token, password: 'password123' })).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await persons(open)).toEqual([]);
    expect((await confirm(open, { token })).errors).toEqual([]);
  });

  it('Solidata 7: an expired, used or unknown link says so', async () => {
    await register(open, { account: { name: 'Late', slug } });
    const token = await tokenMailedTo(open, email);
    await open.database.pool.query('UPDATE identity.mail_link SET expires_at = now() WHERE used_at IS NULL');
    const reason = async (given: string) => (await confirm(open, { token: given })).errors[0]?.extensions;
    expect(await reason(token)).toMatchObject({ details: { reason: 'expired' } });
    expect(await reason(`irokol_${'b'.repeat(43)}`)).toMatchObject({ details: { reason: 'unknown' } });
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['neither an account nor one to join', {}, ['input']],
    ['both', { account: { name: 'x', slug: 'x' }, joinAccount: 'moh' }, ['input']],
    ['a bad slug', { account: { name: 'x', slug: 'Bad Slug' } }, ['input', 'account', 'slug']],
    ['an empty name', { account: { name: ' ', slug: 'good-slug' } }, ['input', 'account', 'name']],
    [
      'a bad time zone',
      { account: { name: 'x', slug: 'good-slug', timeZone: 'Mars' } },
      ['input', 'account', 'timeZone'],
    ],
    ['a bad address', { email: 'grace', account: { name: 'x', slug: 'good-slug' } }, ['input', 'email']],
    ['a bad language', { language: 'tlh', account: { name: 'x', slug: 'good-slug' } }, ['input', 'language']],
  ])('%s is refused by name', async (_, input, path) => {
    expect((await register(open, input)).errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path },
    });
  });
});

describe('where sign-up is closed, as it is unless the operator opens it', () => {
  it('nobody founds an account, and the answer says what to do', async () => {
    const { errors } = await register(closed, { account: { name: 'Mine', slug } });
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining('invitation'),
      extensions: { code: 'FORBIDDEN' },
    });
    expect(await mailsTo(closed, email)).toEqual([]);
  });

  it('a link from when it was open founds nothing either', async () => {
    await register(open, { account: { name: 'Mine', slug } });
    const token = await tokenMailedTo(open, email);
    const settings = jest.replaceProperty(open.settings as { signUp: 'open' | 'closed' }, 'signUp', 'closed');
    try {
      expect(await confirm(open, { token })).toMatchObject({ code: 'FORBIDDEN' });
    } finally {
      settings.restore();
    }
  });

  it('an allowed, confirmed mail domain joins, with no permission at all', async () => {
    expect((await register(closed, { joinAccount: account.slug })).data).toEqual({ register: true });
    expect(await persons(closed)).toEqual([]);
    const token = await tokenMailedTo(closed, email);
    expect((await confirm(closed, { token })).data).toEqual({ confirmRegistration: account.slug });
    const { data } = await signIn(closed);
    expect(data).toMatchObject({ signIn: { me: { account: { slug: account.slug }, permissions: [] } } });
    expect((await register(closed, { joinAccount: account.slug })).data).toEqual({ register: true });
    expect(await confirm(closed, { token: await tokenMailedTo(closed, email) })).toMatchObject({
      code: 'CONFLICT',
    });
  });

  it.each<[string, () => string, string]>([
    ['an account that lets no domain in', () => twin.slug, 'sante.example'],
    ['an account that lets another domain in', () => account.slug, 'elsewhere.example'],
    ['an account that lets only the domain above in', () => account.slug, 'sub.sante.example'],
    ['an account that does not exist', () => 'no-such-account', 'sante.example'],
  ])('nobody joins %s, in the same words', async (_, where, domain) => {
    email = `grace.${numbered}@${domain}`;
    const { errors } = await register(closed, { joinAccount: where() });
    expect(errors[0]).toMatchObject({
      message:
        'Nobody joins this account by themselves with such an address. Ask an administrator of the account for an invitation.',
      extensions: { code: 'FORBIDDEN' },
    });
  });

  it('a domain that is no longer let in is not, whatever link there is', async () => {
    await register(closed, { joinAccount: account.slug });
    const token = await tokenMailedTo(closed, email);
    await letIn(account, []);
    expect(await confirm(closed, { token })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await persons(closed)).toEqual([]);
    await letIn(account, ['sante.example']);
  });

  it('the domains are written one way, and the log tells of their change', async () => {
    const { data } = await letIn(twin, ['Bücher.example', '@sante.example ', 'sante.example']);
    expect(data).toEqual({
      allowMailDomains: { allowedMailDomains: ['sante.example', 'xn--bcher-kva.example'] },
    });
    await letIn(twin, []);
    const { rows } = await closed.database.pool.query(
      `SELECT fields_after FROM platform.change_event WHERE account_id = $1 AND subject_type = 'Account' ORDER BY entry`,
      [twin.accountId],
    );
    expect(rows.map(({ fields_after }) => fields_after.allowedMailDomains)).toEqual([
      ['sante.example', 'xn--bcher-kva.example'],
      [],
    ]);
  });

  it.each(['', 'localhost', 'a b', 'gouv', '127.0.0.1', 'a@b.example', '*.example.org'])(
    'a domain is refused: %j',
    async (domain) => {
      expect((await letIn(twin, [domain])).code).toBe('BAD_USER_INPUT');
    },
  );

  it('only who manages the account sees or changes them', async () => {
    const member = await seedMember(closed.database, account.accountId);
    const seen = await closed.ask('{ me { account { allowedMailDomains } } }', { token: member.accessToken });
    expect(seen.data).toEqual({ me: { account: { allowedMailDomains: null } } });
    const { code } = await closed.ask('mutation { allowMailDomains(domains: []) { id } }', {
      token: member.accessToken,
    });
    expect(code).toBe('FORBIDDEN');
  });
});

it('Solidata 6: registering an address tells nobody whether it is known', async () => {
  const member = await seedMember(closed.database, account.accountId, { email: email.toLowerCase() });
  const known = await register(closed, { joinAccount: account.slug });
  const [mail] = await mailsTo(closed, email);
  email = `unknown.${numbered}@sante.example`;
  expect(await register(closed, { joinAccount: account.slug })).toEqual(known);
  const [other] = await mailsTo(closed, email);
  const withoutToken = (text: string | undefined) => text?.replace(/irokol_[\w-]+/, '');
  expect(withoutToken(other?.text)).toBe(withoutToken(mail?.text));
  expect(member.password).toBe(SEEDED_PASSWORD);
});
