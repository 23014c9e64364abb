/**
 * The published list of error codes.
 *
 * Programs act on a code, so a code keeps its meaning for ever: one that is no longer used is retired, never
 * given to something else. `docs/errors.md` is printed from this list.
 */

export interface ErrorDescription {
  /** The HTTP status that says the same, for the routes outside GraphQL. */
  status: number;
  /** When it is answered. */
  meaning: string;
  /** The shape of `extensions.details`, as TypeScript writes it. */
  details: string;
  /** What the caller can do. */
  advice: string;
}

export const ERRORS = {
  UNAUTHENTICATED: {
    status: 401,
    meaning:
      'Nobody is signed in, or the token is malformed, expired, revoked or unknown; at signIn also a wrong password, and a second factor that is missing or wrong.',
    details:
      "{ reason?: 'missing' | 'malformed' | 'expired' | 'revoked' | 'unknown' | 'second_factor_required' | 'second_factor_wrong' }",
    advice:
      'Refresh the access token or sign in again, with a code where the second factor is asked for; an API token that was revoked stays so.',
  },
  FORBIDDEN: {
    status: 403,
    meaning: 'The viewer is known and lacks a permission, or asks for what lies beyond their scope.',
    details: "{ permission?: string, scope?: 'ORG_UNITS' | 'ORG_UNIT_TYPES' | 'PROJECTS' }",
    advice: 'Ask an administrator of the account for a role that has the permission.',
  },
  NOT_FOUND: {
    status: 404,
    meaning: 'There is no such thing for this viewer; also for what another account owns.',
    details: '{ type: string, id: string }',
    advice: 'Check the id and the account that the token belongs to.',
  },
  BAD_USER_INPUT: {
    status: 400,
    meaning: 'The request cannot be understood or breaks a rule of its input.',
    details: '{ path?: string[], … }: which input is wrong; further keys are named in the message.',
    advice: 'Correct the input that the path names; sending the same again ends the same.',
  },
  CONFLICT: {
    status: 409,
    meaning: 'Somebody else was first, or the thing is held by a job. Nothing was written.',
    details: '{ expectedRevision?: number, actualRevision?: number, fields?: string[], jobId?: string }',
    advice: 'Read the record again, decide, and send the new revision; or wait for the job.',
  },
  RATE_LIMITED: {
    status: 429,
    meaning: 'Too many requests from this token, person or address.',
    details: '{ retryAfterSeconds: number }',
    advice: 'Wait for that many seconds.',
  },
  LIMIT_EXCEEDED: {
    status: 400,
    meaning: 'The request is larger than a limit allows: depth, aliases, cost, page or batch size.',
    details: '{ limit: string, maximum: number, actual?: number }',
    advice: 'Ask for less at once; an operator can raise the limit that is named.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    meaning: 'The body or file is larger than what is taken.',
    details: '{ maximumBytes: number }',
    advice: 'Send less, or ask the operator to raise the limit.',
  },
  UNAVAILABLE: {
    status: 503,
    meaning: 'A part of the system cannot be reached for the moment.',
    details: '{ part?: string }',
    advice: 'Try again later, with growing pauses.',
  },
  INTERNAL: {
    status: 500,
    meaning: 'A defect of Iroko. Nothing of the inside is told; the log has it under the request id.',
    details: '{ requestId?: string }',
    advice: 'Report it with the request id.',
  },
} as const satisfies Record<string, ErrorDescription>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];

/** The HTTP status that says the same as a code, for the routes outside GraphQL. */
export const HTTP_STATUS: Record<ErrorCode, number> = Object.fromEntries(
  Object.entries(ERRORS).map(([code, { status }]) => [code, status]),
) as Record<ErrorCode, number>;
