/**
 * WebSockets beside the routes. What is refused before the connection is open is refused as HTTP.
 */
import type http from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError, badInput } from '@iroko/errors';
import { WebSocketServer } from 'ws';
import { errorReply } from '../reply';
import type { HttpRequest } from '../route';
import type { LiveEndpoint } from './endpoint';
import { type SessionTimes, SOCKET_PROTOCOL, SocketSession } from './socket-session';

/** A path at which operations are taken over WebSockets. */
export interface SocketRoute {
  readonly path: string;
  /** One sentence for the documentation. */
  readonly description: string;
  /** The largest message that is taken. */
  readonly messageLimitBytes: number;
  /** Origins whose pages may connect, besides our own. */
  readonly corsOrigins: readonly string[];
  readonly endpoint: LiveEndpoint;
  readonly times?: SessionTimes;
}

export class Sockets {
  private readonly servers: readonly { route: SocketRoute; server: WebSocketServer }[];

  constructor(
    routes: readonly SocketRoute[],
    private readonly describe: (message: http.IncomingMessage) => HttpRequest,
  ) {
    this.servers = routes.map((route) => ({
      route,
      server: new WebSocketServer({
        noServer: true,
        clientTracking: true,
        maxPayload: route.messageLimitBytes,
        perMessageDeflate: false,
        handleProtocols: () => SOCKET_PROTOCOL,
      }),
    }));
  }

  upgrade(message: http.IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const request = this.describe(message);
    try {
      this.accept(message, request, socket, head);
    } catch (error) {
      refuse(socket, request, error);
    }
  }

  /** Throws what the connection is refused with. */
  private accept(message: http.IncomingMessage, request: HttpRequest, socket: Duplex, head: Buffer): void {
    const found = this.servers.find(({ route }) => route.path === request.path.replace(/\/$/, ''));
    if (!found) throw new ApiError('NOT_FOUND', 'There is no WebSocket at this address.');
    const { route, server } = found;
    if (!isOfferedProtocol(message)) {
      throw badInput(`Offer the subprotocol ${SOCKET_PROTOCOL}, as graphql-ws does.`);
    }
    if (!isAllowedOrigin(request, route.corsOrigins)) {
      const words = 'Pages of this origin may not connect; CORS_ORIGINS lists those that may.';
      throw new ApiError('FORBIDDEN', words);
    }
    const disconnect = route.endpoint.connect(request);
    socket.once('close', disconnect);
    server.handleUpgrade(message, socket, head, (webSocket) => {
      new SocketSession(webSocket, request, route.endpoint, route.times);
    });
  }

  /** Tells every client that we go; operations have been ended before with a reason. */
  close(): void {
    for (const { server } of this.servers) {
      for (const client of server.clients) client.close(1001, 'The server stops.');
      server.close();
    }
  }

  cut(): void {
    for (const { server } of this.servers) for (const client of server.clients) client.terminate();
  }
}

function isOfferedProtocol(message: http.IncomingMessage): boolean {
  const offered = message.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((protocol) => protocol.trim() === SOCKET_PROTOCOL);
}

/** Only browsers say an origin, and only they can be made to connect without their user's will. */
function isAllowedOrigin({ headers, origin }: HttpRequest, allowed: readonly string[]): boolean {
  return headers.origin === undefined || headers.origin === origin || allowed.includes(headers.origin);
}

function refuse(socket: Duplex, { requestId }: HttpRequest, error: unknown): void {
  const reply = errorReply(error, requestId);
  const code = reply.status ?? 500;
  const body = JSON.stringify(reply.json);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
    'x-request-id': requestId,
    ...reply.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}`, ...lines, '', body].join('\r\n'));
}
