/**
 * How many there are at once, per client. Each process counts for itself: the limit protects a process from one eager
 * client, and nothing else rests on it.
 */
import { limitExceeded } from '@iroko/errors';

export class Tally {
  readonly #counts = new Map<string, number>();

  /** `what` is counted, at most `maximum` of them per client; `setting` makes that limit. */
  constructor(
    private readonly what: string,
    private readonly setting: string,
    private readonly maximum: number,
  ) {}

  /** Throws LIMIT_EXCEEDED. What it answers takes the one back, however often it is called. */
  add(client: string): () => void {
    const count = this.#counts.get(client) ?? 0;
    if (count >= this.maximum) {
      throw limitExceeded(
        `${count} ${this.what} are open; ${this.maximum} are allowed at once, the limit set by ${this.setting}. End some of them first.`,
        this.setting,
        this.maximum,
        count + 1,
      );
    }
    this.#counts.set(client, count + 1);
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      const left = (this.#counts.get(client) ?? 1) - 1;
      if (left > 0) this.#counts.set(client, left);
      else this.#counts.delete(client);
    };
  }

  get open(): number {
    let sum = 0;
    for (const count of this.#counts.values()) sum += count;
    return sum;
  }
}
