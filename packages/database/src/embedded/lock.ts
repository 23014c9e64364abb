/** One Iroko per data folder: two would stop each other's database. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../operator-error';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity';

// An instance whose starter was killed needs a moment to close its database; the next start waits for it.
const waitMsMax = 6_000;

/** Takes the lock, waiting for an owner that is on its way out. Answers how to give it back. */
export async function takeLock(path: string, waitMs = waitMsMax): Promise<() => void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    if (tryLock(path)) return () => rmSync(path, { force: true });
    const owner = readOwner(path);
    if (!owner || !isRunning(owner)) removeDead(path);
    else if (Date.now() > deadline) throw inUse(path, owner);
    else await delay(100);
  }
}

function tryLock(path: string): boolean {
  // Written aside and linked into place, so that nobody reads a lock half written.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify(ownIdentity()), { mode: 0o600 });
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Of two that find the same dead lock, the slower must not remove the lock the faster has just taken. */
function removeDead(path: string): void {
  const aside = `${path}.dead.${process.pid}`;
  try {
    renameSync(path, aside);
    const owner = readOwner(aside);
    if (owner && isRunning(owner)) linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  rmSync(aside, { force: true });
}

function readOwner(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

function inUse(path: string, owner: ProcessIdentity): OperatorError {
  return new OperatorError(`Another Iroko (process ${owner.pid}) uses this database folder: ${path}`, [
    `Stop it: kill ${owner.pid}`,
    'Or run this one beside it with a folder of its own: DATA_DIR=.data/second PORT=4001 npm start',
  ]);
}
