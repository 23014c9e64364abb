/** The database and the processes of Iroko, each of which can be killed as a power cut would and started again. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type EmbeddedServer, startEmbeddedServer } from '@iroko/database';
import { Client } from 'pg';
import { pause } from './seeded';

const entry = join(__dirname, '../../start/serve.cjs');
/** A slow machine takes its time to load everything. */
const READY_WITHIN_MS = 90_000;

export interface Killable {
  readonly name: string;
  kill(): Promise<void>;
  /** Resolves when it serves again. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export class SoakDatabase implements Killable {
  readonly name = 'database';
  private server: EmbeddedServer | undefined;
  private port: number | undefined;

  constructor(private readonly folder: string) {}

  get url(): string {
    if (!this.server) throw new Error('The database was not started.');
    return this.server.url;
  }

  async start(): Promise<void> {
    const until = Date.now() + READY_WITHIN_MS;
    for (;;) {
      try {
        this.server = await startEmbeddedServer({
          folder: this.folder,
          ...(this.port && { port: this.port }),
        });
        this.port = this.server.port;
        return;
      } catch (error) {
        // What its predecessor left takes a moment to go.
        if (Date.now() > until) throw error;
        await pause(500);
      }
    }
  }

  async kill(): Promise<void> {
    const client = new Client({ connectionString: this.url });
    // It is killed while we are connected.
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: string }>(
      "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid",
    );
    process.kill(Number(rows[0]?.pid), 'SIGKILL');
    await this.server?.exited;
    // Releases what this process holds for the dead server.
    await this.server?.stop().catch(() => undefined);
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }
}

export class SoakProcess implements Killable {
  private child: ChildProcess | undefined;
  readonly port: Promise<number> = freePort();

  constructor(
    readonly name: string,
    private readonly arguments_: readonly string[],
    private readonly env: () => Promise<Record<string, string>>,
  ) {}

  async url(): Promise<string> {
    return `http://127.0.0.1:${await this.port}/`;
  }

  async start(): Promise<void> {
    const env = { PATH: process.env.PATH ?? '', PORT: String(await this.port), ...(await this.env()) };
    const child = fork(entry, [...this.arguments_], {
      env,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${this.name} is not ready`)), READY_WITHIN_MS);
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        reject(new Error(`${this.name} ended with ${signal ?? code} before it was ready`));
      });
      child.on('message', (message) => {
        if (!(message as { ready?: unknown }).ready) return;
        clearTimeout(late);
        resolve();
      });
    });
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    const force = setTimeout(() => this.child?.kill('SIGKILL'), 15_000);
    await this.end('SIGTERM');
    clearTimeout(force);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
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
