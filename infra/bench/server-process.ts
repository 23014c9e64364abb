/** A server under test in a process of its own, started with a channel over which it says where it listens. */
import { fork } from 'node:child_process';
import type { Cleanup } from './cleanup';
import { peakRssMb } from './peak-memory';

export interface ServerProcess {
  url: string;
  peakRssMb(): number | null;
}

export interface ServerOptions {
  file: string;
  args?: string[];
  execArgv?: string[];
  env: Record<string, string>;
  cleanup: Cleanup;
  report(line: string): void;
}

/** Settles when the process sends `{ ready: { url } }`; throws with its last words when it ends before. */
export function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { file, args = [], execArgv = [], env, cleanup, report } = options;
  const child = fork(file, args, {
    execArgv,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let lastWords = '';
  const listen = (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-4000);
  };
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  cleanup.add(async () => {
    if (child.connected) child.disconnect();
    const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await gone;
    clearTimeout(force);
  });
  return new Promise((resolve, reject) => {
    child.on('message', (message: { ready?: { url: string }; progress?: string }) => {
      if (message.progress) report(message.progress);
      if (message.ready) {
        resolve({ url: message.ready.url, peakRssMb: () => peakRssMb(child.pid as number) });
      }
    });
    child.once('exit', (code, signal) => {
      reject(new Error(`${file} ended before it was ready (${signal ?? code}).\n${lastWords}`));
    });
  });
}
