/**
 * What these two sides are like, learned from the pairs that are sure already: how far apart the same places lie, which
 * parent of the one is which of the other, which types answer to each other, and whether codes mean anything. Before
 * there are sure pairs, and where they say little, stated guesses hold.
 */
import type { MatchSide } from './side';
import { sizeOf } from './side';

/** The share of same places that lie at least so many metres apart, when nothing is known. */
const APART: readonly (readonly [number, number])[] = [
  [0, 1],
  [50, 0.75],
  [500, 0.4],
  [2_000, 0.2],
  [10_000, 0.06],
  [50_000, 0.02],
  [200_000, 0.008],
  [1_000_000, 0.004],
];
/** The guess counts like so many sure pairs. */
const GUESS_OF_DISTANCE = 20;
const GUESS_OF_PARENTS = 2;
const GUESS_OF_TYPES = 2;

export class Habits {
  private distances = new Float64Array();
  private readonly parentPairs = new Map<number, number>();
  private readonly parentTotals: Int32Array;
  private readonly childrenOf: Int32Array;
  private readonly typePairs = new Map<number, number>();
  private readonly typeTotals: Int32Array;
  private readonly typeShares: Float64Array;
  private codesBoth = 0;
  private codesSame = 0;

  constructor(
    private readonly left: MatchSide,
    private readonly right: MatchSide,
    /** Types of either side as numbers, one number for one label. */
    private readonly leftTypes: Int32Array,
    private readonly rightTypes: Int32Array,
    /** The right unit that each left unit surely is, -1 for none. */
    private readonly sure: Int32Array,
  ) {
    const typeCount = 1 + Math.max(-1, ...unique(leftTypes), ...unique(rightTypes));
    this.parentTotals = new Int32Array(sizeOf(left));
    this.typeTotals = new Int32Array(typeCount);
    this.typeShares = new Float64Array(typeCount);
    for (const type of rightTypes)
      this.typeShares[type] = (this.typeShares[type] as number) + 1 / sizeOf(right);
    this.childrenOf = new Int32Array(sizeOf(right));
    for (const parent of right.parents)
      if (parent >= 0) this.childrenOf[parent] = (this.childrenOf[parent] as number) + 1;
  }

  /** Learns from the sure pairs; `metres` are theirs, NaN where not known. */
  learn(metres: readonly number[]): this {
    this.distances = Float64Array.from(metres.filter((metre) => !Number.isNaN(metre))).sort();
    this.sure.forEach((other, unit) => {
      if (other >= 0) this.count(unit, other);
    });
    return this;
  }

  private count(unit: number, other: number): void {
    const [parent, otherParent] = [this.left.parents[unit] as number, this.right.parents[other] as number];
    if (parent >= 0 && otherParent >= 0) {
      add(this.parentPairs, this.pairKey(parent, otherParent));
      this.parentTotals[parent] = (this.parentTotals[parent] as number) + 1;
    }
    const [type, otherType] = [this.leftTypes[unit] as number, this.rightTypes[other] as number];
    add(this.typePairs, type * this.typeTotals.length + otherType);
    this.typeTotals[type] = (this.typeTotals[type] as number) + 1;
    const [code, otherCode] = [this.left.codes[unit], this.right.codes[other]];
    if (code && otherCode) {
      this.codesBoth++;
      if (code === otherCode) this.codesSame++;
    }
  }

  private pairKey(parent: number, otherParent: number): number {
    return parent * sizeOf(this.right) + otherParent;
  }

  /** The share of same places that lie at least so far apart. */
  shareApart(metres: number): number {
    const n = this.distances.length;
    const farther = n - lowerBound(this.distances, metres);
    return (GUESS_OF_DISTANCE * guessedShareApart(metres) + farther) / (GUESS_OF_DISTANCE + n);
  }

  /** Log-odds of the parents; 0 where one has none. `likeness` is that of the parents' names. */
  parents(unit: number, other: number, likeness: number): number {
    const [parent, otherParent] = [this.left.parents[unit] as number, this.right.parents[other] as number];
    if (parent < 0 || otherParent < 0) return 0;
    const share = Math.max(1, this.childrenOf[otherParent] as number) / sizeOf(this.right);
    const guess = this.guessParent(parent, otherParent, likeness);
    const expected = guess + (1 - guess) * share * 0.3;
    const seen = this.parentPairs.get(this.pairKey(parent, otherParent)) ?? 0;
    const total = this.parentTotals[parent] as number;
    const own = this.sure[unit] === other ? 1 : 0;
    // A pair is no witness for itself.
    const chance = (seen - own + GUESS_OF_PARENTS * expected) / (total - own + GUESS_OF_PARENTS);
    return between(Math.log(chance / share), -4, 6);
  }

  private guessParent(parent: number, otherParent: number, likeness: number): number {
    const sure = this.sure[parent] as number;
    if (sure === otherParent) return 0.95;
    if (sure >= 0) return 0.02;
    return likeness >= 0.95 ? 0.8 : likeness >= 0.75 ? 0.4 : likeness >= 0.5 ? 0.1 : 0.002;
  }

  types(unit: number, other: number): number {
    const [type, otherType] = [this.leftTypes[unit] as number, this.rightTypes[other] as number];
    const count = this.typeTotals.length;
    const share = this.typeShares[otherType] as number;
    const expected = type === otherType ? 0.9 : 0.1 * share;
    const seen = this.typePairs.get(type * count + otherType) ?? 0;
    const chance = (seen + GUESS_OF_TYPES * expected) / ((this.typeTotals[type] as number) + GUESS_OF_TYPES);
    return between(Math.log(chance / share), -6, 3);
  }

  /** Log-odds of two codes, of which `bearers` units of the right side have the second; 0 where one has none. */
  codes(unit: number, other: number, bearers: number): number {
    const [code, otherCode] = [this.left.codes[unit], this.right.codes[other]];
    if (!code || !otherCode) return 0;
    const same = (this.codesSame + 1) / (this.codesBoth + 2);
    if (code !== otherCode) return between(Math.log((1 - same) / 0.98), -4, 0);
    return between(Math.log((same * sizeOf(this.right)) / (bearers - 1 + 0.3)), -1, 9);
  }
}

function guessedShareApart(metres: number): number {
  for (let at = 1; at < APART.length; at++) {
    const [to, lower] = APART[at] as [number, number];
    if (metres > to) continue;
    const [from, upper] = APART[at - 1] as [number, number];
    return upper + ((lower - upper) * (metres - from)) / (to - from);
  }
  return APART.at(-1)?.[1] as number;
}

function lowerBound(sorted: Float64Array, value: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as number) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

const between = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, value));
const unique = (values: Int32Array): Set<number> => new Set(values);

function add(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
