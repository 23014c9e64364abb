/** A PostgreSQL 15 of the system's own packages, with a data folder that is thrown away. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../setup/fault.mjs';
import { freePort, startService, waitForPort } from './service.mjs';

const folders = [
  process.env.POSTGRES_15_BIN,
  '/usr/lib/postgresql/15/bin',
  '/opt/homebrew/opt/postgresql@15/bin',
];

export async function startPostgres15() {
  const bin = folders.find((folder) => folder && existsSync(join(folder, 'postgres')));
  if (!bin) {
    throw new Fault('There is no PostgreSQL 15 on this machine.', [
      'Install it (apt-get install postgresql-15), or name the folder of its programs in POSTGRES_15_BIN.',
    ]);
  }
  const who = unprivileged();
  const home = mkdtempSync(join(tmpdir(), 'iroko-pg15-'));
  const password = randomBytes(12).toString('hex');
  writeFileSync(join(home, 'password'), password, { mode: 0o600 });
  if (who.uid !== undefined)
    for (const path of [home, join(home, 'password')]) chownSync(path, who.uid, who.gid);
  initialise(bin, home, who);
  const port = await freePort();
  const server = startService(
    [
      join(bin, 'postgres'),
      '-D',
      join(home, 'data'),
      '-p',
      String(port),
      ...settings.flatMap((s) => ['-c', s]),
    ],
    { absent: '', ...who },
  );
  await waitForPort(port, server);
  const stop = async () => {
    await server.stop('SIGQUIT');
    rmSync(home, { recursive: true, force: true });
  };
  return { env: { IROKO_TEST_SERVER: `postgresql://iroko:${password}@127.0.0.1:${port}/postgres` }, stop };
}

const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'max_connections=200',
  'jit=off',
  'timezone=UTC',
];

function initialise(bin, home, who) {
  const args = [
    '-D',
    join(home, 'data'),
    '-U',
    'iroko',
    '-A',
    'scram-sha-256',
    `--pwfile=${join(home, 'password')}`,
  ];
  const options = { ...who, cwd: '/', encoding: 'utf8' };
  const result = spawnSync(join(bin, 'initdb'), [...args, '-E', 'UTF8', '--locale=C', '--no-sync'], options);
  if (result.status !== 0) throw new Fault(`PostgreSQL 15 could not be set up: ${result.stderr}`);
}

/** PostgreSQL refuses to run as root; Debian's package brings the user postgres. */
function unprivileged() {
  if (process.getuid?.() !== 0) return {};
  const id = (flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}
