/** Likely pairs as columns, so that millions of them are a few arrays. */
import type { Top } from './top';

/** Pairs by left unit: those of unit l are from start[l] to start[l + 1], in the order of their right units. */
export interface Candidates {
  start: Int32Array;
  right: Int32Array;
  /** Log-odds and likeness of the names. */
  nameEvidence: Float32Array;
  nameLikeness: Float32Array;
  /** NaN where one has no location. */
  metres: Float32Array;
  /** How many others of the right side are nearer. */
  othersNearer: Float32Array;
}

/** Where a pair stands; -1 for one that was not looked at. */
export function pairAt({ start, right }: Candidates, unit: number, other: number): number {
  let [from, to] = [start[unit] as number, start[unit + 1] as number];
  const end = to;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((right[middle] as number) < other) from = middle + 1;
    else to = middle;
  }
  return from < end && right[from] === other ? from : -1;
}

/** Columns of pairs that grow. */
export class GrowingPairs {
  count = 0;
  private right: Int32Array;
  private readonly numbers: Float32Array[];

  constructor(capacity: number) {
    const size = Math.max(16, capacity);
    this.right = new Int32Array(size);
    this.numbers = Array.from({ length: 4 }, () => new Float32Array(size));
  }

  add(right: number, ...values: [number, number, number, number]): void {
    if (this.count === this.right.length) this.grow();
    this.right[this.count] = right;
    for (let column = 0; column < 4; column++) {
      (this.numbers[column] as Float32Array)[this.count] = values[column] as number;
    }
    this.count++;
  }

  /** One that was measured before. */
  copy(pairs: Candidates, at: number): void {
    this.add(
      pairs.right[at] as number,
      pairs.nameEvidence[at] as number,
      pairs.nameLikeness[at] as number,
      pairs.metres[at] as number,
      pairs.othersNearer[at] as number,
    );
  }

  /**
   * Of the pairs from there on, which are one unit's, only so many stay: those that names and nearness speak for most,
   * in the order they have.
   */
  keepLikeliest(from: number, best: Top): void {
    if (this.count - from <= best.most) return;
    const [evidence, , , othersNearer] = this.numbers as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    best.clear();
    for (let at = from; at < this.count; at++) {
      best.offer(at, (evidence[at] as number) - Math.log((othersNearer[at] as number) + 1));
    }
    const kept = best.units.slice(0, best.count).sort();
    kept.forEach((at, index) => {
      this.right[from + index] = this.right[at] as number;
      for (const column of this.numbers) column[from + index] = column[at] as number;
    });
    this.count = from + kept.length;
  }

  trimmed(): Omit<Candidates, 'start'> {
    const [nameEvidence, nameLikeness, metres, othersNearer] = this.numbers.map((column) =>
      column.slice(0, this.count),
    ) as [Float32Array, Float32Array, Float32Array, Float32Array];
    return { right: this.right.slice(0, this.count), nameEvidence, nameLikeness, metres, othersNearer };
  }

  private grow(): void {
    const size = Math.ceil(this.right.length * 1.5);
    const right = new Int32Array(size);
    right.set(this.right);
    this.right = right;
    this.numbers.forEach((column, index) => {
      const larger = new Float32Array(size);
      larger.set(column);
      this.numbers[index] = larger;
    });
  }
}
