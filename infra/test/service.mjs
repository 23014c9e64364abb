/** Starts a server that a suite needs, waits for it, and ends it. */
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '../setup/fault.mjs';

const readyMsMax = 30_000;

/**
 * @param {string[]} command
 * @param {{ absent: string, uid?: number, gid?: number }} options `absent` says how to get the program
 */
export function startService([program, ...args], { absent, ...who }) {
  const child = spawn(program, args, { ...who, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let fault;
  const ended = new Promise((resolve) => {
    child.once('error', (error) => {
      fault = error.code === 'ENOENT' ? new Fault(`${program} is not installed.`, [absent]) : error;
      resolve();
    });
    child.once('exit', () => {
      fault ??= new Fault(`${program} ended: ${output}`);
      resolve();
    });
  });
  // Killed with us, whatever ends us in an orderly way.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    fault: () => fault,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await ended;
      process.off('exit', kill);
    },
  };
}

/** Waits until something listens; throws what ended the service otherwise. */
export async function waitForPort(port, service) {
  const deadline = Date.now() + readyMsMax;
  while (Date.now() < deadline) {
    if (service.fault()) throw service.fault();
    if (await listens(port)) return;
    await delay(50);
  }
  throw new Fault(`Nothing listens on port ${port} after ${readyMsMax / 1000} s.`);
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A port of 127.0.0.1 that nobody listens on at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
