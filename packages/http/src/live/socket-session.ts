/**
 * One WebSocket that speaks `graphql-transport-ws`, the protocol of graphql-ws: a client signs in with
 * `connection_init`, then begins operations and ends them by their ids.
 */
import { ApiError } from '@iroko/errors';
import type { WebSocket } from 'ws';
import type { GraphQLAnswer } from '../graphql/answer';
import { checkedParameters } from '../graphql/parameters';
import { publicError } from '../graphql/public-errors';
import type { HttpRequest } from '../route';
import { KEEP_ALIVE_MS, type LiveEndpoint, STUCK_MS } from './endpoint';

export const SOCKET_PROTOCOL = 'graphql-transport-ws';

const INIT_WITHIN_MS = 10_000;
/** A close frame has room for 123 bytes of reason. */
const REASON_MAX = 120;

interface Message {
  type?: unknown;
  id?: unknown;
  payload?: unknown;
}

export interface SessionTimes {
  stuckMs?: number;
  keepAliveMs?: number;
}

export class SocketSession {
  private readonly operations = new Map<string, AbortController>();
  private request: HttpRequest | undefined;
  private initialised = false;
  private alive = true;
  private readonly timers: NodeJS.Timeout[];

  constructor(
    private readonly socket: WebSocket,
    private readonly connection: HttpRequest,
    private readonly endpoint: LiveEndpoint,
    private readonly times: SessionTimes = {},
  ) {
    this.timers = [
      setTimeout(
        () => this.initialised || this.close(4408, 'Connection initialisation timeout'),
        INIT_WITHIN_MS,
      ),
      setInterval(() => this.check(), times.keepAliveMs ?? KEEP_ALIVE_MS * 2),
    ];
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.close(4400, 'Send text.');
      else void this.take(String(data));
    });
    socket.on('pong', () => {
      this.alive = true;
    });
    socket.on('error', () => socket.terminate());
    socket.once('close', () => this.end());
  }

  private async take(text: string): Promise<void> {
    const message = messageOf(text);
    this.alive = true;
    if (!message) this.close(4400, 'Send JSON messages of the protocol graphql-transport-ws.');
    else if (message.type === 'connection_init') await this.init(message.payload);
    else if (message.type === 'subscribe') await this.subscribe(message);
    else if (message.type === 'complete') this.operations.get(String(message.id))?.abort();
    else if (message.type === 'ping') {
      await this.send({ type: 'pong', ...(message.payload ? { payload: message.payload } : {}) });
    } else if (message.type !== 'pong') {
      this.close(4400, `There is no message of type ${JSON.stringify(message.type)}.`);
    }
  }

  private async init(payload: unknown): Promise<void> {
    if (this.initialised) return this.close(4429, 'Too many initialisation requests');
    this.initialised = true;
    const request = this.connection.renewed(authorizationIn(payload));
    try {
      await request.viewer();
    } catch (error) {
      return this.close(4403, error instanceof ApiError ? error.message : 'Try again later.');
    }
    this.request = request;
    await this.send({ type: 'connection_ack' });
  }

  private async subscribe({ id, payload }: Message): Promise<void> {
    if (!this.request) return this.close(4401, 'Unauthorized');
    if (typeof id !== 'string' || id === '') return this.close(4400, 'A subscribe message needs an id.');
    if (this.operations.has(id)) return this.close(4409, `Subscriber for ${id} already exists`);
    const operation = new AbortController();
    this.operations.set(id, operation);
    try {
      await this.run(id, payload, this.request, operation.signal);
    } finally {
      this.operations.delete(id);
    }
  }

  private async run(id: string, payload: unknown, request: HttpRequest, signal: AbortSignal): Promise<void> {
    let answers: AsyncIterable<GraphQLAnswer>;
    try {
      const options = { signal, withoutMutations: false };
      answers = await this.endpoint.open(checkedParameters(payload), request, options);
    } catch (error) {
      await this.send({ id, type: 'error', payload: [publicError(error, request)] });
      return;
    }
    for await (const answer of answers) {
      if (signal.aborted) return;
      await this.send({ id, type: 'next', payload: answer });
    }
    if (!signal.aborted) await this.send({ id, type: 'complete' });
  }

  /** Resolves when the message has left this process, or will never: the socket is closed. */
  private send(message: object): Promise<void> {
    return new Promise((resolve) => {
      const stuck = setTimeout(() => this.socket.terminate(), this.times.stuckMs ?? STUCK_MS);
      this.socket.send(JSON.stringify(message), () => {
        clearTimeout(stuck);
        resolve();
      });
    });
  }

  private check(): void {
    if (!this.alive) this.socket.terminate();
    else this.socket.ping();
    this.alive = false;
  }

  private close(code: number, reason: string): void {
    this.socket.close(
      code,
      Buffer.from(reason)
        .subarray(0, REASON_MAX)
        .toString()
        .replace(/\uFFFD+$/, ''),
    );
    this.end();
  }

  private end(): void {
    for (const timer of this.timers) clearTimeout(timer);
    for (const operation of this.operations.values()) operation.abort();
  }
}

function messageOf(text: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null && !Array.isArray(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

/** Browsers cannot give a WebSocket headers, so the token may come in the first message. */
function authorizationIn(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { headers } = payload as { headers?: unknown };
  for (const place of [payload, headers]) {
    if (typeof place !== 'object' || place === null) continue;
    for (const [name, value] of Object.entries(place)) {
      if (name.toLowerCase() === 'authorization' && typeof value === 'string') return value;
    }
  }
  return undefined;
}
