import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startOf } from './process-identity';
import { type EmbeddedServer, startEmbeddedServer } from './server';

jest.setTimeout(60_000);

let folder: string;
const running: EmbeddedServer[] = [];

// mkdtemp makes folders of mode 0700: as root, the user that runs PostgreSQL cannot enter them.
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'iroko-embedded-')), 'data', 'postgres');
});

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  if (existsSync(folder)) rmSync(readHome(), { recursive: true, force: true });
  rmSync(join(folder, '../..'), { recursive: true, force: true });
});

const readHome = () => realpathSync(folder);

async function start(): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ folder });
  running.push(server);
  return server;
}

async function stop(server: EmbeddedServer): Promise<void> {
  running.splice(running.indexOf(server), 1);
  await server.stop();
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmaster = () => Number(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0]);

function parentOf(pid: number): number {
  if (existsSync('/proc/self/stat')) return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[3]);
  return Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout);
}

/** Another Iroko: a process of its own that holds the server until it is killed. */
async function otherIroko(): Promise<{ pid: number; kill: () => Promise<void> }> {
  const script = `require(${JSON.stringify(join(__dirname, 'server.ts'))})
    .startEmbeddedServer({ folder: ${JSON.stringify(folder)} })
    .then(() => { console.log('up'); setInterval(() => {}, 1000); });`;
  const child = spawn(process.execPath, ['-r', 'esbuild-register', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { pid: child.pid ?? 0, kill };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the embedded server', () => {
  it('keeps its data from one start to the next and leaves no process behind', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE place AS SELECT 1 AS id');
    const pid = postmaster();
    await stop(first);
    expect(startOf(pid)).toBeUndefined();
    const second = await start();
    expect(await query(second.url, 'SELECT id FROM place')).toEqual([{ id: 1 }]);
  });

  it('asks for a password that only the user who started it can read', async () => {
    const server = await start();
    const wrong = new URL(server.url);
    wrong.password = 'guessed';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
  });

  it('ends when the Iroko that started it is killed', async () => {
    const other = await otherIroko();
    const pid = postmaster();
    await other.kill();
    await until(() => startOf(pid) === undefined);
    await start();
  });

  it('recovers when its guard was killed too and PostgreSQL runs on alone', async () => {
    const other = await otherIroko();
    const orphan = postmaster();
    process.kill(parentOf(orphan), 'SIGKILL');
    await other.kill();
    expect(startOf(orphan)).toBeDefined();
    const server = await start();
    expect(startOf(orphan)).toBeUndefined();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('recovers when everything was killed at once', async () => {
    const other = await otherIroko();
    const pid = postmaster();
    process.kill(pid, 'SIGKILL');
    await other.kill();
    const server = await start();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('recovers when the number of a dead PostgreSQL belongs to another process now', async () => {
    await stop(await start());
    writeFileSync(
      join(folder, 'data/postmaster.pid'),
      `${process.ppid}\n${folder}/data\n1\n1\n\n\n\nready\n`,
    );
    const server = await start();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('begins again when a first start was killed before the database was whole', async () => {
    const first = await start();
    await stop(first);
    const home = readHome();
    renameSync(join(home, 'data'), join(home, 'data.new'));
    await start();
    expect(existsSync(join(home, 'data.new'))).toBe(false);
  });

  it('refuses a folder that another Iroko uses, and names its process', async () => {
    const other = await otherIroko();
    try {
      await expect(startEmbeddedServer({ folder, waitMs: 100 })).rejects.toThrow(
        new RegExp(`Another Iroko \\(process ${other.pid}\\).*DATA_DIR=`, 's'),
      );
    } finally {
      await other.kill();
    }
  });

  it('refuses the data of another PostgreSQL major and says how to go on', async () => {
    await stop(await start());
    writeFileSync(join(folder, 'data/PG_VERSION'), '17\n');
    await expect(startEmbeddedServer({ folder })).rejects.toThrow(
      /made by PostgreSQL 17; this Iroko brings PostgreSQL 18.*npm run backup.*DATA_DIR/s,
    );
  });

  it('refuses a folder that cannot be made and says how to go on', async () => {
    const file = join(folder, '../..', 'file');
    writeFileSync(file, '');
    await expect(startEmbeddedServer({ folder: join(file, 'postgres') })).rejects.toThrow(
      /cannot be used for the database: a part of the path is a file.*DATA_DIR/s,
    );
  });

  it('for tests takes its folder with it', async () => {
    const server = await startEmbeddedServer({ folder, throwAway: true });
    const home = readHome();
    await server.stop();
    expect(existsSync(home)).toBe(false);
  });
});
