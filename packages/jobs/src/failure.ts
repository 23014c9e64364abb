/**
 * What to do about an attempt that threw, and what to say of it.
 */
import { ApiError, type ErrorCode } from '@iroko/errors';
import { retryDelayMs } from './backoff';

/** What a person may read of a failure. */
export interface JobError {
  code: ErrorCode;
  message: string;
}

export type AfterFailure =
  | { retry: true; delayMs: number; error: JobError }
  | { retry: false; error: JobError };

/** Trying again helps where something could not be reached or was a defect of the moment, not where input is wrong. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL']);

export function afterFailure(
  thrown: unknown,
  attempt: { number: number; of: number },
  requestId: string,
  random: number,
): AfterFailure {
  const error = jobError(thrown, requestId);
  if (!PASSING.has(error.code) || attempt.number >= attempt.of) return { retry: false, error };
  return { retry: true, delayMs: retryDelayMs(attempt.number, random), error };
}

/** Ours as it is; anything else without a word of the inside. */
export function jobError(thrown: unknown, requestId: string): JobError {
  if (thrown instanceof ApiError) return { code: thrown.code, message: thrown.message };
  return {
    code: 'INTERNAL',
    message: `Something went wrong here. The log has it under request ${requestId}.`,
  };
}
