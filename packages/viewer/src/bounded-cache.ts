/**
 * A cache that forgets: each entry has its own end, and at most so many are kept, the longest unused going first.
 * What it holds is always a copy of what the database says; losing it costs time only.
 */
interface Entry<Value> {
  value: Value;
  expiresAtMs: number;
}

export class BoundedCache<Value> {
  private readonly entries = new Map<string, Entry<Value>>();

  constructor(
    private readonly entriesMax: number,
    private readonly now: () => number = Date.now,
  ) {}

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    if (entry.expiresAtMs <= this.now()) return undefined;
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: Value, expiresAtMs: number): void {
    this.entries.delete(key);
    if (this.entries.size >= this.entriesMax) {
      const oldest = this.entries.keys().next();
      if (!oldest.done) this.entries.delete(oldest.value);
    }
    this.entries.set(key, { value, expiresAtMs });
  }

  deleteWhere(matches: (value: Value) => boolean): void {
    for (const [key, entry] of this.entries) if (matches(entry.value)) this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }

  get size(): number {
    return this.entries.size;
  }
}
