/** `npm start`: makes the checkout ready, starts the stack, says where it is, and ends with everything ended. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/checkout.mjs';
import { reportFault } from '../setup/fault.mjs';
import { prepare } from '../setup/prepare.mjs';
import { banner } from './banner.mjs';
import { demandFreePort } from './port.mjs';

export async function main() {
  try {
    await prepare({ build: true });
    await demandFreePort();
    await serve();
  } catch (error) {
    reportFault(error);
  }
}

/**
 * The stack is a process of its own. It ends when asked over the channel between us, and also when the channel
 * closes: whoever kills this process kills no more than the starter, and the stack still closes its database.
 */
function serve() {
  const stack = spawn(
    process.execPath,
    ['--enable-source-maps', join(root, 'infra/start/serve.cjs'), 'all-in-one'],
    {
      cwd: root,
      // A person reads along: what is in order is told by the banner.
      env: { ...process.env, LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  stack.on('message', (message) => {
    if (message.progress) process.stderr.write(`• ${message.progress}\n`);
    if (message.ready) process.stdout.write(banner(message.ready));
  });
  stopWithUs(stack);
  return new Promise((resolve) => {
    stack.once('exit', (code, signal) => {
      process.exitCode = signal ? 1 : code;
      if (process.exitCode === 0) process.stderr.write('• Stopped\n');
      resolve();
    });
  });
}

function stopWithUs(stack) {
  let asked = false;
  const stop = () => {
    if (asked) {
      // The database is under a guard of its own and still ends cleanly.
      stack.kill('SIGKILL');
      return;
    }
    asked = true;
    process.stderr.write('\n• Stopping (once more to stop at once)\n');
    if (stack.connected) stack.send({ stop: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  const watch = watchParent(() => !asked && stop());
  stack.once('exit', () => clearInterval(watch));
}

/** npm that was killed tells its script nothing. Between it and us there may be a shell, which lives on. */
function watchParent(onGone) {
  if (process.env.npm_lifecycle_event !== 'start') return undefined;
  const before = ancestors();
  return setInterval(() => ancestors() !== before && onGone(), 1000);
}

function ancestors() {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

function parentOf(pid) {
  try {
    if (process.platform !== 'linux') {
      return spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return '';
  }
}
