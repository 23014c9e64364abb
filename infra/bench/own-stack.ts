/** Iroko as `npm start` runs it, all in one process, over the benchmark's own database. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Database } from '@iroko/database';
import { type SeededAccount, seedAccount } from '@iroko/testing';
import type { BenchmarkOptions } from './benchmark';
import { type OwnDatabase, ownDatabase } from './own-database';
import { type ServerProcess, startServer } from './server-process';

export interface OwnStack {
  server: ServerProcess;
  own: OwnDatabase;
  /** For making data straight in the tables. */
  database: Database;
  account: SeededAccount;
}

type Options = Pick<BenchmarkOptions, 'cleanup' | 'report'>;

/**
 * `prepare` fills the database before the server starts; `execArgv` are arguments of its Node, `environment` sets what
 * it needs otherwise.
 */
export async function ownStack(
  options: Options,
  prepare: (database: Database, account: SeededAccount) => Promise<void>,
  execArgv: string[] = [],
  environment: Record<string, string> = {},
): Promise<OwnStack> {
  const own = await ownDatabase(options);
  const database = new Database({ url: own.url, name: 'benchmark', maxConnections: 4 });
  options.cleanup.add(() => database.close());
  const account = await seedAccount(database);
  await prepare(database, account);
  options.report('Starting Iroko');
  const server = await startServer({
    ...options,
    file: join(__dirname, '../start/serve.cjs'),
    args: ['all-in-one'],
    execArgv,
    env: {
      DATABASE_URL: own.url,
      DATA_DIR: own.dataDir,
      HOST: '127.0.0.1',
      PORT: '0',
      MASTER_KEY: randomBytes(32).toString('hex'),
      LOG_LEVEL: 'warn',
      DEMO: 'false',
      // A benchmark is one client that asks as fast as it can.
      RATE_LIMIT_PER_MINUTE: '100000000',
      NODE_ENV: 'development',
      ...environment,
    },
  });
  return { server, own, database, account };
}
