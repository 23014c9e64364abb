/**
 * What jest does once before all tests: one embedded server for the whole run, and in it a database with all
 * migrations that every test file copies. It runs outside jest's module mapping, hence here, beside the code
 * it needs, and not in @iroko/testing.
 */
import { randomBytes } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedServer } from '../embedded/server';
import { migrate } from '../migrate/migrate';
import { testRun } from './names';

interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

const held = globalThis as { irokoTestServer?: TestServer };

export default async function setUp(): Promise<void> {
  try {
    const server = await startServer();
    held.irokoTestServer = server;
    process.env[testRun.serverVariable] = server.url;
    await makeTemplate(server.url);
  } catch (error) {
    // Tests that need no database still run; the others say what was wrong here.
    process.env[testRun.faultVariable] = error instanceof Error ? error.message : String(error);
  }
}

export async function tearDown(): Promise<void> {
  await held.irokoTestServer?.stop();
}

/** A server named from outside serves too: the suite for PostgreSQL 15 does that. */
async function startServer(): Promise<TestServer> {
  const given = process.env[testRun.serverVariable];
  if (given) return { url: given, stop: async () => undefined };
  const folder = join(realpathSync(tmpdir()), `iroko-test-${randomBytes(6).toString('hex')}`);
  const server = await startEmbeddedServer({ folder, database: 'postgres', throwAway: true });
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: server.url, stop };
}

async function makeTemplate(serverUrl: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${testRun.templateDatabase} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${testRun.templateDatabase}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${testRun.templateDatabase}`;
  await migrate({ url: url.href });
}
