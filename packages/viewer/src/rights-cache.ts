/**
 * Rights as the contract views said them, for 10 seconds at most, and dropped when the database tells of a change.
 *
 * An answer that was under way when a change was told is given out but not kept: it may be from before.
 */
import { BoundedCache } from './bounded-cache';
import type { Viewer } from './viewer';

/** What a credential amounted to: a viewer until some moment, or why it is none. */
export type Standing =
  | { viewer: Viewer; expiresAtMs: number }
  | { refusal: string; reason: 'revoked' | 'unknown' };

const KEPT_MS = 10_000;
const ENTRIES_MAX = 10_000;

export class RightsCache {
  private readonly cache: BoundedCache<Standing>;
  private readonly loading = new Map<string, Promise<Standing>>();
  private changes = 0;

  constructor(private readonly now: () => number) {
    this.cache = new BoundedCache(ENTRIES_MAX, now);
  }

  async get(key: string, load: () => Promise<Standing>): Promise<Standing> {
    const known = this.cache.get(key) ?? this.loading.get(key);
    if (known) return known;
    const pending = this.load(key, load).finally(() => {
      if (this.loading.get(key) === pending) this.loading.delete(key);
    });
    this.loading.set(key, pending);
    return pending;
  }

  /** Acts on a notification: `account:<id>`, `user:<id>`, or anything else for all. */
  drop(payload: string): void {
    this.changes++;
    // Whoever asks from now on must not be given an answer that was begun before the change.
    this.loading.clear();
    const [kind, id] = payload.split(':');
    this.cache.deleteWhere((standing) => {
      if ('refusal' in standing) return true;
      if (kind === 'account') return standing.viewer.accountId === id;
      return kind !== 'user' || standing.viewer.userId === id;
    });
  }

  private async load(key: string, load: () => Promise<Standing>): Promise<Standing> {
    const startedAtMs = this.now();
    const changesBefore = this.changes;
    const standing = await load();
    if (this.changes === changesBefore) this.cache.set(key, standing, startedAtMs + KEPT_MS);
    return standing;
  }
}
