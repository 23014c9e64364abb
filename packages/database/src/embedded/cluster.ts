/** Makes PostgreSQL's data directory, whole or not at all, and refuses one of another major version. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../operator-error';
import type { Binaries } from './binaries';
import { makePrivate, type Place } from './place';
import { giveTo, type Runner, runnerEnvironment } from './runner';

/** The database user that owns everything in the embedded server. */
export const embeddedUser = 'iroko';

/** Makes the data directory when there is none. Answers the password of `embeddedUser`. */
export function prepareCluster(place: Place, binaries: Binaries, runner: Runner): string {
  if (existsSync(place.data)) {
    refuseOtherMajor(place, binaries);
    return readPassword(place);
  }
  const password = randomBytes(24).toString('base64url');
  writeFileSync(place.password, password, { mode: 0o600 });
  initialise(place, binaries, runner, password);
  return password;
}

function initialise(place: Place, binaries: Binaries, runner: Runner, password: string): void {
  // Made aside and renamed when complete, so that a start that was killed leaves nothing that looks whole.
  const nursery = join(place.home, 'data.new');
  rmSync(nursery, { recursive: true, force: true });
  makePrivate(nursery, runner);
  const passwordFile = join(nursery, '.password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveTo(runner, passwordFile);
  const data = join(nursery, 'data');
  const fault = runInitdb(binaries, runner, data, passwordFile);
  if (fault !== undefined) throw initialisationFailed(place, fault);
  renameSync(data, place.data);
  rmSync(nursery, { recursive: true, force: true });
}

// What a letter is beyond ASCII, for trigrams: not every system knows every name, the last one all do.
const characterTypes = ['C.UTF-8', 'en_US.UTF-8', 'C'];

/** Answers undefined, or what initdb said. */
function runInitdb(
  binaries: Binaries,
  runner: Runner,
  data: string,
  passwordFile: string,
): string | undefined {
  let fault: string | undefined;
  for (const characterType of characterTypes) {
    const result = spawnSync(binaries.initdb, initdbArguments(data, passwordFile, characterType), {
      ...runner,
      cwd: '/',
      env: runnerEnvironment(),
      encoding: 'utf8',
    });
    if (result.status === 0) return undefined;
    fault = (
      result.stderr ||
      result.error?.message ||
      `it ended with ${result.signal ?? result.status}`
    ).trim();
    rmSync(data, { recursive: true, force: true });
    if (!fault.includes('locale')) break;
  }
  return fault;
}

function initdbArguments(data: string, passwordFile: string, characterType: string): string[] {
  return [
    `--pgdata=${data}`,
    `--username=${embeddedUser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order and the same letters on every system, whatever its own locale.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--lc-collate=C',
    `--lc-ctype=${characterType}`,
    '--lc-messages=C',
    '--no-instructions',
    '--no-sync',
  ];
}

function refuseOtherMajor(place: Place, binaries: Binaries): void {
  const found = Number.parseInt(readIfThere(join(place.data, 'PG_VERSION')), 10);
  if (found === binaries.major) return;
  const what = Number.isNaN(found)
    ? `The folder ${place.data} is no PostgreSQL data folder, or not a whole one.`
    : `The database in ${place.data} was made by PostgreSQL ${found}; this Iroko brings PostgreSQL ${binaries.major}.`;
  throw new OperatorError(what, [
    Number.isNaN(found)
      ? 'If nothing in it is yours, remove it and start again.'
      : 'To keep the data: with the Iroko that made it, run "npm run backup -- FILE"; with this one, on an empty DATA_DIR, "npm run restore -- FILE".',
    'To start afresh beside it: set DATA_DIR to another folder.',
    'Or name a PostgreSQL server of your own in DATABASE_URL.',
  ]);
}

function readPassword(place: Place): string {
  const password = readIfThere(place.password);
  if (password) return password;
  throw new OperatorError(
    `The password of the database is missing: ${place.password} is not there or empty.`,
    ['Put the file back from a backup of the folder.', 'To start afresh: set DATA_DIR to another folder.'],
  );
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}

function initialisationFailed(place: Place, reason: string): OperatorError {
  return new OperatorError(`The database could not be made in ${place.home}: ${reason}`, [
    'Check that the disk has a few hundred megabytes left.',
    'Or set DATA_DIR to another folder, or DATABASE_URL to a PostgreSQL server of your own.',
  ]);
}
