import type { Database } from '@iroko/database';
import { testDatabase } from '@iroko/testing';
import { Passwords } from '../passwords/passwords';
import { type FoundAccountInput, foundAccount } from './found-account';

let database: Database;
const passwords = new Passwords({ memoryKb: 8192, passes: 2 });

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

let founded = 0;
function input(change: Partial<FoundAccountInput> = {}): FoundAccountInput {
  const slug = `moh-${++founded}`;
  return {
    key: slug,
    slug,
    name: 'Ministère de la Santé',
    timeZone: 'Africa/Kinshasa',
    language: 'fr',
    administrator: { email: `${slug}@example.org`, password: 'un long mot de passe', firstName: 'Ada' },
    ...change,
  };
}
const found = (what: FoundAccountInput) => foundAccount({ database, passwords }, what);

async function rows(statement: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await database.pool.query(statement, values)).rows;
}

it('an account is founded with an administrator who holds every permission', async () => {
  const { accountId, administratorId, created } = await found(input());
  expect(created).toBe(true);
  expect(
    await rows('SELECT user_id, every_permission FROM identity.viewer_rights WHERE account_id = $1', [
      accountId,
    ]),
  ).toEqual([{ user_id: administratorId, every_permission: true }]);
  expect(
    await rows('SELECT name, time_zone, language FROM identity.account WHERE id = $1', [accountId]),
  ).toEqual([{ name: 'Ministère de la Santé', time_zone: 'Africa/Kinshasa', language: 'fr' }]);
  expect(
    await rows(
      'SELECT subject_type, action FROM platform.change_event WHERE account_id = $1 ORDER BY entry',
      [accountId],
    ),
  ).toEqual(['Account', 'Role', 'Membership'].map((subject_type) => ({ subject_type, action: 'CREATE' })));
});

it('the same key gives the same account again, and changes nothing in it', async () => {
  const first = input();
  const { accountId } = await found(first);
  const again = await found({ ...first, name: 'Another name' });
  expect(again).toMatchObject({ accountId, created: false });
  expect(await rows('SELECT name FROM identity.account WHERE id = $1', [accountId])).toEqual([
    { name: first.name },
  ]);
});

it('the same key ten times at once founds one account', async () => {
  const same = input();
  const answers = await Promise.all(Array.from({ length: 10 }, () => found(same)));
  expect(new Set(answers.map(({ accountId }) => accountId)).size).toBe(1);
  expect(answers.filter(({ created }) => created)).toHaveLength(1);
});

it('a slug that is taken is refused, and nothing is half-made', async () => {
  const first = input();
  await found(first);
  const second = { ...input(), slug: first.slug };
  await expect(found(second)).rejects.toMatchObject({ code: 'CONFLICT', details: { fields: ['slug'] } });
  expect(await rows('SELECT id FROM identity."user" WHERE email = $1', [second.administrator.email])).toEqual(
    [],
  );
});

it('a key that founded another account is refused', async () => {
  const first = input();
  await found(first);
  await expect(found({ ...input(), key: first.key })).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { fields: ['key'] },
  });
});

it('somebody who is known becomes the administrator and keeps their password', async () => {
  const first = await found(
    input({ administrator: { email: 'grace@example.org', password: 'the first password' } }),
  );
  const hash = () => rows(`SELECT password_hash FROM identity."user" WHERE email_key = 'grace@example.org'`);
  const before = await hash();
  const second = await found(
    input({ administrator: { email: 'GRACE@example.org', password: 'another password' } }),
  );
  expect(second.administratorId).toBe(first.administratorId);
  expect(await hash()).toEqual(before);
});

it.each<[string, Partial<FoundAccountInput>, string[]]>([
  ['an empty key', { key: ' ' }, ['key']],
  ['a bad slug', { slug: 'Bad Slug' }, ['slug']],
  ['an empty name', { name: '' }, ['name']],
  ['a name of 10,000 characters', { name: 'x'.repeat(10_000) }, ['name']],
  ['an unknown time zone', { timeZone: 'Africa/Atlantis' }, ['timeZone']],
  ['a language we do not speak', { language: 'de' }, ['language']],
  ['no address', { administrator: { email: 'ada' } }, ['administrator', 'email']],
  [
    'a short password',
    { administrator: { email: 'a@b.example', password: 'short' } },
    ['administrator', 'password'],
  ],
  [
    'a password that is easy to guess',
    { administrator: { email: 'a@b.example', password: 'password12' } },
    ['administrator', 'password'],
  ],
])('%s is refused by name', async (_, change, path) => {
  await expect(found(input(change))).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path } });
});
