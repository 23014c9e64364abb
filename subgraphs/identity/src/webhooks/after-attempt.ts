/**
 * What follows from an attempt at a delivery. A receiver that is away for a weekend misses nothing; one that is
 * gone is not called for ever.
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The waits after the first attempts; then the last one again and again. */
const WAITS_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR];
/** A delivery is tried for so long, and a webhook without a single success is disabled after as long. */
export const PATIENCE_MS = 72 * HOUR;

/** Up to a fifth shorter or longer, so that deliveries that failed together do not return together. `random` is in [0, 1). */
export function waitMs(attempt: number, random: number): number {
  const base = WAITS_MS[Math.min(attempt, WAITS_MS.length) - 1] ?? 5 * SECOND;
  return Math.round(base * (0.8 + 0.4 * random));
}

export interface AttemptSeen {
  /** 1 for the first. */
  attempt: number;
  /** Of the answer; null when there was none. */
  status: number | null;
  now: Date;
  /** When this delivery was first tried. */
  firstAt: Date;
  /** The first failure of the webhook since its last success, this one included. */
  failingSince: Date;
  random: number;
}

export interface Consequence {
  status: 'DELIVERED' | 'PENDING' | 'PARKED';
  /** How long to wait for the next attempt of this delivery. */
  waitMs: number;
  disable: 'GONE' | 'FAILING' | null;
}

export function afterAttempt(seen: AttemptSeen): Consequence {
  const { attempt, status, now, firstAt, failingSince, random } = seen;
  if (status !== null && status >= 200 && status < 300)
    return { status: 'DELIVERED', waitMs: 0, disable: null };
  const wait = waitMs(attempt, random);
  // 410 Gone is how a receiver says that it wants nothing more; what waits stays, should it come back.
  if (status === 410) return { status: 'PENDING', waitMs: wait, disable: 'GONE' };
  const patient = now.getTime() - firstAt.getTime() + wait <= PATIENCE_MS;
  const failing = now.getTime() - failingSince.getTime() >= PATIENCE_MS;
  return { status: patient ? 'PENDING' : 'PARKED', waitMs: wait, disable: failing ? 'FAILING' : null };
}
