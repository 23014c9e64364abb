/**
 * Decides where the embedded database lives. In the data folder, unless the user that runs PostgreSQL cannot
 * enter it; then in a folder under /var/tmp, and the data folder holds a link to it.
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OperatorError } from '../operator-error';
import { type Binaries, copyBinaries } from './binaries';
import { canEnter, canRun, giveTo, type Runner } from './runner';

/** The paths of one embedded database. */
export interface Place {
  /** Holds everything below; ours, the runner can enter it. */
  readonly home: string;
  /** PostgreSQL's data directory, the runner's alone. */
  readonly data: string;
  readonly password: string;
  readonly log: string;
  readonly lock: string;
}

/** Finds or makes the home of the database that belongs to `folder`. */
export function placeFor(folder: string, runner: Runner): Place {
  const wanted = resolve(folder);
  try {
    const home = existsSync(wanted) ? realpathSync(wanted) : makeHome(wanted, runner);
    accessSync(home, constants.W_OK);
    return placeIn(home);
  } catch (error) {
    throw unwritable(wanted, error);
  }
}

export function placeIn(home: string): Place {
  return {
    home,
    data: join(home, 'data'),
    password: join(home, 'password'),
    log: join(home, 'server.log'),
    lock: join(home, 'lock'),
  };
}

/** The binaries where they are, or a copy beside the data when the runner cannot start them there. */
export function reachableBinaries(installed: Binaries, place: Place, runner: Runner): Binaries {
  if (canRun(runner, installed.postgres)) return installed;
  const folder = join(place.home, `postgresql-${installed.major}`);
  rmSync(folder, { recursive: true, force: true });
  const copy = copyBinaries(installed, folder);
  if (canRun(runner, copy.postgres)) return copy;
  throw new OperatorError(`The embedded PostgreSQL does not start on this machine (${copy.postgres}).`, [
    'Run that program by hand with --version; it says which system library is missing.',
    'Name a PostgreSQL server of your own (15 or newer) in DATABASE_URL.',
  ]);
}

function makeHome(wanted: string, runner: Runner): string {
  if (isDanglingLink(wanted)) rmSync(wanted);
  mkdirSync(dirname(wanted), { recursive: true });
  if (canEnter(runner, dirname(wanted))) {
    mkdirSync(wanted, { mode: 0o755 });
    return realpathSync(wanted);
  }
  const home = enterableFolder(wanted);
  symlinkSync(home, wanted);
  return home;
}

/**
 * A folder that every user can enter. Its name says whose it is, by a hash, and can be guessed by nobody:
 * /var/tmp is open to all, and what lies at a known name there may be somebody else's trap.
 */
function enterableFolder(wanted: string): string {
  const owner = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const base = existsSync('/var/tmp') ? '/var/tmp' : '/tmp';
  const home = join(base, `iroko-${owner}-${randomBytes(6).toString('hex')}`);
  mkdirSync(home);
  chmodSync(home, 0o755);
  return home;
}

/** Gives everything to the runner, who removes it when the server has ended. */
export function giveHome(place: Place, runner: Runner): void {
  if (runner.uid === undefined) return;
  spawnSync('chown', ['-R', `${runner.uid}:${runner.gid}`, place.home]);
}

/** Makes a folder that only the runner may read. */
export function makePrivate(folder: string, runner: Runner): void {
  mkdirSync(folder, { mode: 0o700 });
  giveTo(runner, folder);
}

function isDanglingLink(path: string): boolean {
  return (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false) && !existsSync(path);
}

function unwritable(folder: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reasons: Record<string, string> = {
    EACCES: 'this user may not write there',
    EPERM: 'this user may not write there',
    EROFS: 'it is on a read-only file system',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'a part of the path is a file',
    EEXIST: 'a part of the path is a file',
  };
  const reason = reasons[code];
  if (!reason) return error;
  return new OperatorError(`The folder ${folder} cannot be used for the database: ${reason} (${code}).`, [
    'Set DATA_DIR to a folder that this user can write.',
    'Or name a PostgreSQL server of your own in DATABASE_URL.',
  ]);
}
