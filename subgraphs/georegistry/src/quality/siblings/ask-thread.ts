/** Starts the thread that compares shapes, and asks it step by step: what it has not answered waits with the caller. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Family, Sibling, SiblingFinding } from './sibling-shapes';

/** A family begins, has its shapes, and ends. */
export type SiblingStep = { family: Family } | { sibling: Sibling } | { end: true };

/** A thread that needs more ends with an error, and the process lives on. A million positions take half of it. */
const HEAP_MB = 1400;

/** From the sources, as tests run, a thread needs what jest gives its own modules. */
const FROM_SOURCES = [
  '--require',
  'esbuild-register',
  '--require',
  join(__dirname, '../../../../../packages/jobs/src/testing/sources.cjs'),
];

export interface SiblingThread {
  ask(steps: SiblingStep[]): Promise<SiblingFinding[]>;
  end(): Promise<void>;
}

/** The thread ends when the signal aborts: what is asked then is refused with the signal's reason. */
export function startThread(signal: AbortSignal): SiblingThread {
  const isSource = __filename.endsWith('.ts');
  const thread = new Worker(join(__dirname, `sibling-thread.${isSource ? 'ts' : 'js'}`), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    ...(isSource ? { execArgv: FROM_SOURCES } : {}),
  });
  const ended = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`The thread of shapes ended with code ${code}.`)));
  });
  // Whoever asks hears of it; when nobody does, it is no unhandled error.
  ended.catch(() => undefined);
  return {
    ask: (steps) => {
      const answer = new Promise<SiblingFinding[]>((resolve) => thread.once('message', resolve));
      thread.postMessage(steps);
      return Promise.race([answer, ended]);
    },
    end: async () => {
      await thread.terminate();
    },
  };
}
