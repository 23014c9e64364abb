/**
 * The server that serves routes. It is thin on purpose: GraphQL requests pass through it on the fast path.
 */
import { setMaxListeners } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from '@iroko/errors';
import type { Logger } from '@iroko/telemetry';
import type { RequestSource, Viewer } from '@iroko/viewer';
import findMyWay from 'find-my-way';
import proxyAddress from 'proxy-addr';
import { countedAddress } from './counted-address';
import { type SocketRoute, Sockets } from './live/sockets';
import { errorReply, sendReply } from './reply';
import { requestIdOf } from './request-id';
import type { HttpReply, HttpRequest, Method, Route } from './route';

/** Time for open operations to tell their clients why they end. */
const SAY_WHY_MS = 100;

export interface HttpServerOptions {
  routes: readonly Route[];
  /** Paths that take WebSockets. */
  sockets?: readonly SocketRoute[];
  /** Builds the Viewer of a request; throws UNAUTHENTICATED for a bad token. */
  viewerOf: (headers: http.IncomingHttpHeaders, from: Required<RequestSource>) => Promise<Viewer>;
  log: Logger;
  /** Addresses of proxies whose forwarded headers count. */
  trustProxy?: readonly string[];
}

export interface HttpServer {
  readonly server: http.Server;
  /** Resolves to the port, which differs from the asked one when that is 0. */
  listen(host: string, port: number): Promise<number>;
  /** Takes no new connections, lets requests finish for `graceMs`, then cuts them. */
  close(graceMs?: number): Promise<void>;
}

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const router = findMyWay({ ignoreTrailingSlash: true, maxParamLength: 500 });
  const closing = new AbortController();
  // Each open subscription listens to it, and there may be thousands.
  setMaxListeners(0, closing.signal);
  const described: Described = {
    ...options,
    trusts: proxyAddress.compile([...(options.trustProxy ?? [])]),
    closing: closing.signal,
  };
  for (const route of options.routes) {
    router.on(route.method, route.path, (message, response, params) => {
      void answer(route, message as IncomingMessage, response as ServerResponse, params, described);
    });
  }
  const server = http.createServer((message, response) => {
    const found = router.find(message.method as Method, (message.url ?? '/').split('?', 1)[0] ?? '/');
    if (found) router.lookup(message, response);
    else void refuseUnknown(router, message, response);
  });
  const sockets = new Sockets(options.sockets ?? [], (message) => describe(message, {}, described));
  server.on('upgrade', (message, socket, head) => sockets.upgrade(message, socket, head));
  return {
    server,
    listen: (host, port) => listen(server, host, port),
    close: (grace) => close(server, sockets, closing, grace),
  };
}

type Trusts = (address: string, hop: number) => boolean;

interface Described extends HttpServerOptions {
  readonly trusts: Trusts;
  readonly closing: AbortSignal;
}

async function answer(
  route: Route,
  message: IncomingMessage,
  response: ServerResponse,
  params: Record<string, string | undefined>,
  options: Described,
): Promise<void> {
  const request = describe(message, params as Record<string, string>, options);
  response.setHeader('x-request-id', request.requestId);
  try {
    await sendReply(await route.handler(request), response, message.method !== 'HEAD');
  } catch (error) {
    if (!(error instanceof ApiError)) request.log.error({ err: error, route: route.path }, 'request failed');
    if (response.headersSent) response.destroy();
    else
      await sendError(
        route.errorReply?.(error, request) ?? errorReply(error, request.requestId),
        message,
        response,
      );
  }
}

/** The rest of an unread body is dropped and the connection closed, so that a refused upload ends at once. */
async function sendError(
  reply: HttpReply,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!message.complete) response.setHeader('connection', 'close');
  await sendReply(reply, response, message.method !== 'HEAD').catch(() => response.destroy());
  if (!message.complete) message.resume();
}

function describe(
  message: IncomingMessage,
  params: Record<string, string>,
  options: Described,
  headers = message.headers,
): HttpRequest {
  const { trusts, closing } = options;
  const requestId = requestIdOf(message.headers);
  const url = message.url ?? '/';
  const questionMark = url.indexOf('?');
  let viewer: Promise<Viewer> | undefined;
  let log: Logger | undefined;
  return {
    method: message.method as Method,
    path: questionMark < 0 ? url : url.slice(0, questionMark),
    params,
    headers,
    body: message,
    requestId,
    closing,
    // Most requests write no line; a child logger costs more than the rest of this.
    get log() {
      log ??= options.log.child({ requestId });
      return log;
    },
    get query() {
      return new URLSearchParams(questionMark < 0 ? '' : url.slice(questionMark + 1));
    },
    get remoteAddress() {
      return proxyAddress(message, trusts);
    },
    get origin() {
      return originOf(message, trusts);
    },
    viewer() {
      viewer ??= options.viewerOf(headers, {
        requestId,
        source: () => countedAddress(proxyAddress(message, trusts)),
      });
      return viewer;
    },
    renewed(authorization) {
      const given = authorization === undefined ? headers : { ...headers, authorization };
      return describe(message, params, options, given);
    },
  };
}

function originOf(message: IncomingMessage, trusts: Trusts): string {
  const trusted = trusts(message.socket.remoteAddress ?? '', 0);
  const forwarded = (name: string) =>
    trusted
      ? String(message.headers[name] ?? '')
          .split(',')[0]
          ?.trim()
      : '';
  const protocol = forwarded('x-forwarded-proto') === 'https' ? 'https' : 'http';
  return `${protocol}://${forwarded('x-forwarded-host') || message.headers.host || 'localhost'}`;
}

async function refuseUnknown(
  router: findMyWay.Instance<findMyWay.HTTPVersion.V1>,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (message.url ?? '/').split('?', 1)[0] ?? '/';
  const methods = (['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const).filter((method) =>
    router.find(method, path),
  );
  const requestId = requestIdOf(message.headers);
  const reply =
    methods.length > 0
      ? {
          status: 405,
          headers: { allow: methods.join(', ') },
          json: refusal(`${message.method} is not allowed here; allowed: ${methods.join(', ')}.`),
        }
      : { status: 404, json: refusal('There is nothing at this address.') };
  response.setHeader('x-request-id', requestId);
  await sendError(reply, message, response);
}

const refusal = (text: string) => ({
  errors: [{ message: text, extensions: { code: 'NOT_FOUND', details: {} } }],
});

function listen(server: http.Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(
  server: http.Server,
  sockets: Sockets,
  closing: AbortController,
  graceMs = 5000,
): Promise<void> {
  closing.abort();
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      sockets.cut();
      server.closeAllConnections();
    }, graceMs);
    // After what the abort makes them say: the reason why they end.
    setTimeout(() => sockets.close(), Math.min(SAY_WHY_MS, graceMs));
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
