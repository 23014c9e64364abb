import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { emptyDatabaseUrl } from '../testing/test-database';
import { migrate } from './migrate';
import { type Migration, migrationsHash, readMigrations } from './migrations';

const migration = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
});

const first = migration('20260101000000_first', 'CREATE TABLE first (id int); INSERT INTO first VALUES (1);');
const second = migration('20260102000000_second', 'ALTER TABLE first ADD COLUMN name text;');

async function query<R extends object>(url: string, sql: string): Promise<R[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('migrations', () => {
  it('run once, in the order of their names, and leave the record Prisma would', async () => {
    const url = await emptyDatabaseUrl();
    expect(await migrate({ url, migrations: [first] })).toEqual([first.name]);
    expect(await migrate({ url, migrations: [first, second] })).toEqual([second.name]);
    expect(await migrate({ url, migrations: [first, second] })).toEqual([]);
    const records = await query(
      url,
      `SELECT migration_name, checksum, applied_steps_count, finished_at IS NOT NULL AS finished, logs, rolled_back_at
       FROM _prisma_migrations ORDER BY migration_name`,
    );
    expect(records).toEqual(
      [first, second].map(({ name, checksum }) => ({
        migration_name: name,
        checksum,
        applied_steps_count: 1,
        finished: true,
        logs: null,
        rolled_back_at: null,
      })),
    );
  });

  it('of two processes that start at once one waits, and each migration runs once', async () => {
    const url = await emptyDatabaseUrl();
    const slow = migration('20260101000000_slow', 'SELECT pg_sleep(0.3); CREATE TABLE once (id int);');
    const applied = await Promise.all([
      migrate({ url, migrations: [slow] }),
      migrate({ url, migrations: [slow] }),
    ]);
    expect(applied.flat()).toEqual([slow.name]);
  });

  it('that fail leave nothing behind and name the migration and the line', async () => {
    const url = await emptyDatabaseUrl();
    const broken = migration('20260103000000_broken', 'CREATE TABLE half (id int);\nSELECT nonsense;');
    await expect(migrate({ url, migrations: [first, broken] })).rejects.toThrow(
      /20260103000000_broken.*"nonsense" does not exist \(line 2\)/,
    );
    expect(
      await query(url, `SELECT to_regclass('half') AS half, to_regclass('first') IS NOT NULL AS first`),
    ).toEqual([{ half: null, first: true }]);
  });

  it('that were changed after they were applied are refused', async () => {
    const url = await emptyDatabaseUrl();
    await migrate({ url, migrations: [first] });
    const edited = migration(first.name, `${first.sql} -- edited`);
    await expect(migrate({ url, migrations: [edited] })).rejects.toThrow(/its file has changed since/);
  });

  it('of a newer Iroko are left alone', async () => {
    const url = await emptyDatabaseUrl();
    await migrate({ url, migrations: [first, second] });
    expect(await migrate({ url, migrations: [first] })).toEqual([]);
  });

  it('a database that does not answer is named without its password', async () => {
    const attempt = migrate({ url: 'postgresql://iroko:secret@127.0.0.1:1/nowhere', migrations: [] });
    await expect(attempt).rejects.toThrow(/nowhere at 127\.0\.0\.1:1 does not answer/);
    await expect(attempt).rejects.not.toThrow(/secret/);
  });
});

describe('the migrations of this checkout', () => {
  it('make the whole database from nothing', async () => {
    const url = await emptyDatabaseUrl();
    const names = readMigrations().map(({ name }) => name);
    expect(await migrate({ url })).toEqual(names);
  });

  it('hash to a value that changes with any of them', () => {
    expect(migrationsHash([first])).not.toBe(migrationsHash([second]));
    expect(migrationsHash([first, second])).toBe(migrationsHash([first, second]));
  });
});
