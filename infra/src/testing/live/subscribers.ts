/** Subscribers as partners write them: graphql-ws's own client, and server-sent events by hand. */
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads the answer of its own subscription
  data?: any;
  errors?: { message: string; extensions: { code: string; details: Record<string, unknown> } }[];
}

export interface Subscriber {
  /** What has come so far. */
  readonly answers: Answer[];
  /** `complete` when the server ended it, else the error. */
  readonly ended: Promise<unknown>;
  /** Resolves when that many answers have come. */
  until(count: number): Promise<Answer[]>;
  stop(): Promise<void>;
}

type Operation = { query: string; variables?: Record<string, unknown>; operationName?: string };

export function socketClient(url: string, token?: string): Client {
  return createClient({
    url: url.replace(/^http/, 'ws').replace(/\/?$/, '/graphql'),
    webSocketImpl: WebSocket,
    lazy: true,
    retryAttempts: 0,
    ...(token && { connectionParams: { authorization: `Bearer ${token}` } }),
  });
}

export function overSocket(client: Client, operation: Operation): Subscriber {
  const arrivals = new Arrivals();
  let stop = () => {};
  const ended = new Promise<unknown>((resolve) => {
    stop = client.subscribe<Answer['data']>(operation, {
      next: (answer) => arrivals.add(answer as Answer),
      error: resolve,
      complete: () => resolve('complete'),
    });
  });
  return { ...arrivals.shown(), ended, stop: async () => stop() };
}

export function overEventStream(url: string, operation: Operation, token?: string): Subscriber {
  const arrivals = new Arrivals();
  const leaving = new AbortController();
  const ended = (async () => {
    const response = await fetch(new URL('graphql', url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(operation),
      signal: leaving.signal,
    });
    if (!response.ok || !response.body) return response.json();
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const [event, data] = frame.split('\n');
        if (event === 'event: next') arrivals.add(JSON.parse(data?.slice('data: '.length) ?? ''));
        if (event === 'event: complete') return 'complete';
      }
    }
    return 'broken off';
  })().catch((error: unknown) => error);
  return {
    ...arrivals.shown(),
    ended,
    async stop() {
      leaving.abort();
      await ended;
    },
  };
}

class Arrivals {
  private readonly answers: Answer[] = [];
  private readonly waiting: { count: number; resolve: (answers: Answer[]) => void }[] = [];

  add(answer: Answer): void {
    this.answers.push(answer);
    for (const { count, resolve } of this.waiting) if (this.answers.length >= count) resolve(this.answers);
  }

  shown() {
    return {
      answers: this.answers,
      until: (count: number) =>
        new Promise<Answer[]>((resolve) => {
          if (this.answers.length >= count) resolve(this.answers);
          else this.waiting.push({ count, resolve });
        }),
    };
  }
}
