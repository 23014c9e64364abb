/**
 * The published list of error codes.
 *
 * Programs act on a code, so a code keeps its meaning for ever: one that is no longer used is retired, never
 * given to something else. Above each stands the shape of its `extensions.details`.
 */
export const ERROR_CODES = [
  /** `{ reason?: 'missing' | 'malformed' | 'expired' | 'revoked' | 'unknown' }` */
  'UNAUTHENTICATED',
  /** `{ permission?: string }`: the permission that the viewer lacks. */
  'FORBIDDEN',
  /** `{ type: string, id: string }`: also for what another account owns, so that ids tell nothing. */
  'NOT_FOUND',
  /** `{ path?: string[], … }`: which input is wrong; further keys are named in the message. */
  'BAD_USER_INPUT',
  /** `{ expectedRevision?, actualRevision?, fields?: string[], jobId? }` */
  'CONFLICT',
  /** `{ retryAfterSeconds: number }` */
  'RATE_LIMITED',
  /** `{ limit: string, maximum: number, actual?: number }` */
  'LIMIT_EXCEEDED',
  /** `{ maximumBytes: number }` */
  'PAYLOAD_TOO_LARGE',
  /** `{ part?: string }`: which part of the system cannot be reached. */
  'UNAVAILABLE',
  /** `{ requestId?: string }`: a defect of ours; the log has it under that request. */
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** The HTTP status that says the same as a code, for the routes outside GraphQL. */
export const HTTP_STATUS: Record<ErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  LIMIT_EXCEEDED: 400,
  PAYLOAD_TOO_LARGE: 413,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};
