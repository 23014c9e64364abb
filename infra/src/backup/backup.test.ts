import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { migrate, newId } from '@iroko/database';
import { DiskStorage } from '@iroko/files';
import { emptyDatabaseUrl, testDatabaseUrl } from '@iroko/testing';
import { Client } from 'pg';
import { backUp } from './back-up';
import { restore } from './restore';
import { collectedText, storedRows } from './testing/read-back';

const masterKey = randomBytes(32).toString('hex');
const account = newId();
const user = newId();
const source = newId();
const bytes = randomBytes(200_000);

let folder: string;
let url: string;
let storage: DiskStorage;
let file: string;

async function on<T>(database: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Rows that refer to each other in a circle, a sequence, text that COPY escapes, and a file. */
async function fill(client: Client): Promise<void> {
  await client.query(
    `INSERT INTO identity.account (id, slug, name) VALUES ('${account}', 'first', E'Tab\\there \\\\N é')`,
  );
  await client.query(
    `INSERT INTO identity."user" (id, email, email_key) VALUES ('${user}', 'a@b.org', 'a@b.org')`,
  );
  await client.query(
    `INSERT INTO identity.membership (account_id, user_id) VALUES ('${account}', '${user}')`,
  );
  await client.query(
    `INSERT INTO platform.change_event (account_id, id, request_id, subject_type, subject_id, action, fields_after)
     SELECT '${account}', gen_random_uuid(), 'r', 'OrgUnit', n::text, 'CREATE', jsonb_build_object('n', n, 'text', repeat('x', 2000))
     FROM generate_series(1, 10000) n`,
  );
  await client.query(
    `INSERT INTO georegistry.data_source (account_id, id, name, name_key) VALUES ('${account}', '${source}', 'S', 's')`,
  );
  await client.query(
    `INSERT INTO georegistry.source_version (account_id, id, data_source_id, number) VALUES ('${account}', '${newId()}', '${source}', 1)`,
  );
  await client.query(`UPDATE georegistry.source_version SET status = 'RELEASED', released_at = now()`);
  await client.query(`UPDATE georegistry.data_source SET chosen_version_number = 1`);
  await client.query(
    `INSERT INTO platform.file (account_id, id, name, content_type, size, sha256, storage_key, stored_at)
     VALUES ('${account}', '${newId()}', 'data.bin', 'application/octet-stream', ${bytes.length},
             '\\x${createHash('sha256').update(bytes).digest('hex')}', 'aa/key', now())`,
  );
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'iroko-backup-'));
  storage = new DiskStorage(join(folder, 'files'));
  await storage.put('aa/key', Readable.from([bytes]));
  url = await testDatabaseUrl();
  await on(url, fill);
  file = join(folder, 'whole.tar');
  await backUp({ url, storage, masterKey, keepsMasterKey: true, file, version: '1.0.0' });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const target = () => new DiskStorage(join(folder, `restored-${newId()}`));

describe('a backup', () => {
  it('brings back every row of every table, the counters and the files', async () => {
    const to = await emptyDatabaseUrl();
    const files = target();
    const keys: string[] = [];
    await restore({ url: to, storage: files, file, keepMasterKey: async (key) => void keys.push(key) });
    expect(await on(to, storedRows)).toEqual(await on(url, storedRows));
    expect(await collectedText(await files.get('aa/key'))).toBe(bytes.toString('latin1'));
    expect(keys).toEqual([masterKey]);
    const next = `INSERT INTO platform.change_event (account_id, id, request_id, subject_type, subject_id, action)
      VALUES ('${account}', gen_random_uuid(), 'r', 'OrgUnit', '1', 'UPDATE') RETURNING entry`;
    expect((await on(to, (client) => client.query(next))).rows).toEqual([{ entry: '10001' }]);
  });

  it('leaves the database as whole as it was: constraints and triggers are back', async () => {
    const to = await emptyDatabaseUrl();
    await restore({ url: to, storage: target(), file, keepMasterKey: async () => undefined });
    const structure = `SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
      UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2, 3`;
    const [restored, original] = await Promise.all(
      [to, url].map((at) => on(at, (client) => client.query(structure))),
    );
    expect(restored?.rows).toEqual(original?.rows);
  });

  it('is readable by its owner alone', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is not written over another file', async () => {
    const attempt = backUp({ url, storage, masterKey, keepsMasterKey: true, file, version: '1.0.0' });
    await expect(attempt).rejects.toThrow(/is there already/);
    expect(existsSync(file)).toBe(true);
  });

  it('fails rather than leave a file out, and leaves nothing that looks like a backup', async () => {
    const other = join(folder, 'lossy.tar');
    const empty = target();
    const attempt = backUp({
      url,
      storage: empty,
      masterKey,
      keepsMasterKey: true,
      file: other,
      version: '1.0.0',
    });
    await expect(attempt).rejects.toThrow(/The bytes of the file aa\/key are missing/);
    expect(readdirSync(folder).filter((name) => name.startsWith('lossy'))).toEqual([]);
  });

  it('of a database without Iroko is refused', async () => {
    const attempt = backUp({
      url: await emptyDatabaseUrl(),
      storage,
      keepsMasterKey: true,
      file: join(folder, 'nothing.tar'),
      version: '1.0.0',
    });
    await expect(attempt).rejects.toThrow(/There is nothing to back up/);
  });
});

describe('a restore', () => {
  const attempt = async (path: string, to = url) =>
    restore({ url: to, storage: target(), file: path, keepMasterKey: async () => undefined });

  it('refuses a database that holds accounts', async () => {
    await expect(attempt(file)).rejects.toThrow(/is not empty: it holds accounts/);
  });

  it('takes a database that is migrated and holds nobody', async () => {
    const to = await emptyDatabaseUrl();
    await migrate({ url: to });
    await expect(attempt(file, to)).resolves.toMatchObject({ files: 1 });
  });

  it.each([0.2, 0.6, 0.95])('refuses a backup that was interrupted after %d of it', async (share) => {
    const content = readFileSync(file);
    const cut = join(folder, `cut-${share}.tar`);
    writeFileSync(cut, content.subarray(0, Math.floor((content.length * share) / 512) * 512));
    const to = await emptyDatabaseUrl();
    await expect(attempt(cut, to)).rejects.toThrow(/is no whole backup/);
    expect(
      (await on(to, (client) => client.query(`SELECT to_regclass('identity.account') AS t`))).rows,
    ).toEqual([{ t: null }]);
  });

  it('refuses a backup in which one byte changed', async () => {
    const content = Buffer.from(readFileSync(file));
    const middle = Math.floor(content.length / 2);
    content[middle] = (content[middle] ?? 0) ^ 1;
    const changed = join(folder, 'changed.tar');
    writeFileSync(changed, content);
    await expect(attempt(changed, await emptyDatabaseUrl())).rejects.toThrow(/is no whole backup/);
  });

  it('refuses a file that is no backup', async () => {
    const text = join(folder, 'letter.txt');
    writeFileSync(text, 'Dear reader');
    await expect(attempt(text, await emptyDatabaseUrl())).rejects.toThrow(/is no whole backup/);
  });

  it('refuses another master key than the one that sealed what is in the backup', async () => {
    const other = restore({
      url: await emptyDatabaseUrl(),
      storage: target(),
      file,
      masterKey: randomBytes(32).toString('hex'),
      keepMasterKey: async () => undefined,
    });
    await expect(other).rejects.toThrow(/is not the one the backup was made with/);
  });
});
