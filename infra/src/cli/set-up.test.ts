import { Database, testDatabaseUrl } from '@iroko/database';
import { EXIT } from './failure';
import { run } from './run';

let url: string;
let database: Database;
beforeAll(async () => {
  url = await testDatabaseUrl();
  database = new Database({ url, name: 'set-up test' });
});
afterAll(() => database.close());

async function iroko(argv: string[], env: NodeJS.ProcessEnv = {}) {
  let out = '';
  let error = '';
  const code = await run({
    argv,
    env: { DATABASE_URL: url, ARGON2_MEMORY_KB: '8192', ...env },
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text: string) => (error += text) },
    onInterrupt: () => () => undefined,
  });
  return { code, out, error };
}

const setup = (slug: string, more: string[] = [], env: NodeJS.ProcessEnv = {}) =>
  iroko(['setup', '--slug', slug, '--name', 'Ministry', '--admin', `${slug}@example.org`, ...more], env);

const rows = async (statement: string, values: unknown[] = []) =>
  (await database.pool.query(statement, values)).rows;

it('an account is set up with everything asked for, and again with the same key nothing happens', async () => {
  const more = ['--project', 'Surveys', '--app-id', 'surveys', '--source', 'Facilities', '--language', 'fr'];
  const first = await setup('moh', more);
  expect(first).toMatchObject({
    code: EXIT.all,
    out: expect.stringContaining('An invitation goes to moh@example.org'),
  });
  const again = await setup('moh', more);
  expect(again).toMatchObject({ code: EXIT.all, out: expect.stringContaining('Nothing was changed') });
  expect(
    await rows(
      `SELECT a.language, (SELECT count(*)::int FROM identity.membership m WHERE m.account_id = a.id) AS members,
              (SELECT array_agg(p.app_id) FROM identity.project p WHERE p.account_id = a.id) AS apps,
              (SELECT array_agg(j.name ORDER BY j.name) FROM platform.job j WHERE j.account_id = a.id) AS jobs
       FROM identity.account a WHERE a.slug = 'moh'`,
    ),
  ).toEqual([
    {
      language: 'fr',
      members: 0,
      apps: ['surveys'],
      jobs: ['georegistry.setUpSource', 'identity.mailInvitation'],
    },
  ]);
});

it('with a password the administrator is there at once', async () => {
  const { code, out } = await setup('moe', ['--json'], {
    IROKO_ADMIN_PASSWORD: 'seven lamps under the river',
  });
  expect(code).toBe(EXIT.all);
  expect(JSON.parse(out)).toMatchObject({ ok: true, slug: 'moe', created: true, invited: false });
  expect(
    await rows(
      `SELECT r.every_permission FROM identity.viewer_rights r JOIN identity.account a ON a.id = r.account_id WHERE a.slug = 'moe'`,
    ),
  ).toEqual([{ every_permission: true }]);
});

it.each<[string, string[], NodeJS.ProcessEnv, string]>([
  ['no name', ['setup', '--slug', 'x', '--admin', 'a@example.org'], {}, 'setup needs'],
  [
    'an app id without a project',
    ['setup', '--slug', 'x', '--name', 'X', '--admin', 'a@example.org', '--app-id', 'x'],
    {},
    '--project',
  ],
  ['an unknown option', ['setup', '--nothing'], {}, 'nothing'],
  ['a bad address', ['setup', '--slug', 'x', '--name', 'X', '--admin', 'a'], {}, 'e-mail address'],
  [
    'a weak password',
    ['setup', '--slug', 'x', '--name', 'X', '--admin', 'a@example.org'],
    { IROKO_ADMIN_PASSWORD: 'password12' },
    'easy to guess',
  ],
  [
    'a bad app id',
    ['setup', '--slug', 'x', '--name', 'X', '--admin', 'a@example.org', '--project', 'P', '--app-id', ' '],
    {},
    '',
  ],
  ['a token without a name', ['operator-token', 'create'], {}, '--name'],
  ['a token for ever', ['operator-token', 'create', '--name', 'x', '--days', '9999'], {}, '731'],
  ['a token that there is not', ['operator-token', 'revoke', 'x'], {}, 'OperatorToken'],
  ['nothing to do', ['operator-token'], {}, 'create --name'],
])('%s is refused and nothing is made', async (_, argv, env, words) => {
  const before = await rows('SELECT count(*) FROM identity.account');
  const { code, error } = await iroko(argv, env);
  expect(code).toBe(EXIT.nothing);
  expect(error).toContain(words);
  expect(await rows('SELECT count(*) FROM identity.account')).toEqual(before);
});

it('an operator token is shown once, listed, and revoked', async () => {
  const { out } = await iroko(['operator-token', 'create', '--name', 'Portal']);
  const token = out.split('\n')[0] ?? '';
  expect(token).toMatch(/^irokoo_[\w-]{43}$/);
  const listed = await iroko(['operator-token', 'list', '--json']);
  expect(listed.out).not.toContain(token);
  const { tokens } = JSON.parse(listed.out);
  expect(tokens).toEqual([expect.objectContaining({ name: 'Portal', revokedAt: null })]);
  expect((await iroko(['operator-token', 'revoke', tokens[0].id])).code).toBe(EXIT.all);
  expect((await iroko(['operator-token', 'list'])).out).toContain('revoked');
});
