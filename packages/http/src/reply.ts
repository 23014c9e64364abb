/**
 * Replies on the wire, and errors as replies.
 */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ApiError, HTTP_STATUS } from '@iroko/errors';
import type { HttpReply } from './route';

/** The reply for an error: ours as it is, anything else as INTERNAL without a word of the inside. */
export function errorReply(error: unknown, requestId: string): HttpReply {
  const known =
    error instanceof ApiError
      ? error
      : new ApiError('INTERNAL', `Something went wrong here. The log has it under request ${requestId}.`, {
          requestId,
        });
  const retryAfter = known.details.retryAfterSeconds;
  return {
    status: HTTP_STATUS[known.code],
    headers: typeof retryAfter === 'number' ? { 'retry-after': Math.ceil(retryAfter) } : {},
    json: { errors: [{ message: known.message, extensions: { code: known.code, details: known.details } }] },
  };
}

/** Writes a reply; a stream that breaks midway ends the connection, so that nobody takes a part for the whole. */
export async function sendReply(
  reply: HttpReply,
  response: ServerResponse,
  withBody: boolean,
): Promise<void> {
  const body = reply.json === undefined ? reply.body : JSON.stringify(reply.json);
  const headers: Record<string, string | number | string[]> = {
    'x-content-type-options': 'nosniff',
    ...reply.headers,
  };
  if (reply.json !== undefined) headers['content-type'] ??= 'application/json; charset=utf-8';
  if (typeof body === 'string' || Buffer.isBuffer(body))
    headers['content-length'] ??= Buffer.byteLength(body);
  response.writeHead(reply.status ?? 200, headers);
  if (!withBody || body === undefined) {
    if (body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body)) body.destroy();
    response.end();
  } else if (typeof body === 'string' || Buffer.isBuffer(body)) response.end(body);
  else await pipeline(body, response);
}
