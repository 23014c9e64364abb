/**
 * The one error that may leave the house. Anything else that is thrown is a defect and leaves as INTERNAL.
 */
import { GraphQLError } from 'graphql';
import type { ErrorCode } from './codes';

export type ErrorDetails = Readonly<Record<string, unknown>>;

export class ApiError extends GraphQLError {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { extensions: { code, details } });
    this.name = 'ApiError';
    this.code = code;
    this.details = details;
  }
}

/** The request cannot be understood or breaks a rule of its input. `path` names the input, outermost first. */
export function badInput(
  message: string,
  details: { path?: string[] } & Record<string, unknown> = {},
): ApiError {
  return new ApiError('BAD_USER_INPUT', message, details);
}

/** There is no such thing for this viewer; what another account owns is answered in the same words. */
export function notFound(type: string, id: string): ApiError {
  return new ApiError('NOT_FOUND', `There is no ${type} with the id ${JSON.stringify(id.slice(0, 100))}.`, {
    type,
    id,
  });
}

export function forbidden(permission: string): ApiError {
  return new ApiError('FORBIDDEN', `This needs the permission ${permission}.`, { permission });
}

export type UnauthenticatedReason =
  | 'missing'
  | 'malformed'
  | 'expired'
  | 'revoked'
  | 'unknown'
  | 'second_factor_required'
  | 'second_factor_wrong';

export function unauthenticated(
  message = 'Sign in, or send a token in the authorization header.',
  reason: UnauthenticatedReason = 'missing',
): ApiError {
  return new ApiError('UNAUTHENTICATED', message, { reason });
}

/** Somebody else was first, or the thing is held. Nothing was written. */
export function conflict(message: string, details: ErrorDetails = {}): ApiError {
  return new ApiError('CONFLICT', message, details);
}

export function rateLimited(message: string, retryAfterSeconds: number): ApiError {
  return new ApiError('RATE_LIMITED', message, { retryAfterSeconds });
}

/** `limit` is the name of the setting or rule, `maximum` what it allows. */
export function limitExceeded(message: string, limit: string, maximum: number, actual?: number): ApiError {
  return new ApiError('LIMIT_EXCEEDED', message, {
    limit,
    maximum,
    ...(actual === undefined ? {} : { actual }),
  });
}

export function payloadTooLarge(message: string, maximumBytes: number): ApiError {
  return new ApiError('PAYLOAD_TOO_LARGE', message, { maximumBytes });
}

export function unavailable(message: string, part?: string): ApiError {
  return new ApiError('UNAVAILABLE', message, part ? { part } : {});
}
