/**
 * What the database refused. It is the only check that holds under concurrency, so services let it check and
 * translate the refusal into the words of the API.
 */

interface DatabaseError {
  code?: string;
  constraint?: string;
  detail?: string;
}

/** Whether the database refused a write because of this constraint, or raised an error under that name. */
export function isViolation(error: unknown, constraint: string): boolean {
  return (error as DatabaseError | undefined)?.constraint === constraint;
}

/** The name of the violated constraint, when the database refused a write. */
export function violatedConstraint(error: unknown): string | undefined {
  const { code, constraint } = (error ?? {}) as DatabaseError;
  return code?.startsWith('23') || code === 'P0001' ? constraint : undefined;
}
