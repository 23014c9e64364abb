/**
 * What became of one item of a batch. An expected failure of an item is data, so that the others go on.
 */
import { ApiError } from './api-error';
import type { ErrorCode } from './codes';

export interface Outcome {
  ok: boolean;
  code: ErrorCode | null;
  /** The input that is at fault, outermost first. */
  path: string[] | null;
  message: string | null;
}

export const okOutcome: Outcome = { ok: true, code: null, path: null, message: null };

/** The outcome for a failure the API knows; a defect of ours is thrown on, never turned into data. */
export function failedOutcome(error: unknown): Outcome {
  if (!(error instanceof ApiError)) throw error;
  const path = Array.isArray(error.details.path) ? error.details.path.map(String) : null;
  return { ok: false, code: error.code, path, message: error.message };
}
