/** What each suite needs beside the checkout: found or started here, and stopped after the tests. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { root } from '../setup/checkout.mjs';
import { Fault } from '../setup/fault.mjs';
import { startPostgres15 } from './postgres-15.mjs';
import { freePort, startService, waitForPort } from './service.mjs';

/** @type {Record<string, () => Promise<{ env: NodeJS.ProcessEnv, stop?: () => Promise<void> }>>} */
export const needs = { real: realData, redis, pg15: startPostgres15 };

async function realData() {
  const folder = resolve(root, process.env.IROKO_REAL_DATA || '../shared/data');
  if (!existsSync(folder)) {
    throw new Fault(`The real files are not at ${folder}.`, ['Name their folder in IROKO_REAL_DATA.']);
  }
  return { env: { IROKO_REAL_DATA: folder } };
}

async function redis() {
  if (process.env.REDIS_URL) return { env: {} };
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'iroko-redis-'));
  const password = randomBytes(12).toString('hex');
  const arguments_ = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--requirepass',
    password,
  ];
  const server = startService(
    ['redis-server', ...arguments_, '--save', '', '--maxmemory-policy', 'noeviction'],
    {
      absent:
        'Install it (apt-get install redis-server), or name a Redis or Valkey of your own in REDIS_URL.',
    },
  );
  await waitForPort(port, server);
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { env: { REDIS_URL: `redis://:${password}@127.0.0.1:${port}` }, stop };
}
