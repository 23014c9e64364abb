/**
 * A cache that forgets what was used least recently. Operations are texts that clients choose, so nothing keyed
 * by them may grow without end.
 */
export class BoundedCache<Value> {
  readonly #entries = new Map<string, Value>();

  /** `maximum` counts entries. */
  constructor(private readonly maximum: number) {}

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    // A Map keeps the order of insertion: what is read goes to the young end.
    if (this.#entries.size > this.maximum / 2) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.maximum) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}
