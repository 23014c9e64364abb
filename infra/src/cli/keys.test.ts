import { Database, testDatabaseUrl } from '@iroko/database';
import { SigningKeys } from '@iroko/identity';
import { EXIT } from './failure';
import { run } from './run';

const [oldKey, newKey] = ['a'.repeat(64), 'b'.repeat(64)];

let url: string;
let database: Database;
beforeEach(async () => {
  url = await testDatabaseUrl();
  database = new Database({ url, name: 'keys test' });
  await database.pool.query('DELETE FROM identity.signing_key');
  await new SigningKeys(database, Buffer.from(oldKey, 'hex')).newest();
});
afterEach(() => database.close());

async function command(argv: string[], keys: Record<string, string>) {
  let out = '';
  let error = '';
  const code = await run({
    argv,
    env: { DATABASE_URL: url, DATA_DIR: '/nowhere', ...keys },
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text: string) => (error += text) },
    onInterrupt: () => () => undefined,
  });
  return { code, out, error };
}

it('reseal encrypts under the new master key, after which the old one is not needed', async () => {
  const { code, out } = await command(['reseal'], { MASTER_KEY: newKey, MASTER_KEY_OLD: oldKey });
  expect({ code, line: out.split('\n')[0] }).toEqual({
    code: EXIT.all,
    line: 'signing keys: 1 encrypted anew.',
  });
  await new SigningKeys(database, Buffer.from(newKey, 'hex')).newest();
});

it('reseal without the old key says what does not open, and fails', async () => {
  const { code, out } = await command(['reseal', '--json'], { MASTER_KEY: newKey });
  expect(code).toBe(EXIT.nothing);
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    resealed: expect.arrayContaining([{ name: 'signing keys', resealed: 0, unopened: [expect.any(String)] }]),
  });
});

it('rotate-signing-key makes a new key that signs', async () => {
  const { code, out } = await command(['rotate-signing-key', '--json'], { MASTER_KEY: oldKey });
  expect(code).toBe(EXIT.all);
  const { kid } = JSON.parse(out);
  expect((await new SigningKeys(database, Buffer.from(oldKey, 'hex')).newest()).kid).toBe(kid);
});

it.each(['reseal', 'rotate-signing-key'])('%s takes no file', async (name) => {
  expect((await command([name, 'x'], { MASTER_KEY: oldKey })).error).toContain('takes no file');
});
