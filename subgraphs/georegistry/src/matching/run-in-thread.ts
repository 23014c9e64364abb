/** Starts the matcher's thread, hears of its progress, and ends it when the job has to stop. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { MatchOptions } from './engine/match';
import type { MatchSide } from './engine/side';

export interface ThreadInput {
  left: MatchSide;
  right: MatchSide;
  options: Omit<MatchOptions, 'onProgress'>;
}

export interface ThreadResult {
  left: Int32Array<ArrayBuffer>;
  right: Int32Array<ArrayBuffer>;
  score: Float64Array<ArrayBuffer>;
  /** JSON of each pair's features. */
  features: string[];
  compared: number;
  belowReview: number;
}

export type ThreadMessage = { done: number; doing: string } | { result: ThreadResult };

/** A thread that needs more ends with an error, and the process lives on. 100,000 by 100,000 units take half of it. */
const HEAP_MB = 1400;

/** From the sources, as tests run, a thread needs what jest gives its own modules. */
const FROM_SOURCES = [
  '--require',
  'esbuild-register',
  '--require',
  join(__dirname, '../../../../packages/jobs/src/testing/sources.cjs'),
];

export function matchInThread(
  input: ThreadInput,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number, doing: string) => void },
): Promise<ThreadResult> {
  const isSource = __filename.endsWith('.ts');
  const thread = new Worker(join(__dirname, `match-thread.${isSource ? 'ts' : 'js'}`), {
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    ...(isSource ? { execArgv: FROM_SOURCES } : {}),
  });
  return new Promise<ThreadResult>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    thread.on('message', (message: ThreadMessage) => {
      if ('result' in message) resolve(message.result);
      else onProgress(message.done, message.doing);
    });
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`The matcher's thread ended with code ${code}.`)));
  }).finally(() => thread.terminate());
}
