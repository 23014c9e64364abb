/**
 * `fetch` as libraries want it, through packages/outbound: whatever address a provider's documents name is checked,
 * pinned and limited like any other.
 */
import type { Call, Outbound } from '@iroko/outbound';

export const CALL_TIMEOUT_MS = 5000;
/** Discovery documents and key sets are a few kilobytes. */
const ANSWER_BYTES_MAX = 512 * 1024;
/** A Response with one of these has no body. */
const WITHOUT_BODY = [204, 205, 304];

interface FetchOptions {
  method: string;
  headers: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

export function outboundFetch(outbound: Outbound) {
  return async (url: string, { method, headers, body, signal }: FetchOptions): Promise<Response> => {
    const answer = await outbound.call({
      method: method as Call['method'],
      url,
      headers,
      timeoutMs: CALL_TIMEOUT_MS,
      maxBytes: ANSWER_BYTES_MAX,
      ...(body === undefined || body === null ? {} : { body: String(body) }),
      ...(signal ? { signal } : {}),
    });
    const entries = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    );
    const content = WITHOUT_BODY.includes(answer.status) ? null : new Uint8Array(answer.body);
    return new Response(content, { status: answer.status, headers: entries });
  };
}
