/** A database of its own for a test file: a copy of the migrated one, made in a tenth of a second. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { testRun } from './names';

let cleaned: Promise<void> | undefined;

/**
 * Makes a database with all migrations and no rows; answers its address. What the same jest worker made for
 * earlier test files is dropped.
 */
export async function testDatabaseUrl(): Promise<string> {
  const fault = process.env[testRun.faultVariable];
  if (fault) throw new Error(`There is no migrated test database: ${fault}`);
  return create(`TEMPLATE ${testRun.templateDatabase}`);
}

/** An empty database without migrations: for tests of the migrations themselves. */
export function emptyDatabaseUrl(): Promise<string> {
  return create('TEMPLATE template0');
}

async function create(source: string): Promise<string> {
  const serverUrl = serverOfThisRun();
  await enforce();
  cleaned ??= dropEarlier(serverUrl);
  await cleaned;
  const name = `${workerPrefix()}${randomBytes(6).toString('hex')}`;
  // FILE_COPY would checkpoint the whole server twice for each copy, which the other worker waits for.
  await onServer(serverUrl, (client) => client.query(`CREATE DATABASE ${name} ${source} STRATEGY WAL_LOG`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** From the first test database on, every statement of an account handle is checked before it runs. */
function enforce(): Promise<void> {
  // Loaded here only: the parser is for tests, and this file can be reached from what serves requests.
  const observer = require('../account-rule/observer') as typeof import('../account-rule/observer');
  return observer.enforceAccountRule();
}

function serverOfThisRun(): string {
  const url = process.env[testRun.serverVariable];
  if (url) return url;
  const fault = process.env[testRun.faultVariable] ?? 'start tests with jest from the root of the checkout.';
  throw new Error(`There is no test database: ${fault}`);
}

const workerPrefix = () => `w${process.env.JEST_WORKER_ID ?? '1'}_`;

async function dropEarlier(serverUrl: string): Promise<void> {
  await onServer(serverUrl, async (client) => {
    const pattern = `${workerPrefix().replace('_', '\\_')}%`;
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE datname LIKE $1',
      [pattern],
    );
    for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`);
  });
}

async function onServer(serverUrl: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
