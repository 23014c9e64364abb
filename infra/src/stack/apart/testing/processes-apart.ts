/** Every part of Iroko as a process of its own over a test's database, as the compose file runs them. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadyNotice } from '../../starter';
import { HOSTED_NAMES } from '../../subgraphs';

export interface ProcessesApart {
  /** The gateway's address. */
  readonly url: string;
  readonly identityUrl: string;
  /** Ends one process as a crash would. */
  kill(name: string): Promise<void>;
  /** Asks all to stop, the gateway first; answers how each ended. */
  stop(): Promise<Record<string, number | null>>;
}

const entry = join(__dirname, '../../../../test/serve-from-source.cjs');

export async function startApart(databaseUrl: string): Promise<ProcessesApart> {
  const dataDir = mkdtempSync(join(tmpdir(), 'iroko-apart-'));
  const gatewayPort = await freePort();
  const environment = {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    DATABASE_CONNECTIONS: '3',
    DATA_DIR: dataDir,
    MASTER_KEY: '07'.repeat(32),
    PUBLIC_URL: `http://127.0.0.1:${gatewayPort}`,
    TRUST_PROXY: '127.0.0.1',
    ARGON2_MEMORY_KB: '8192',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'error',
  };
  const running = new Map<string, ChildProcess>();
  const run = (name: string, arguments_: string[], more: Record<string, string> = {}) => {
    const child = fork(entry, arguments_, { env: { ...environment, PORT: '0', ...more }, execArgv: [] });
    running.set(name, child);
    return readyUrl(name, child);
  };
  const ready = await Promise.all([
    run('workers', ['apart/workers']),
    ...HOSTED_NAMES.map((name) => run(name, ['apart/subgraph', name])),
  ]);
  const urls = HOSTED_NAMES.map((name, index) => `${name}=${ready[index + 1]}graphql`);
  const url = await run('gateway', ['apart/gateway'], {
    PORT: String(gatewayPort),
    SUBGRAPH_URLS: urls.join(','),
  });
  return {
    url,
    identityUrl: ready[HOSTED_NAMES.indexOf('identity') + 1] as string,
    async kill(name) {
      const child = running.get(name);
      child?.kill('SIGKILL');
      if (child) await once(child, 'exit');
    },
    async stop() {
      const codes: Record<string, number | null> = {};
      for (const [name, child] of [...running].reverse()) {
        if (child.exitCode === null && child.signalCode === null) {
          child.send({ stop: true });
          await once(child, 'exit');
        }
        codes[name] = child.exitCode;
      }
      rmSync(dataDir, { recursive: true, force: true });
      return codes;
    },
  };
}

function readyUrl(name: string, child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready`)));
    child.on('message', (message) => {
      const { ready } = message as { ready?: ReadyNotice };
      if (ready) resolve(ready.url);
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
