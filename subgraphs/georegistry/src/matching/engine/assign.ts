/**
 * One to one: of all ways to give every unit at most one partner, the one whose pairs together are the most likely.
 * Found exactly, by shortest augmenting paths over the pairs that are possible at all; ties go to the first unit.
 */

/** Pairs by left unit, each with what it is worth; only those above 0 can be chosen. */
export interface Worth {
  start: Int32Array;
  right: Int32Array;
  worth: Float64Array;
}

/**
 * Beyond so many steps what is left is given greedily: thousands of units that nothing tells apart have no best
 * assignment, only equal ones.
 */
const STEPS_MAX = 60_000_000;

/** The right unit of every left unit, -1 for none. */
export function assign({ start, right, worth }: Worth, rightCount: number, stepsMax = STEPS_MAX): Int32Array {
  const leftCount = start.length - 1;
  const partner = new Int32Array(leftCount).fill(-1);
  const owner = new Int32Array(rightCount).fill(-1);
  const leftPrice = new Float64Array(leftCount);
  const rightPrice = new Float64Array(rightCount);
  const distance = new Float64Array(rightCount).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(rightCount);
  const heap = new Heap();
  let steps = 0;

  for (let unit = 0; unit < leftCount; unit++) {
    for (let at = start[unit] as number; at < (start[unit + 1] as number); at++) {
      if (-(worth[at] as number) < (leftPrice[unit] as number)) leftPrice[unit] = -(worth[at] as number);
    }
  }

  for (let unit = 0; unit < leftCount; unit++) {
    if (start[unit] === start[unit + 1]) continue;
    if (steps > stepsMax) {
      takeFree(unit);
      continue;
    }
    augment(unit);
  }
  return partner;

  function takeFree(unit: number): void {
    let best = -1;
    for (let at = start[unit] as number; at < (start[unit + 1] as number); at++) {
      const isFree = owner[right[at] as number] === -1 && (worth[at] as number) > 0;
      if (isFree && (best < 0 || (worth[at] as number) > (worth[best] as number))) best = at;
    }
    if (best >= 0) pair(unit, right[best] as number);
  }

  function pair(unit: number, other: number): void {
    partner[unit] = other;
    owner[other] = unit;
  }

  function augment(first: number): void {
    heap.clear();
    const touched: number[] = [];
    const settled: number[] = [];
    let unit = first;
    let so = 0;
    // Leaving a unit on the way without partner costs what it has now.
    let aloneCost = Number.POSITIVE_INFINITY;
    let alone = -1;
    let end = -1;
    for (;;) {
      const cost = so - (leftPrice[unit] as number);
      if (cost < aloneCost) {
        aloneCost = cost;
        alone = unit;
      }
      for (let at = start[unit] as number; at < (start[unit + 1] as number); at++) {
        steps++;
        const other = right[at] as number;
        const next = so - (worth[at] as number) - (leftPrice[unit] as number) - (rightPrice[other] as number);
        if (next >= (distance[other] as number) - 1e-12) continue;
        if (distance[other] === Number.POSITIVE_INFINITY) touched.push(other);
        distance[other] = next;
        from[other] = unit;
        heap.push(next, other);
      }
      let nearest = -1;
      while (heap.size > 0) {
        const [key, other] = heap.pop();
        if (key > (distance[other] as number)) continue;
        nearest = other;
        break;
      }
      if (nearest < 0 || aloneCost <= (distance[nearest] as number)) break;
      so = distance[nearest] as number;
      settled.push(nearest);
      if (owner[nearest] === -1) {
        end = nearest;
        break;
      }
      unit = owner[nearest] as number;
    }
    const total = end >= 0 ? so : aloneCost;
    leftPrice[first] = (leftPrice[first] as number) + total;
    for (const other of settled) {
      const less = total - (distance[other] as number);
      if (less <= 0) continue;
      rightPrice[other] = (rightPrice[other] as number) - less;
      const held = owner[other] as number;
      if (held >= 0) leftPrice[held] = (leftPrice[held] as number) + less;
    }
    if (end < 0) {
      end = alone === first ? -1 : (partner[alone] as number);
      if (end >= 0) partner[alone] = -1;
    }
    while (end >= 0) {
      const taker = from[end] as number;
      const before = partner[taker] as number;
      pair(taker, end);
      end = taker === first ? -1 : before;
    }
    for (const other of touched) distance[other] = Number.POSITIVE_INFINITY;
  }
}

/** The smallest key first; of equal keys the smallest value. */
class Heap {
  size = 0;
  private keys: number[] = [];
  private values: number[] = [];

  clear(): void {
    this.size = 0;
  }

  push(key: number, value: number): void {
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.less(key, value, parent)) break;
      this.keys[at] = this.keys[parent] as number;
      this.values[at] = this.values[parent] as number;
      at = parent;
    }
    this.keys[at] = key;
    this.values[at] = value;
  }

  pop(): [number, number] {
    const top: [number, number] = [this.keys[0] as number, this.values[0] as number];
    const last = --this.size;
    const [key, value] = [this.keys[last] as number, this.values[last] as number];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      const sibling = child + 1;
      if (
        sibling < this.size &&
        this.less(this.keys[sibling] as number, this.values[sibling] as number, child)
      ) {
        child = sibling;
      }
      if (!this.less(this.keys[child] as number, this.values[child] as number, -1, key, value)) break;
      this.keys[at] = this.keys[child] as number;
      this.values[at] = this.values[child] as number;
      at = child;
    }
    this.keys[at] = key;
    this.values[at] = value;
    return top;
  }

  private less(
    key: number,
    value: number,
    at: number,
    otherKey = this.keys[at] as number,
    otherValue = this.values[at] as number,
  ): boolean {
    return key < otherKey || (key === otherKey && value < otherValue);
  }
}
