/**
 * Routes as data: what is not GraphQL (uploads, downloads, the door for phones) is listed, so that it can be
 * mounted by any process, documented, and walked by the cross-account test.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Logger } from '@iroko/telemetry';
import type { Viewer } from '@iroko/viewer';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';

export interface HttpRequest {
  readonly method: Method;
  /** The path without the query string. */
  readonly path: string;
  /** The values of `:name` in the route's path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as it arrives; nothing is read before the handler reads it. */
  readonly body: Readable;
  readonly requestId: string;
  readonly log: Logger;
  /** The client's address, behind trusted proxies the one they forward. */
  readonly remoteAddress: string;
  /** The address under which the client reached us, such as `https://iroko.example.org`. */
  readonly origin: string;
  /** Built from the authorization header at the first call. Throws UNAUTHENTICATED for a bad token. */
  viewer(): Promise<Viewer>;
  /**
   * The same request as if it came now: its viewer is built anew, from another authorization header where one is given.
   * For what goes on longer than the rights of its first moment may hold.
   */
  renewed(authorization?: string): HttpRequest;
  /** Aborted when the server stops: whatever goes on ends then. */
  readonly closing: AbortSignal;
}

export interface HttpReply {
  /** 200 without it. */
  status?: number;
  headers?: Record<string, string | number | string[]>;
  /** Text, bytes or a stream; `json` instead for a value. */
  body?: string | Buffer | Readable;
  json?: unknown;
}

export interface Route {
  method: Method;
  /** Such as `/files/:id`. */
  path: string;
  /** One sentence for the documentation. */
  description: string;
  handler(request: HttpRequest): Promise<HttpReply>;
  /** How this route words an error, where its protocol demands something else than JSON. */
  errorReply?(error: unknown, request: HttpRequest): HttpReply;
}
