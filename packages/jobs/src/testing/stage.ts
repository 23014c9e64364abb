/**
 * Workers, in this process and in others, over a database and a queue of their own for each test.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { silentLogger } from '@iroko/telemetry';
import { bindJobs, type JobDefinition } from '../definition';
import { enqueue } from '../enqueue';
import { JobWorker, type JobWorkerOptions } from '../worker';
import { type Ground, makeGround } from './ground';
import { everybody } from './viewers';

export interface BehaviourBackend {
  redisUrl?: string;
  /** Loses whatever the queue holds. */
  empty(ground: Ground, prefix: string): Promise<void>;
}

export class Stage {
  ground!: Ground;
  running: JobWorker[] = [];
  private children: ChildProcess[] = [];
  private tests = 0;

  constructor(readonly backend: BehaviourBackend) {}

  get prefix(): string {
    return `iroko-test-${process.pid}-${this.tests}`;
  }

  async open(): Promise<void> {
    this.tests++;
    this.ground = await makeGround();
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    this.children = [];
    await Promise.all(this.running.map((worker) => worker.stop(0)));
    this.running = [];
    await this.ground.close();
  }

  ask<Input>(definition: JobDefinition<Input>, input: Input): Promise<string> {
    return this.ground.db.transaction((tx) => enqueue(tx, definition, input));
  }

  async startWorker(definitions: JobDefinition[], more: Partial<JobWorkerOptions> = {}): Promise<JobWorker> {
    const worker = new JobWorker({
      database: this.ground.database,
      viewers: everybody,
      jobs: bindJobs({}, definitions),
      log: silentLogger,
      redisUrl: this.backend.redisUrl,
      prefix: this.prefix,
      concurrency: 4,
      leaseMs: 2000,
      pollMs: 200,
      firstRetryMs: 1000,
      ...more,
    });
    this.running.push(worker);
    await worker.start();
    return worker;
  }

  /** A worker that can be killed. */
  startChild(): ChildProcess {
    const script = [
      '-r',
      'esbuild-register',
      '-r',
      join(__dirname, 'sources.cjs'),
      join(__dirname, 'child-worker.ts'),
    ];
    const child = spawn(
      process.execPath,
      [...script, this.ground.url, this.backend.redisUrl ?? '', this.prefix],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    this.children.push(child);
    return child;
  }

  /** As `cancelJob` does for a running job. */
  async requestCancel(id: string): Promise<void> {
    await this.ground.database.pool.query(
      'UPDATE platform.job SET cancel_requested_at = now() WHERE id = $1',
      [id],
    );
  }
}
