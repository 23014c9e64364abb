/** Brings a backup back into an empty database, in one transaction: all of it is there afterwards, or nothing. */
import { Readable, type Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Migration, migrate, OperatorError, readMigrations } from '@iroko/database';
import type { Storage } from '@iroko/files';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { archiveEntries, type Content, collected, verifyArchive } from './archive';
import { fingerprintOf, type Manifest } from './manifest';
import {
  copyInText,
  emptyTables,
  holdsAccounts,
  isMigrated,
  loosened,
  recordedMigrations,
  setSequence,
  storedTables,
} from './tables.sql';

export interface RestoreOptions {
  readonly url: string;
  readonly storage: Storage;
  readonly file: string;
  /** The master key this Iroko will run with, where it has one already. */
  readonly masterKey?: string | undefined;
  /** Keeps the key that came with the backup; called only when `masterKey` is not given. */
  readonly keepMasterKey: (key: string) => Promise<void>;
  readonly onProgress?: (text: string) => void;
}

export async function restore(options: RestoreOptions): Promise<Manifest> {
  options.onProgress?.('Checking the backup');
  const manifest = await verifyArchive(options.file);
  const key = await masterKeyFor(manifest, options);
  const migrations = readMigrations();
  const known = migrationsOf(manifest, migrations);
  const client = new Client({ connectionString: options.url, application_name: 'iroko restore' });
  await client.connect();
  try {
    await refuseInhabited(client, manifest);
    await migrate({ url: options.url, migrations: known });
    await client.query('BEGIN');
    await load(client, manifest, options);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
  if (key && !options.masterKey) await options.keepMasterKey(key);
  await migrate({ url: options.url, migrations });
  return manifest;
}

async function load(client: Client, manifest: Manifest, options: RestoreOptions): Promise<void> {
  const present = new Set((await storedTables(client)).map(({ name }) => name));
  const unknown = manifest.tables.find(({ name }) => !present.has(name));
  if (unknown)
    throw new OperatorError(`The backup holds the table ${unknown.name}, which this Iroko has not.`, newer);
  const loose = await loosened(client);
  for (const { undo } of loose) await client.query(undo);
  await emptyTables(client, [...present]);
  await loadEntries(client, manifest, options);
  for (const { redo } of loose) await client.query(redo);
  for (const { name, value } of manifest.sequences) await setSequence(client, name, value);
}

async function loadEntries(client: Client, manifest: Manifest, options: RestoreOptions): Promise<void> {
  const tables = new TableLoader(client, manifest, options.onProgress);
  for await (const { name, content } of archiveEntries(options.file)) {
    const [folder, ...rest] = name.split('/');
    if (folder === 'tables' && rest[0]) await tables.append(rest[0], content);
    else if (folder === 'files') await options.storage.put(rest.join('/'), Readable.from(content));
    else content.resume();
  }
  await tables.end();
}

/** The pieces of one table follow each other and go into one COPY. */
class TableLoader {
  private current: { name: string; sink: Writable & { rowCount: number } } | undefined;

  constructor(
    private readonly client: Client,
    private readonly manifest: Manifest,
    private readonly onProgress: ((text: string) => void) | undefined,
  ) {}

  async append(name: string, content: Content): Promise<void> {
    if (this.current?.name !== name) {
      await this.end();
      this.current = { name, sink: this.open(name) };
    }
    await pipeline(content, createGunzip(), this.current.sink, { end: false });
  }

  async end(): Promise<void> {
    if (!this.current) return;
    const { name, sink } = this.current;
    this.current = undefined;
    sink.end();
    await finished(sink);
    const expected = this.manifest.tables.find((table) => table.name === name)?.rows;
    if (sink.rowCount !== expected) {
      throw new Error(`${name} took ${sink.rowCount} rows of ${expected}`);
    }
  }

  private open(name: string): Writable & { rowCount: number } {
    this.onProgress?.(name);
    const table = this.manifest.tables.find((candidate) => candidate.name === name);
    if (!table) throw new Error(`The manifest does not name the table ${name}`);
    return this.client.query(copyFrom(copyInText(table)));
  }
}

/** What is sealed in the backup opens with one key only. */
async function masterKeyFor(manifest: Manifest, options: RestoreOptions): Promise<string | undefined> {
  const kept = manifest.entries.some(({ name }) => name === 'master-key')
    ? await keptKey(options.file)
    : undefined;
  const key = options.masterKey ?? kept;
  if (!manifest.masterKey || (key && fingerprintOf(key) === manifest.masterKey)) return key;
  throw new OperatorError(
    key
      ? 'The master key here is not the one the backup was made with; what it sealed would stay closed.'
      : 'The backup was made with a master key of its own, which is not in it.',
    ['Set MASTER_KEY to the key that Iroko ran with, or remove the file master-key from an unused DATA_DIR.'],
  );
}

async function keptKey(file: string): Promise<string | undefined> {
  let key: string | undefined;
  for await (const { name, content } of archiveEntries(file)) {
    if (name === 'master-key') key = (await collected(content)).toString('utf8').trim();
    else content.resume();
  }
  return key;
}

const newer = ['Restore it with the Iroko that made it, or a newer one.'];

function migrationsOf(manifest: Manifest, migrations: readonly Migration[]): Migration[] {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  return manifest.migrations.map(({ name, checksum }) => {
    const migration = byName.get(name);
    if (migration?.checksum === checksum) return migration;
    throw new OperatorError(
      `The backup was made by Iroko ${manifest.version}, whose tables this one does not know (${name}).`,
      newer,
    );
  });
}

async function refuseInhabited(client: Client, manifest: Manifest): Promise<void> {
  if (!(await isMigrated(client))) return;
  const steps = ['Name an empty database in DATABASE_URL, or another DATA_DIR.'];
  if (await holdsAccounts(client)) {
    throw new OperatorError(
      'The database is not empty: it holds accounts. A restore never overwrites.',
      steps,
    );
  }
  const wanted = new Set(manifest.migrations.map(({ name }) => name));
  const beyond = (await recordedMigrations(client)).find(({ name }) => !wanted.has(name));
  if (beyond) throw new OperatorError(`The database is newer than the backup (${beyond.name}).`, steps);
}
