/**
 * What a subgraph serves beside GraphQL, reached through the gateway: uploads, downloads, the door for phones.
 * Bodies stream through in both directions; the gateway keeps nothing of them.
 */
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { unavailable } from '@iroko/errors';
import type { HttpReply, HttpRequest, Route } from '@iroko/http';

/** These speak about one connection and not about the request. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
]);

/** Nothing is said for this long only by a subgraph that is lost. */
const SILENCE_MS_MAX = 60_000;

/** The same route, answered by the subgraph whose GraphQL is at `url`. */
export function forwarded(route: Route, name: string, url: string): Route {
  return { ...route, handler: (request) => forward(request, name, url) };
}

async function forward(request: HttpRequest, name: string, url: string): Promise<HttpReply> {
  const query = request.query.toString();
  const target = new URL(`${request.path}${query ? `?${query}` : ''}`, url);
  try {
    const response = await send(request, target);
    return { status: response.statusCode ?? 502, headers: endToEnd(response.headers), body: response };
  } catch (error) {
    const lost = unavailable(`The service ${name} cannot be reached at the moment.`, name);
    lost.cause = error;
    throw lost;
  }
}

function send(request: HttpRequest, target: URL): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const client = target.protocol === 'https:' ? https : http;
    const outgoing = client.request(
      target,
      { method: request.method, headers: forwardedHeaders(request), timeout: SILENCE_MS_MAX },
      resolve,
    );
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer in time')));
    outgoing.once('error', reject);
    // An upload that breaks off must not look complete to the subgraph.
    request.body.once('error', (error) => outgoing.destroy(error));
    request.body.once('close', () => request.body.readableEnded || outgoing.destroy());
    request.body.pipe(outgoing);
  });
}

/** The subgraph believes these from proxies that its TRUST_PROXY names. */
function forwardedHeaders(request: HttpRequest): Record<string, string | string[]> {
  const origin = new URL(request.origin);
  return {
    ...endToEnd(request.headers),
    'x-request-id': request.requestId,
    'x-forwarded-for': request.remoteAddress,
    'x-forwarded-proto': origin.protocol.slice(0, -1),
    'x-forwarded-host': origin.host,
  };
}

function endToEnd(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) kept[name] = value;
  }
  return kept;
}
