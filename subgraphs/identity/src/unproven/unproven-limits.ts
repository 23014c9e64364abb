/**
 * How often somebody who has proven nothing may ask for mails: for one address, and from one source. Each mail that
 * was sent before the limit is in the inbox with a good link, so the limit locks nobody out.
 */

export const WINDOW_MINUTES = 15;
/** People press a button again when a mail is slow; more would fill somebody's inbox. */
export const ADDRESS_REQUESTS_MAX = 5;
/** A whole office may sit behind one source. */
export const SOURCE_REQUESTS_MAX = 50;

export interface RequestCounts {
  ofAddress: number;
  ofSource: number;
  /** Seconds until the oldest of the address, and of the source, leaves the window. */
  secondsOfAddress: number;
  secondsOfSource: number;
}

/** Seconds to wait before the next request, or 0 when it may be made. */
export function waitSeconds(counts: RequestCounts): number {
  return Math.max(
    counts.ofAddress >= ADDRESS_REQUESTS_MAX ? Math.max(1, Math.ceil(counts.secondsOfAddress)) : 0,
    counts.ofSource >= SOURCE_REQUESTS_MAX ? Math.max(1, Math.ceil(counts.secondsOfSource)) : 0,
  );
}
