/** Writes a backup: every table as PostgreSQL's own COPY gives it, of one moment, then the files, then the manifest. */
import { once } from 'node:events';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { OperatorError } from '@iroko/database';
import { MissingContent, type Storage } from '@iroko/files';
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { ArchiveWriter } from './archive';
import { fingerprintOf, type Manifest } from './manifest';
import {
  beginSnapshot,
  copyOutText,
  fileIsThere,
  isMigrated,
  recordedMigrations,
  type StoredTable,
  storedFiles,
  storedSequences,
  storedTables,
} from './tables.sql';

export interface BackUpOptions {
  readonly url: string;
  readonly storage: Storage;
  /** The master key where it is known; it goes into the backup only when `keepsMasterKey`. */
  readonly masterKey?: string | undefined;
  /** Whether the key lives in the data folder, and would be lost with it. */
  readonly keepsMasterKey: boolean;
  /** Where the backup goes. */
  readonly file: string;
  readonly version: string;
  readonly onProgress?: (text: string) => void;
}

// Held in memory while it is compressed; a table of any size is a row of such pieces.
const pieceBytes = 8 * 1024 * 1024;

const compress = promisify(gzip);

/** Answers what was written. The file is there only when it is whole. */
export async function backUp(options: BackUpOptions): Promise<Pick<Manifest, 'tables' | 'files'>> {
  const client = new Client({ connectionString: options.url, application_name: 'iroko backup' });
  await client.connect();
  try {
    await beginSnapshot(client);
    if (!(await isMigrated(client))) {
      throw new OperatorError('There is nothing to back up: this database holds no Iroko.', [
        'Check DATABASE_URL or DATA_DIR: they must be those that Iroko runs with.',
      ]);
    }
    const archive = await ArchiveWriter.create(options.file);
    try {
      return await write(client, archive, options);
    } catch (error) {
      await archive.abandon();
      throw error;
    }
  } finally {
    await client.end();
  }
}

async function write(client: Client, archive: ArchiveWriter, options: BackUpOptions) {
  const tables: Manifest['tables'] = [];
  for (const table of await storedTables(client)) {
    options.onProgress?.(table.name);
    tables.push({ ...table, rows: await writeTable(client, archive, table) });
  }
  const files = await writeFiles(client, archive, options);
  if (options.masterKey && options.keepsMasterKey) {
    await archive.add('master-key', Buffer.from(`${options.masterKey}\n`));
  }
  await archive.finish({
    createdAt: new Date().toISOString(),
    version: options.version,
    migrations: await recordedMigrations(client),
    sequences: await storedSequences(client),
    masterKey: options.masterKey ? fingerprintOf(options.masterKey) : null,
    tables,
    files,
  });
  return { tables, files };
}

async function writeTable(client: Client, archive: ArchiveWriter, table: StoredTable): Promise<number> {
  const rows = client.query(copyTo(copyOutText(table)));
  let pending: Buffer[] = [];
  let bytes = 0;
  let piece = 0;
  const flush = async () => {
    const content = await compress(Buffer.concat(pending), { level: 1 });
    piece += 1;
    await archive.add(`tables/${table.name}/${String(piece).padStart(6, '0')}.copy.gz`, content);
    pending = [];
    bytes = 0;
  };
  for await (const chunk of rows) {
    pending.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes >= pieceBytes) await flush();
  }
  if (bytes > 0) await flush();
  return rows.rowCount;
}

async function writeFiles(client: Client, archive: ArchiveWriter, options: BackUpOptions): Promise<number> {
  // A connection outside the snapshot: a file that was removed meanwhile is no fault.
  const now = new Client({ connectionString: options.url, application_name: 'iroko backup' });
  await now.connect();
  try {
    let written = 0;
    for (const { key, size } of await storedFiles(client)) {
      options.onProgress?.(`file ${key}`);
      if (await writeFile(archive, options.storage, key, size)) written += 1;
      else if (await fileIsThere(now, key)) throw lostFile(key);
    }
    return written;
  } finally {
    await now.end();
  }
}

async function writeFile(
  archive: ArchiveWriter,
  storage: Storage,
  key: string,
  size: number,
): Promise<boolean> {
  try {
    const content = await storage.get(key);
    await archive.addStream(`files/${key}`, size, content);
    if (!content.closed) await once(content, 'close');
    return true;
  } catch (error) {
    if (error instanceof MissingContent) return false;
    throw error;
  }
}

function lostFile(key: string): OperatorError {
  return new OperatorError(`The bytes of the file ${key} are missing, though the database names it.`, [
    'Check that DATA_DIR is the one Iroko runs with, and that its files folder is whole.',
  ]);
}
