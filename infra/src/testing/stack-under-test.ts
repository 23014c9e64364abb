/**
 * The whole of Iroko over a test's own database, asked over HTTP as clients ask it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@iroko/database';
import { readSettings } from '@iroko/settings';
import { createLogger } from '@iroko/telemetry';
import { type SeededAccount, seedTwins, testDatabaseUrl } from '@iroko/testing';
import { type Stack, startStack } from '../stack/all-in-one';
import { Client } from './client';

export interface StackUnderTest {
  stack: Stack;
  database: Database;
  /** The account a test works in, and one that looks the same and must never show. */
  account: SeededAccount;
  twin: SeededAccount;
  /** Speaks for the administrator of the account. */
  administrator: Client;
  twinAdministrator: Client;
  anonymous: Client;
  client(token?: string): Client;
  /** The same once more, over the same database, as behind a load balancer; it stops with the first. */
  another(): Promise<Stack>;
  close(): Promise<void>;
}

/** `environment` sets what the test needs otherwise than by default. */
export async function stackUnderTest(environment: Record<string, string> = {}): Promise<StackUnderTest> {
  const dataDir = mkdtempSync(join(tmpdir(), 'iroko-test-'));
  const url = await testDatabaseUrl();
  const settings = readSettings({
    NODE_ENV: 'test',
    PORT: '0',
    DATA_DIR: dataDir,
    MASTER_KEY: '07'.repeat(32),
    ARGON2_MEMORY_KB: '8192',
    DATABASE_CONNECTIONS: '5',
    ...environment,
  });
  const log = createLogger({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });
  const stack = await startStack(settings, url, log);
  const others: Stack[] = [];
  const database = new Database({ url, name: 'test' });
  const { account, twin } = await seedTwins(database);
  const client = (token?: string) => new Client(stack.url, token);
  return {
    stack,
    database,
    account,
    twin,
    administrator: client(account.administrator.apiToken),
    twinAdministrator: client(twin.administrator.apiToken),
    anonymous: client(),
    client,
    async another() {
      const other = await startStack(settings, url, log);
      others.push(other);
      return other;
    },
    async close() {
      for (const other of others) await other.stop();
      await stack.stop();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
