/**
 * How many sign-ins may fail before the next is refused. Failures are counted for the address and for the source.
 *
 * An attacker must not be able to lock somebody else out. So failures from elsewhere do not count for a source from
 * which the address signed in before; refused attempts count for nothing; and a window ends by itself.
 */

export const WINDOW_MINUTES = 15;
/** Ten guesses in 15 minutes are under a thousand a day: nothing against a decent password, plenty for a person. */
export const ADDRESS_FAILURES_MAX = 10;
/** A whole office may sit behind one source. */
export const SOURCE_FAILURES_MAX = 100;
/** Failed and under way together: what is under way may yet fail, so a burst gets no more tries than this. */
export const ADDRESS_OPEN_MAX = 20;
/** How long a source from which an address signed in is known for it. */
export const KNOWN_SOURCE_DAYS = 30;

export interface AttemptCounts {
  /** Whether this address signed in from this source lately. */
  knownSource: boolean;
  addressFailures: number;
  addressFailuresHere: number;
  addressPending: number;
  sourceFailures: number;
  /** Seconds until the oldest attempt in the window leaves it. */
  secondsToOldest: number;
}

/** Seconds to wait before the next attempt, or 0 when it may be made. */
export function waitSeconds(counts: AttemptCounts): number {
  const failures = counts.knownSource ? counts.addressFailuresHere : counts.addressFailures;
  const tooMany =
    failures >= ADDRESS_FAILURES_MAX ||
    failures + counts.addressPending >= ADDRESS_OPEN_MAX ||
    counts.sourceFailures >= SOURCE_FAILURES_MAX;
  return tooMany ? Math.max(1, Math.ceil(counts.secondsToOldest)) : 0;
}
