/**
 * PostgreSQL refuses to run as root. Where we are root, its processes run as a user without rights; this file
 * picks that user and answers what the user can reach.
 */
import { spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { OperatorError } from '../operator-error';

/** Who runs the database's processes. `undefined` ids: whoever runs us. */
export interface Runner {
  readonly uid?: number;
  readonly gid?: number;
}

// What such a user is called: Debian and most packages, macOS, everywhere.
const candidates = ['postgres', '_postgres', 'nobody'];

/** Ourselves, or an unprivileged user when we are root. */
export function pickRunner(): Runner {
  if (process.getuid?.() !== 0) return {};
  for (const name of candidates) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid };
  }
  throw new OperatorError('PostgreSQL cannot run as root, and there is no user to run it as.', [
    `Create one of the users ${candidates.join(', ')}.`,
    'Or start Iroko as an ordinary user.',
    'Or name a PostgreSQL server of your own in DATABASE_URL.',
  ]);
}

/** Whether the runner can enter a folder: root's own folders and those of mode 0700 end here. */
export function canEnter(runner: Runner, folder: string): boolean {
  return succeeds(runner, ['/bin/sh', '-c', 'cd -- "$1"', 'sh', folder]);
}

/** Whether the runner can start a program. */
export function canRun(runner: Runner, program: string): boolean {
  return succeeds(runner, [program, '--version']);
}

/** Hands a file or folder to the runner. */
export function giveTo(runner: Runner, path: string): void {
  if (runner.uid !== undefined && runner.gid !== undefined) chownSync(path, runner.uid, runner.gid);
}

/** The environment of the database's processes: none of ours, so that no PG… variable and no locale leaks in. */
export function runnerEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, TZ: 'UTC' };
}

function succeeds(runner: Runner, [command = '', ...args]: string[]): boolean {
  const result = spawnSync(command, args, { ...runner, cwd: '/', env: runnerEnvironment(), stdio: 'ignore' });
  return result.status === 0;
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const result = spawnSync('id', [flag, name], { encoding: 'utf8' });
  const id = Number.parseInt(result.stdout ?? '', 10);
  return result.status === 0 && Number.isInteger(id) ? id : undefined;
}
