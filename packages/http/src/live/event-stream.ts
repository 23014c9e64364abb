/**
 * Answers as server-sent events, as graphql-sse does in distinct connections mode: `next` for each answer, then
 * `complete`.
 */
import { Readable } from 'node:stream';
import type { GraphQLAnswer } from '../graphql/answer';
import { KEEP_ALIVE_MS, STUCK_MS } from './endpoint';

export const EVENT_STREAM = 'text/event-stream';

export function wantsEventStream(accept: string | undefined): boolean {
  return (
    accept?.split(',').some((range) => range.split(';')[0]?.trim().toLowerCase() === EVENT_STREAM) ?? false
  );
}

export interface EventStreamOptions {
  keepAliveMs?: number;
  stuckMs?: number;
  /** Called once, when the stream ends or is destroyed. */
  ended(): void;
}

/** The body of the reply. Reads the next answer when the client has taken the ones before it. */
export function eventStream(
  answers: AsyncIterable<GraphQLAnswer>,
  { keepAliveMs = KEEP_ALIVE_MS, stuckMs = STUCK_MS, ended }: EventStreamOptions,
): Readable {
  const body: Readable = Readable.from(
    frames(answers, keepAliveMs, stuckMs, () => body.destroy()),
    {
      objectMode: false,
    },
  );
  // At once, and not when the generator has come to its end: it may wait for an answer that only the end calls off.
  const destroy = body._destroy.bind(body);
  body._destroy = (error, callback) => {
    ended();
    destroy(error, callback);
  };
  // A client that leaves in the middle is no fault of anybody.
  body.on('error', () => undefined);
  return body;
}

async function* frames(
  answers: AsyncIterable<GraphQLAnswer>,
  keepAliveMs: number,
  stuckMs: number,
  cut: () => void,
): AsyncGenerator<string> {
  const iterator = answers[Symbol.asyncIterator]();
  let stuck: NodeJS.Timeout | undefined;
  const sent = (frame: string): string => {
    stuck = setTimeout(cut, stuckMs);
    return frame;
  };
  try {
    // The headers go out with the first bytes: the client learns that it is heard.
    yield sent(':\n\n');
    clearTimeout(stuck);
    let pending = iterator.next();
    for (;;) {
      const next = await orQuiet(pending, keepAliveMs);
      if (next === 'quiet') yield sent(':\n\n');
      else if (next.done) break;
      else {
        yield sent(`event: next\ndata: ${JSON.stringify(next.value)}\n\n`);
        pending = iterator.next();
      }
      clearTimeout(stuck);
    }
    yield 'event: complete\ndata: \n\n';
  } finally {
    clearTimeout(stuck);
    await iterator.return?.();
  }
}

async function orQuiet<Value>(pending: Promise<Value>, milliseconds: number): Promise<Value | 'quiet'> {
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<'quiet'>((resolve) => {
    timer = setTimeout(() => resolve('quiet'), milliseconds);
  });
  try {
    return await Promise.race([pending, quiet]);
  } finally {
    clearTimeout(timer);
  }
}
