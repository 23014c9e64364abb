/**
 * Runs PostgreSQL's own process under a guard. The guard is a few lines of shell in a process group of its
 * own: Ctrl-C in the terminal does not reach the database, and when we are gone, however we ended, the pipe
 * to the guard closes and it stops the database.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../operator-error';
import type { Binaries } from './binaries';
import type { Place } from './place';
import { readState } from './postmaster-state';
import { type Runner, runnerEnvironment } from './runner';
import { lastLines, shortenLog } from './server-log';

/** A running PostgreSQL. */
export interface Postmaster {
  readonly port: number;
  /** Settles when PostgreSQL has ended, asked to or not. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface PostmasterOptions {
  readonly place: Place;
  readonly binaries: Binaries;
  readonly runner: Runner;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  /** End without writing anything back. */
  readonly atOnce: boolean;
  /** A folder to remove after the end. */
  readonly remove?: string;
}

// Crash recovery of a big import may take this long before connections are taken.
const readyMsMax = 180_000;
const stopMsMax = 60_000;

// $1: signal that ends the database; $2: folder to remove afterwards, or nothing; the rest is the command.
const guardScript = `
signal=$1; folder=$2; shift 2
trap '' INT TERM HUP
"$@" </dev/null 3<&- &
server=$!
{ read -r nothing; kill -s "$signal" $server 2>/dev/null; } <&3 &
watcher=$!
exec 3<&-
wait $server; status=$?
kill $watcher 2>/dev/null
[ -z "$folder" ] || rm -rf -- "$folder"
exit $status
`;

/** Starts PostgreSQL and waits until it takes connections. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const guard = spawnGuard(options);
  const exited = new Promise<void>((resolve) => {
    guard.once('exit', () => {
      guard.stdio[3]?.destroy();
      resolve();
    });
    guard.once('error', () => resolve());
  });
  await waitUntilReady(guard, exited, options);
  return { port: options.port, exited, stop: () => stopGuard(guard, exited) };
}

function spawnGuard(options: PostmasterOptions): ChildProcess {
  const { binaries, place, runner, settings, port, remove, atOnce } = options;
  const all = { ...settings, port: String(port) };
  const command = [binaries.postgres, '-D', place.data];
  for (const [name, value] of Object.entries(all)) command.push('-c', `${name}=${value}`);
  shortenLog(place.log);
  const log = openSync(place.log, 'a', 0o600);
  try {
    const signal = atOnce ? 'QUIT' : 'INT';
    return spawn('/bin/sh', ['-c', guardScript, 'sh', signal, remove ?? '', ...command], {
      ...runner,
      cwd: '/',
      env: runnerEnvironment(),
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
    });
  } finally {
    closeSync(log);
  }
}

async function waitUntilReady(
  guard: ChildProcess,
  exited: Promise<void>,
  options: PostmasterOptions,
): Promise<void> {
  const { place } = options;
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + readyMsMax;
  while (!ended && Date.now() < deadline) {
    const state = readState(place);
    if (state?.ready && state.port === options.port) return;
    await delay(20);
  }
  if (!ended) await stopGuard(guard, exited);
  throw new OperatorError(`PostgreSQL did not start. Its last lines:\n${lastLines(place.log)}`, [
    `The whole log is in ${place.log}`,
    'Or name a PostgreSQL server of your own in DATABASE_URL.',
  ]);
}

async function stopGuard(guard: ChildProcess, exited: Promise<void>): Promise<void> {
  guard.stdio[3]?.destroy();
  const ended = await Promise.race([exited.then(() => true), delay(stopMsMax, false, { ref: false })]);
  if (!ended && guard.pid !== undefined) {
    killGroup(guard.pid);
    await exited;
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended in this moment.
  }
}
