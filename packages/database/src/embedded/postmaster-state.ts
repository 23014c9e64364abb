/** What PostgreSQL writes about itself into postmaster.pid, and what is done with one that outlived its Iroko. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Place } from './place';
import { commandOf } from './process-identity';

export interface PostmasterState {
  readonly pid: number;
  readonly port: number;
  /** It takes connections. */
  readonly ready: boolean;
}

const pidFile = (place: Place) => join(place.data, 'postmaster.pid');

/** Line 1 is the process, line 4 the port, line 8 the state. */
export function readState(place: Place): PostmasterState | undefined {
  try {
    const lines = readFileSync(pidFile(place), 'utf8').split('\n');
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 0) return undefined;
    return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

// A fast end writes everything back, which takes a while after an import; then it is told to drop everything,
// which costs a recovery at the next start and no data.
const fastMs = 30_000;
const immediateMs = 10_000;

/**
 * Stops a PostgreSQL that still runs on this data although the Iroko that started it is gone. What it leaves when
 * it was killed is taken away: PostgreSQL refuses to start while any process has the number in postmaster.pid,
 * and that may be one that nobody has reaped, or after a reboot a process of somebody else.
 */
export async function stopOrphan(place: Place): Promise<void> {
  const state = readState(place);
  if (!state) return;
  const signals = [
    ['SIGINT', fastMs],
    ['SIGQUIT', immediateMs],
    ['SIGKILL', immediateMs],
  ] as const;
  for (const [signal, withinMs] of signals) {
    if (!servesData(state.pid, place) || (await endsAfter(state.pid, place, signal, withinMs))) break;
  }
  if (!servesData(state.pid, place)) rmSync(pidFile(place), { force: true });
}

async function endsAfter(
  pid: number,
  place: Place,
  signal: NodeJS.Signals,
  withinMs: number,
): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    return true;
  }
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    if (!servesData(pid, place)) return true;
    await delay(50);
  }
  return false;
}

/** After a crash or a reboot the number may belong to any other process, which must not be touched. */
export function servesData(pid: number, place: Place): boolean {
  const command = commandOf(pid);
  return command.includes('postgres') && command.includes(place.data);
}
