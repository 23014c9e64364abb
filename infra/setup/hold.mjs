/** `npm start` and `npm test` may be started at once in a fresh clone; one of them sets it up, the other waits. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './checkout.mjs';
import { Fault } from './fault.mjs';

const folder = join(root, '.build');
const lock = join(folder, 'setup.lock');
// Installing and building from nothing takes a few minutes on a slow line.
const waitMsMax = 15 * 60_000;

export async function holdingSetup(work) {
  await take();
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

async function take() {
  const deadline = Date.now() + waitMsMax;
  for (;;) {
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw unwritable(error);
    }
    if (ownerIsGone()) rmSync(lock, { force: true });
    else if (Date.now() > deadline)
      throw new Fault('Another npm start or npm test sets this checkout up and does not end.');
    else await delay(200);
  }
}

function ownerIsGone() {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (!pid) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function unwritable(error) {
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)) return error;
  return new Fault(
    `The folder ${root} cannot be written (${error.code}): packages and builds are put there.`,
    [
      'Clone into a folder that this user can write, on a disk with 2 GB left.',
      'Or run as the user that owns the folder.',
    ],
  );
}
