/** The embedded PostgreSQL as the rest of Iroko sees it: start it, get an address, stop it. */
import { totalmem } from 'node:os';
import { Client } from 'pg';
import { installedBinaries } from './binaries';
import { embeddedUser, prepareCluster } from './cluster';
import { freePort } from './free-port';
import { takeLock } from './lock';
import { giveHome, placeFor, reachableBinaries } from './place';
import { type Postmaster, startPostmaster } from './postmaster';
import { stopOrphan } from './postmaster-state';
import { pickRunner } from './runner';

export interface EmbeddedOptions {
  /** Where the database is kept, for instance `.data/postgres`; made when absent. */
  readonly folder: string;
  /** The database to make and to name in the address. */
  readonly database?: string;
  /** TCP port on 127.0.0.1; a free one when absent. */
  readonly port?: number;
  /** PostgreSQL settings beside ours. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long to wait for another Iroko in this folder that is on its way out, in milliseconds. */
  readonly waitMs?: number;
  /** The folder is removed when the server ends, however that comes about. */
  readonly removeAfter?: boolean;
  /** For tests: nothing is flushed to disk, and the folder is removed when the server ends. */
  readonly throwAway?: boolean;
}

export interface EmbeddedServer {
  /** `postgresql://…` of the database asked for. */
  readonly url: string;
  readonly port: number;
  /** Settles when PostgreSQL has ended, asked to or not. */
  readonly exited: Promise<void>;
  /** Ends PostgreSQL and waits for it. Connections still open are cut. */
  stop(): Promise<void>;
}

/** Starts the embedded server, recovering from whatever a killed predecessor left. */
export async function startEmbeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const runner = pickRunner();
  const installed = installedBinaries();
  const place = placeFor(options.folder, runner);
  const release = await takeLock(place.lock, options.waitMs);
  try {
    await stopOrphan(place);
    const binaries = reachableBinaries(installed, place, runner);
    const password = prepareCluster(place, binaries, runner);
    const removed = options.removeAfter || options.throwAway;
    if (removed) giveHome(place, runner);
    const postmaster = await startPostmaster({
      place,
      binaries,
      runner,
      port: options.port ?? (await freePort()),
      settings: { ...settingsFor(options), ...options.settings },
      atOnce: options.throwAway ?? false,
      ...(removed && { remove: place.home }),
    });
    return await opened(postmaster, password, options.database ?? 'iroko', release);
  } catch (error) {
    release();
    throw error;
  }
}

async function opened(
  postmaster: Postmaster,
  password: string,
  database: string,
  release: () => void,
): Promise<EmbeddedServer> {
  const address = (name: string) =>
    `postgresql://${embeddedUser}:${password}@127.0.0.1:${postmaster.port}/${name}`;
  const stop = async () => {
    await postmaster.stop();
    release();
  };
  try {
    await createDatabase(address('postgres'), database);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: address(database), port: postmaster.port, exited: postmaster.exited, stop };
}

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

const mebibyte = 1024 * 1024;

/** What a server with this program beside it on one machine wants; given at each start, so never out of date. */
function settingsFor(options: EmbeddedOptions): Record<string, string> {
  // An eighth of the memory, since Node and the file cache need the rest.
  const sharedMb = Math.min(1024, Math.max(128, Math.floor(totalmem() / mebibyte / 8)));
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: `${options.throwAway ? 128 : sharedMb}MB`,
    work_mem: '32MB',
    maintenance_work_mem: '256MB',
    // Solid state disks: a page out of order costs hardly more than one in order.
    random_page_cost: '1.1',
    // Compiling a plan costs more than our statements take.
    jit: 'off',
    // Nobody replicates from an embedded server; a new table's rows then need no log.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
  };
  if (!options.throwAway) return settings;
  return { ...settings, fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' };
}
