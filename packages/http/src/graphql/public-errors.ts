/**
 * The last step before an error leaves: only the published codes go out, with their details. What is none of
 * them is a defect of ours; it goes out as INTERNAL with the request's id, and into the log as it was.
 */
import { ERROR_CODES, type ErrorCode } from '@iroko/errors';
import type { Logger } from '@iroko/telemetry';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

export interface ErrorScope {
  readonly requestId: string;
  readonly log: Logger;
}

const PUBLISHED: ReadonlySet<unknown> = new Set(ERROR_CODES);

/** Codes of Apollo's libraries for a request that cannot be understood. */
const INPUT_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** The published code of an error that was thrown while an operation was executed. */
export function publicCode(error: unknown): ErrorCode {
  if (!(error instanceof GraphQLError)) return isRemote(error) ? remoteCode(error) : 'INTERNAL';
  const { code } = error.extensions;
  if (PUBLISHED.has(code)) return code as ErrorCode;
  if (INPUT_CODES.has(code)) return 'BAD_USER_INPUT';
  if (code === 'DOWNSTREAM_SERVICE_ERROR') return publicCode(error.originalError);
  const { originalError } = error;
  // graphql-js itself: a document or variable that is wrong has no place in the answer, an argument has nodes.
  if (!originalError) return error.path ? 'INTERNAL' : 'BAD_USER_INPUT';
  if (
    originalError instanceof GraphQLError &&
    (originalError.nodes || PUBLISHED.has(originalError.extensions.code))
  ) {
    return publicCode(originalError);
  }
  return 'INTERNAL';
}

/** The error as it leaves. `path` and `locations` are kept where the client can use them. */
export function publicError(error: unknown, scope: ErrorScope): GraphQLFormattedError {
  const code = publicCode(error);
  const formatted = formattedOf(error);
  const place = { ...(formatted?.path ? { path: formatted.path } : {}) };
  if (code === 'INTERNAL') {
    scope.log.error(
      { err: error, path: formatted?.path, service: formatted?.extensions?.serviceName },
      'request failed',
    );
    return {
      message: `Something went wrong here. The log has it under request ${scope.requestId}.`,
      ...place,
      extensions: { code, details: { requestId: scope.requestId } },
    };
  }
  const locations = formatted?.locations && !formatted.path ? { locations: formatted.locations } : {};
  return {
    message: formatted?.message ?? '',
    ...locations,
    ...place,
    extensions: { code, details: formatted?.extensions?.details ?? {} },
  };
}

function formattedOf(error: unknown): GraphQLFormattedError | undefined {
  if (error instanceof GraphQLError) return error.toJSON();
  if (isRemote(error)) return error;
  const path = error instanceof Error && 'path' in error ? error.path : undefined;
  return Array.isArray(path) ? { message: '', path } : undefined;
}

/** An error as it came over HTTP from a subgraph that runs apart. */
function isRemote(error: unknown): error is GraphQLFormattedError {
  return typeof error === 'object' && error !== null && !(error instanceof Error) && 'message' in error;
}

function remoteCode(error: GraphQLFormattedError): ErrorCode {
  const code = error.extensions?.code;
  return PUBLISHED.has(code) ? (code as ErrorCode) : 'INTERNAL';
}
