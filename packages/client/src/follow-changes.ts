/**
 * The feed of an account, followed for ever. Each event comes with the cursor behind it; whoever keeps that cursor
 * together with what they made of the event misses nothing and does nothing twice, whatever breaks.
 */
import { BrokenOff, nextEvents } from './event-stream';

export interface Followed<Event> {
  readonly event: Event;
  /** Keep it with what came of the event, and give it as `after` to go on behind it. */
  readonly cursor: string;
}

export interface FollowOptions {
  /** Where Iroko is, such as `https://iroko.example.org`. */
  readonly url: string;
  /** An API token, or a function that gives a token that is good at the moment. */
  readonly token: string | (() => string | Promise<string>);
  /** The cursor behind which to begin; the beginning of the log without it. */
  readonly after?: string | null | undefined;
  /** What to select of each ChangeEvent, such as `action subjectType subjectId subject { ... on OrgUnit { name } }`. */
  readonly selection?: string;
  /** A ChangeFilterInput. */
  readonly filter?: Readonly<Record<string, unknown>>;
  /** Aborted to stop: the iteration then ends. */
  readonly signal?: AbortSignal;
  /** Told why it comes back, and after how long; for a log. */
  readonly onRetry?: (reason: unknown, waitMs: number) => void;
  /** The shortest and longest wait before it comes back, in milliseconds; it doubles with each failure in a row. */
  readonly retryMs?: { readonly first: number; readonly most: number };
  /** A connection on which nothing comes for this long is taken for dead; the server gives a sign every 15 seconds. */
  readonly silenceMs?: number;
  readonly fetch?: typeof fetch;
}

/** Coming back would not help: the token, the cursor, the selection or the filter is wrong. */
export class Refused extends Error {
  override name = 'Refused';
  constructor(
    message: string,
    readonly code: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

interface Answer {
  data?: { changes: Record<string, unknown> & { iroko_cursor: string } } | null;
  errors?: { message: string; extensions?: { code?: string; details?: Record<string, unknown> } }[];
}

const EVENT = 'id at action subjectType subjectId before after reason actor { userId tokenId jobId }';
/** Refusals that time heals. */
const PASSING = new Set(['UNAVAILABLE', 'INTERNAL', 'RATE_LIMITED', 'LIMIT_EXCEEDED']);

/** Yields every event once, in the order of the log, and never ends by itself. Throws Refused. */
export async function* followChanges<Event = Record<string, unknown>>(
  options: FollowOptions,
): AsyncGenerator<Followed<Event>> {
  const { first, most } = options.retryMs ?? { first: 500, most: 60_000 };
  let after = options.after ?? null;
  let failures = 0;
  let renewed = false;
  while (!options.signal?.aborted) {
    try {
      for await (const { iroko_cursor: cursor, ...event } of connection(options, after)) {
        after = cursor;
        failures = 0;
        renewed = false;
        yield { event: event as Event, cursor };
        if (options.signal?.aborted) return;
      }
      throw new BrokenOff('The server ended the stream.');
    } catch (error) {
      if (options.signal?.aborted) return;
      // A token that ran out while we listened is asked for once more; one that is refused at once is wrong.
      const expired: boolean = error instanceof Refused && error.code === 'UNAUTHENTICATED' && !renewed;
      if (error instanceof Refused && !expired && !PASSING.has(error.code)) throw error;
      renewed ||= expired;
      const waitMs = Math.min(most, first * 2 ** failures++) * (0.5 + Math.random() / 2);
      options.onRetry?.(error, waitMs);
      await pause(waitMs, options.signal);
    }
  }
}

async function* connection(options: FollowOptions, after: string | null) {
  const { url, token, filter, signal, silenceMs = 45_000 } = options;
  const query = `subscription ($after: String, $filter: ChangeFilterInput) {
    changes(after: $after, filter: $filter) { iroko_cursor: cursor ${options.selection ?? EVENT} }
  }`;
  const response = await (options.fetch ?? fetch)(new URL('/graphql', url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${typeof token === 'function' ? await token() : token}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
    body: JSON.stringify({ query, variables: { after, filter: filter ?? null } }),
    ...(signal && { signal }),
  });
  if (!response.ok || !response.body) throw refusalOf((await response.json()) as Answer);
  for await (const text of nextEvents(response.body, silenceMs)) {
    const answer = JSON.parse(text) as Answer;
    if (!answer.data) throw refusalOf(answer);
    yield answer.data.changes;
  }
}

function refusalOf({ errors }: Answer): Refused {
  const { message, extensions } = errors?.[0] ?? { message: 'There was no reason given.' };
  return new Refused(message, extensions?.code ?? 'INTERNAL', extensions?.details);
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });
}
