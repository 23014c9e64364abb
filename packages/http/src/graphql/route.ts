/**
 * GraphQL over HTTP as the specification says, for the gateway and for a subgraph that runs apart. It knows the
 * protocol only: what an operation answers is the endpoint's business.
 */
import { ApiError, type ErrorCode, HTTP_STATUS } from '@iroko/errors';
import { corsHeaders, preflightHeaders } from '../cors';
import type { LiveEndpoint } from '../live/endpoint';
import { EVENT_STREAM, eventStream, wantsEventStream } from '../live/event-stream';
import type { HttpReply, HttpRequest, Route } from '../route';
import type { GraphQLAnswer } from './answer';
import { GRAPHQL_TYPE, JSON_TYPE, type ResponseType, responseType } from './media-type';
import {
  type GraphQLParameters,
  parametersOfBody,
  parametersOfQueryString,
  UnsupportedMediaType,
} from './parameters';
import { publicError } from './public-errors';

export interface GraphQLEndpoint {
  /** Such as `/graphql`. */
  readonly path: string;
  readonly description: string;
  readonly bodyLimitBytes: number;
  /** The setting that makes this limit, for the error's text, where there is one. */
  readonly bodyLimitSetting?: string;
  readonly corsOrigins: readonly string[];
  /** Called before the body is read; throws to refuse the request, such as RATE_LIMITED. */
  admit?(request: HttpRequest): void;
  /** `queriesOnly` for GET, where anything else is refused with MethodNotAllowed. Throws ApiError to refuse. */
  answer(
    parameters: GraphQLParameters,
    request: HttpRequest,
    options: { queriesOnly: boolean },
  ): Promise<GraphQLAnswer>;
  /** Takes operations that answer more than once; without it there is no event stream. */
  readonly live?: LiveEndpoint;
}

/** A mutation sent by GET. Answered with 405. */
export class MethodNotAllowed extends Error {
  override name = 'MethodNotAllowed';
}

/** These say something about the request whatever it contains, so their status is told under both types. */
const ALWAYS_BY_STATUS: ReadonlySet<ErrorCode> = new Set([
  'RATE_LIMITED',
  'PAYLOAD_TOO_LARGE',
  'UNAVAILABLE',
  'INTERNAL',
]);

export function graphqlRoutes(endpoint: GraphQLEndpoint): Route[] {
  const { path, description, corsOrigins } = endpoint;
  const preflight = async (request: HttpRequest): Promise<HttpReply> => ({
    status: 204,
    headers: {
      allow: 'GET, POST, OPTIONS',
      ...preflightHeaders(corsOrigins, ['GET', 'POST'], request.headers),
    },
  });
  const handler = (request: HttpRequest) => handle(endpoint, request);
  return [
    { method: 'POST', path, description, handler },
    { method: 'GET', path, description: `${description} Queries only.`, handler },
    {
      method: 'OPTIONS',
      path,
      description: `What browsers ask before they call ${path}.`,
      handler: preflight,
    },
  ];
}

async function handle(endpoint: GraphQLEndpoint, request: HttpRequest): Promise<HttpReply> {
  const cors = corsHeaders(endpoint.corsOrigins, request.headers);
  if (endpoint.live && wantsEventStream(request.headers.accept)) {
    return handleLive(endpoint, endpoint.live, request, cors);
  }
  const type = responseType(request.headers.accept);
  if (!type)
    return refusal(406, 'BAD_USER_INPUT', `Accept ${JSON_TYPE} or ${GRAPHQL_TYPE}.`, cors, JSON_TYPE);
  let wellFormed = false;
  try {
    endpoint.admit?.(request);
    const queriesOnly = request.method === 'GET';
    const parameters = queriesOnly
      ? parametersOfQueryString(request.query)
      : await parametersOfBody(request, endpoint.bodyLimitBytes, endpoint.bodyLimitSetting);
    wellFormed = true;
    const answer = await endpoint.answer(parameters, request, { queriesOnly });
    return reply(statusOf(answer, type), answer, cors, type);
  } catch (error) {
    return errorReply(error, request, cors, type, wellFormed);
  }
}

/** What is refused before it begins is refused with a status; later the last answer says why it ends. */
async function handleLive(
  endpoint: GraphQLEndpoint,
  live: LiveEndpoint,
  request: HttpRequest,
  cors: Record<string, string>,
): Promise<HttpReply> {
  const operation = new AbortController();
  let disconnect: (() => void) | undefined;
  try {
    disconnect = live.connect(request);
    const parameters =
      request.method === 'GET'
        ? parametersOfQueryString(request.query)
        : await parametersOfBody(request, endpoint.bodyLimitBytes, endpoint.bodyLimitSetting);
    const answers = await live.open(parameters, request, {
      signal: operation.signal,
      withoutMutations: request.method === 'GET',
    });
    const ended = () => {
      operation.abort();
      disconnect?.();
    };
    const headers = {
      ...cors,
      'content-type': EVENT_STREAM,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    };
    return { status: 200, headers, body: eventStream(answers, { ended }) };
  } catch (error) {
    disconnect?.();
    return errorReply(error, request, cors, GRAPHQL_TYPE, true);
  }
}

function errorReply(
  error: unknown,
  request: HttpRequest,
  cors: Record<string, string>,
  type: ResponseType,
  wellFormed: boolean,
): HttpReply {
  if (error instanceof UnsupportedMediaType) return refusal(415, 'BAD_USER_INPUT', error.message, cors, type);
  if (error instanceof MethodNotAllowed) {
    return refusal(405, 'BAD_USER_INPUT', error.message, { ...cors, allow: 'POST' }, type);
  }
  const answer = { errors: [publicError(error, request)] };
  const code = answer.errors[0]?.extensions?.code as ErrorCode;
  const status = wellFormed ? statusOf(answer, type) : HTTP_STATUS[code];
  const retryAfter = error instanceof ApiError ? error.details.retryAfterSeconds : undefined;
  const headers = typeof retryAfter === 'number' ? { ...cors, 'retry-after': String(retryAfter) } : cors;
  return reply(status, answer, headers, type);
}

/** An answer with data is a success, also when fields failed. One without says why by its first error. */
function statusOf(answer: GraphQLAnswer, type: ResponseType): number {
  if ('data' in answer && answer.data !== undefined) return 200;
  const code = answer.errors?.[0]?.extensions?.code as ErrorCode | undefined;
  if (!code) return 200;
  return type === GRAPHQL_TYPE || ALWAYS_BY_STATUS.has(code) ? (HTTP_STATUS[code] ?? 500) : 200;
}

function refusal(
  status: number,
  code: ErrorCode,
  message: string,
  headers: Record<string, string>,
  type: ResponseType,
): HttpReply {
  return reply(status, { errors: [{ message, extensions: { code, details: {} } }] }, headers, type);
}

function reply(
  status: number,
  answer: GraphQLAnswer,
  headers: Record<string, string>,
  type: ResponseType,
): HttpReply {
  return {
    status,
    headers: { ...headers, 'content-type': type, 'cache-control': 'no-store' },
    body: JSON.stringify(answer),
  };
}
