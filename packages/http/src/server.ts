/**
 * The server that serves routes. It is thin on purpose: GraphQL requests pass through it on the fast path.
 */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from '@iroko/errors';
import type { Logger } from '@iroko/telemetry';
import type { Viewer } from '@iroko/viewer';
import findMyWay from 'find-my-way';
import proxyAddress from 'proxy-addr';
import { errorReply, sendReply } from './reply';
import { requestIdOf } from './request-id';
import type { HttpReply, HttpRequest, Method, Route } from './route';

export interface HttpServerOptions {
  routes: readonly Route[];
  /** Builds the Viewer of a request; throws UNAUTHENTICATED for a bad token. */
  viewerOf: (headers: http.IncomingHttpHeaders) => Promise<Viewer>;
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
  const trusts = proxyAddress.compile([...(options.trustProxy ?? [])]);
  for (const route of options.routes) {
    router.on(route.method, route.path, (message, response, params) => {
      void answer(route, message as IncomingMessage, response as ServerResponse, params, options, trusts);
    });
  }
  const server = http.createServer((message, response) => {
    const found = router.find(message.method as Method, (message.url ?? '/').split('?', 1)[0] ?? '/');
    if (found) router.lookup(message, response);
    else void refuseUnknown(router, message, response);
  });
  return {
    server,
    listen: (host, port) => listen(server, host, port),
    close: (grace) => close(server, grace),
  };
}

async function answer(
  route: Route,
  message: IncomingMessage,
  response: ServerResponse,
  params: Record<string, string | undefined>,
  options: HttpServerOptions,
  trusts: (address: string, hop: number) => boolean,
): Promise<void> {
  const request = describe(message, params as Record<string, string>, options, trusts);
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
  options: HttpServerOptions,
  trusts: (address: string, hop: number) => boolean,
): HttpRequest {
  const requestId = requestIdOf(message.headers);
  const url = message.url ?? '/';
  const questionMark = url.indexOf('?');
  let viewer: Promise<Viewer> | undefined;
  let log: Logger | undefined;
  return {
    method: message.method as Method,
    path: questionMark < 0 ? url : url.slice(0, questionMark),
    params,
    headers: message.headers,
    body: message,
    requestId,
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
      viewer ??= options.viewerOf(message.headers);
      return viewer;
    },
  };
}

function originOf(message: IncomingMessage, trusts: (address: string, hop: number) => boolean): string {
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

function close(server: http.Server, graceMs = 5000): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
