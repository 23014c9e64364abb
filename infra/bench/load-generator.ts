/** The near end of the load generator: one process for both sides, ten connections, requests as fast as they go. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Cleanup } from './cleanup';

export interface Load {
  url: string;
  headers?: Record<string, string>;
  /** The request's body, the same every time. */
  body: string;
  connections: number;
  durationMs: number;
}

export interface LoadResult {
  requests: number;
  seconds: number;
  /** Answers that were not 200 or held errors. */
  failures: number;
  firstFailure?: string;
  p50Ms: number;
  p99Ms: number;
}

export class LoadGenerator {
  private readonly child: ChildProcess;

  constructor(cleanup: Cleanup) {
    this.child = fork(join(__dirname, 'load.mjs'), { execArgv: [] });
    cleanup.add(() => this.child.kill());
  }

  /** Throws when a single answer was not a right one: a fast refusal is no speed. */
  async run(load: Load): Promise<LoadResult> {
    const answer = await new Promise<{ result?: LoadResult; fault?: string }>((resolve, reject) => {
      const ended = () => reject(new Error('The load generator ended.'));
      this.child.once('exit', ended);
      this.child.once('message', (message) => {
        this.child.off('exit', ended);
        resolve(message as { result?: LoadResult; fault?: string });
      });
      this.child.send(load);
    });
    if (!answer.result) throw new Error(`The load generator failed: ${answer.fault}`);
    const { failures, requests, firstFailure } = answer.result;
    if (failures > 0) throw new Error(`${failures} of ${requests} answers failed, such as: ${firstFailure}`);
    return answer.result;
  }
}
