/**
 * A defect of the file as a whole: it is refused and nothing is written. Layer and column say where to look.
 */
import { type ApiError, badInput } from '@iroko/errors';

export function fileDefect(message: string, place: { layer?: string; column?: string } = {}): ApiError {
  return badInput(message, { ...place });
}
