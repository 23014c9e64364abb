import { Database, testDatabaseUrl } from '@iroko/database';
import { EXIT } from './failure';
import { run } from './run';

let url: string;

beforeAll(async () => {
  url = await testDatabaseUrl();
  const database = new Database({ url, name: 'mail test' });
  await database.pool.query(
    `INSERT INTO identity.mailbox_mail (id, to_address, subject, text_body, html_body, at) VALUES
     (gen_random_uuid(), 'ada@example.org', 'First', 'One.', '', now() - interval '1 hour'),
     (gen_random_uuid(), 'grace@example.org', 'Second', 'Two.', '', now())`,
  );
  await database.close();
});

async function mail(...more: string[]) {
  let out = '';
  let error = '';
  const code = await run({
    argv: ['mail', ...more],
    env: { DATABASE_URL: url },
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text: string) => (error += text) },
    onInterrupt: () => () => undefined,
  });
  return { code, out, error };
}

it('the mailbox is shown on the machine of the database, the newest mail first', async () => {
  const { code, out } = await mail();
  expect(code).toBe(EXIT.all);
  expect(out.indexOf('Second')).toBeGreaterThan(-1);
  expect(out.indexOf('Second')).toBeLessThan(out.indexOf('First'));
});

it('one address and a number narrow it', async () => {
  expect((await mail('--to', 'Ada@example.org')).out).not.toContain('Second');
  const { mails } = JSON.parse((await mail('--limit', '1', '--json')).out);
  expect(mails).toEqual([
    expect.objectContaining({ to: 'grace@example.org', subject: 'Second', text: 'Two.' }),
  ]);
});

it('an empty mailbox is said to be empty', async () => {
  expect((await mail('--to', 'nobody@example.org')).out).toBe('There are no mails.\n');
});

it.each([['--limit', '0'], ['--limit', 'many'], ['file.csv']])(
  'a wrong call is refused: %s %s',
  async (...more) => {
    expect(await mail(...more)).toMatchObject({ code: EXIT.nothing, out: '' });
  },
);
