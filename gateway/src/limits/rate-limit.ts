/**
 * Requests a minute, per client. A client is who it proves to be; until it has proved that, its address counts,
 * so that inventing tokens gains nothing.
 *
 * Each process counts for itself: behind a load balancer of N processes a client may do up to N times as much.
 * The limit protects a process from one eager client; it is no quota, and nothing else rests on it.
 */
import { createHash } from 'node:crypto';
import { rateLimited } from '@iroko/errors';
import { BoundedCache } from '../bounded-cache';

/** Clients remembered at once; one that was forgotten begins anew. */
const CLIENTS_MAX = 50_000;

const MINUTE_MS = 60_000;

interface Allowance {
  left: number;
  /** When `left` was right, in milliseconds. */
  at: number;
}

export class RateLimit {
  readonly #allowances = new BoundedCache<Allowance>(CLIENTS_MAX);
  readonly #clients = new BoundedCache<string>(CLIENTS_MAX);

  /** `now` in milliseconds, on a clock that never goes back. */
  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Counts one request. Throws RATE_LIMITED with the seconds to wait. */
  take(address: string, authorization: string | undefined): void {
    const client = authorization ? this.#clients.get(fingerprint(authorization)) : undefined;
    const key = client ?? `address ${address}`;
    const now = this.now();
    const known = this.#allowances.get(key) ?? { left: this.perMinute, at: now };
    const refilled = known.left + ((now - known.at) / MINUTE_MS) * this.perMinute;
    const left = Math.min(this.perMinute, refilled) - 1;
    if (left < 0) throw this.#refusal(left);
    this.#allowances.set(key, { left, at: now });
  }

  /** Remembers whose requests carry this header, once it has been verified. */
  recognise(authorization: string, client: string): void {
    this.#clients.set(fingerprint(authorization), `client ${client}`);
  }

  #refusal(left: number): Error {
    const seconds = Math.max(1, Math.ceil((-left / this.perMinute) * 60));
    return rateLimited(
      `More than ${this.perMinute} requests a minute, the limit set by RATE_LIMIT_PER_MINUTE. Try again in ${seconds} s.`,
      seconds,
    );
  }
}

/** Tokens are kept nowhere in memory longer than their request needs them. */
function fingerprint(authorization: string): string {
  return createHash('sha256').update(authorization).digest('base64');
}
