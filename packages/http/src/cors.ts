/**
 * Which pages of other origins may call us: none, unless the operator lists them in `CORS_ORIGINS`. Sign-in is a
 * header that a page has to send itself, never a cookie, so credentials are not allowed to any.
 */
import type { IncomingHttpHeaders } from 'node:http';

const ALLOWED_HEADERS = 'authorization, content-type, accept, x-request-id, x-iroko-account';

/** Seconds a browser may remember the answer to its question. */
const REMEMBER_SECONDS = 600;

/** The headers of an answer to a page of another origin; without any the browser keeps it from the page. */
export function corsHeaders(
  origins: readonly string[],
  headers: IncomingHttpHeaders,
): Record<string, string> {
  if (origins.length === 0) return {};
  const origin = headers.origin;
  if (!origin || !origins.includes(origin)) return { vary: 'origin' };
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'x-request-id, retry-after',
  };
}

/** The answer to a browser's question before it sends a request for a page of another origin. */
export function preflightHeaders(
  origins: readonly string[],
  methods: readonly string[],
  headers: IncomingHttpHeaders,
): Record<string, string> {
  const allowed = corsHeaders(origins, headers);
  if (!allowed['access-control-allow-origin']) return allowed;
  return {
    ...allowed,
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': String(REMEMBER_SECONDS),
  };
}
