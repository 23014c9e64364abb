/**
 * How long to wait before trying again: longer each time, and never all at the same moment.
 */

/** 5 s, 10 s, 20 s, … ten minutes at most, each up to a quarter longer or shorter. `random` is in [0, 1). */
export function retryDelayMs(attempt: number, random: number): number {
  const base = Math.min(5_000 * 2 ** Math.max(0, attempt - 1), 600_000);
  return Math.round(base * (0.75 + random / 2));
}
