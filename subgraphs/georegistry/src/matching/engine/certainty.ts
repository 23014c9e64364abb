/**
 * How sure a chosen pair is, given what else could be: the weight of this assignment against those where one of the
 * two has another partner or none. Two schools of one name at one place are one to one in two ways, so each way is
 * half as sure, however well the names agree.
 */
import { type Candidates, pairAt } from './pairs';

/** Pairs by right unit: where in the candidates they stand. */
export interface ByRight {
  start: Int32Array;
  pair: Int32Array;
  left: Int32Array;
}

export function byRight({ start, right }: Candidates, rightCount: number): ByRight {
  const starts = new Int32Array(rightCount + 1);
  for (const other of right) starts[other + 1] = (starts[other + 1] as number) + 1;
  for (let other = 0; other < rightCount; other++) {
    starts[other + 1] = (starts[other + 1] as number) + (starts[other] as number);
  }
  const next = starts.slice();
  const pair = new Int32Array(right.length);
  const left = new Int32Array(right.length);
  for (let unit = 0; unit + 1 < start.length; unit++) {
    for (let at = start[unit] as number; at < (start[unit + 1] as number); at++) {
      const other = right[at] as number;
      const to = next[other] as number;
      next[other] = to + 1;
      pair[to] = at;
      left[to] = unit;
    }
  }
  return { start: starts, pair, left };
}

export interface Assignment {
  /** The right unit of each left one, -1 for none, and the other way round. */
  partner: Int32Array;
  owner: Int32Array;
  /** Where in the candidates the chosen pair of each left unit stands. */
  chosen: Int32Array;
}

/** What a pair loses, in log-odds, to the other ways that there are: 0 or less, and never above. */
export function ambiguityOf(
  unit: number,
  pairs: Candidates,
  worth: Float64Array,
  columns: ByRight,
  { partner, owner, chosen }: Assignment,
): number {
  const own = worth[chosen[unit] as number] as number;
  const other = partner[unit] as number;
  let others = 0;
  for (let at = pairs.start[unit] as number; at < (pairs.start[unit + 1] as number); at++) {
    const rival = pairs.right[at] as number;
    if (rival === other) continue;
    const holder = owner[rival] as number;
    if (holder < 0) {
      others += Math.exp((worth[at] as number) - own);
      continue;
    }
    // The two change partners; or the holder of the rival goes without one.
    const swapped = Math.max(0, worthOf(holder, other, pairs, worth));
    others += Math.exp((worth[at] as number) + swapped - own - (worth[chosen[holder] as number] as number));
  }
  for (let at = columns.start[other] as number; at < (columns.start[other + 1] as number); at++) {
    const rival = columns.left[at] as number;
    if (rival === unit) continue;
    const value = worth[columns.pair[at] as number] as number;
    if ((partner[rival] as number) < 0) {
      others += Math.exp(value - own);
    } else if (worthOf(unit, partner[rival] as number, pairs, worth) === Number.NEGATIVE_INFINITY) {
      others += Math.exp(value - own - (worth[chosen[rival] as number] as number));
    }
  }
  // The odds are against no pair at all, e^-own, and against every other way.
  return -Math.log(Math.exp(-own) + others) - own;
}

function worthOf(unit: number, other: number, pairs: Candidates, worth: Float64Array): number {
  const at = pairAt(pairs, unit, other);
  return at < 0 ? Number.NEGATIVE_INFINITY : (worth[at] as number);
}
