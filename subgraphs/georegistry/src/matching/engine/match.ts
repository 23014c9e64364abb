/**
 * The matcher: two sides in, pairs out, each with its score and what spoke for and against. A plain function of plain
 * arrays: no database, no clock, no chance. It looks at likely pairs only, scores them, learns from the sure ones what
 * these two sides are like, scores again, and chooses one to one.
 */
import type { FeatureShare } from '../../links/link';
import { assign } from './assign';
import { CandidateFinder, NEAR_PARENT_MAX } from './candidates';
import { ambiguityOf, byRight } from './certainty';
import { NameComparer } from './compare-names';
import { Habits } from './habits';
import { readNames } from './names';
import type { Candidates } from './pairs';
import { Scorer, sharesOf } from './scoring';
import { compareSides, compareText, depthsOf, inKeyOrder, type MatchSide, sizeOf } from './side';

export interface MatchOptions {
  /** Pairs below this score are not answered, 0 to 1. */
  reviewFrom: number;
  /** Pairs that somebody accepted: left and right index. Their units meet nobody else. */
  accepted: readonly (readonly [number, number])[];
  /** Pairs that somebody rejected: they are never chosen. */
  rejected: readonly (readonly [number, number])[];
  /** Told how far it is, 0 to 1. */
  onProgress?: (done: number, doing: string) => void;
}

export interface MatchedPair {
  left: number;
  right: number;
  score: number;
  features: FeatureShare[];
  /** Somebody accepted it before. */
  kept: boolean;
}

export interface MatchResult {
  pairs: MatchedPair[];
  /** How many pairs were looked at. */
  compared: number;
  /** Chosen pairs with a score below `reviewFrom`. */
  belowReview: number;
}

/** A pair that is surer than its rivals by so much teaches; ln 20 is 95 %. */
const SURE = 2;
const SURE_MARGIN = 1.5;
const LEARNING_PASSES = 2;

/** Which side is the left one tells nothing: the smaller one looks for its like in the other. */
export function matchSides(left: MatchSide, right: MatchSide, options: MatchOptions): MatchResult {
  if (compareSides(left, right) <= 0) return matchInOrder(left, right, options);
  const turned = ([unit, other]: readonly [number, number]) => [other, unit] as const;
  const { pairs, ...counts } = matchInOrder(right, left, {
    ...options,
    accepted: options.accepted.map(turned),
    rejected: options.rejected.map(turned),
  });
  return { ...counts, pairs: pairs.map((pair) => ({ ...pair, left: pair.right, right: pair.left })) };
}

function matchInOrder(leftSide: MatchSide, rightSide: MatchSide, options: MatchOptions): MatchResult {
  const onProgress = options.onProgress ?? (() => undefined);
  const [left, right] = [inKeyOrder(leftSide), inKeyOrder(rightSide)];
  if (sizeOf(left.side) === 0 || sizeOf(right.side) === 0) return { pairs: [], compared: 0, belowReview: 0 };
  onProgress(0, 'reading names');
  const names = readNames(left.side, right.side, (share) => onProgress(0.05 * share, 'reading names'));
  const comparer = new NameComparer(names, Math.max(sizeOf(left.side), sizeOf(right.side)));
  const finder = new CandidateFinder(left.side, right.side, names, comparer);
  const decisions = new Decisions(left.original, right.original, options);
  const scorer = new Scorer(left.side, right.side, comparer, finder.locatedRight, countCodes(right.side));
  const [leftTypes, rightTypes] = typeNumbers(left.side, right.side);

  const habitsOf = (sure: Int32Array, metres: number[]) =>
    new Habits(left.side, right.side, leftTypes, rightTypes, sure).learn(metres);
  const share = (from: number, to: number, doing: string) => (done: number) =>
    onProgress(from + ((to - from) * done) / sizeOf(left.side), doing);

  let pairs = finder.find(share(0.05, 0.5, 'looking for likely pairs'));
  onProgress(0.5, 'scoring likely pairs');
  let habits = habitsOf(new Int32Array(sizeOf(left.side)).fill(-1), []);
  let worth = worthOfAll(scorer, pairs, habits, decisions);
  for (let pass = 0; pass < LEARNING_PASSES; pass++) {
    const { sure, metres } = surePairs(pairs, worth, sizeOf(right.side));
    habits = habitsOf(sure, metres);
    if (pass === 0) {
      const below = childrenByParent(right.side);
      pairs = finder.widen(
        pairs,
        (unit) =>
          (sure[unit] as number) >= 0 ? undefined : below.get(sure[left.side.parents[unit] as number] ?? -1),
        share(0.55, 0.85, 'comparing again, with what was learned'),
      );
    }
    onProgress(0.85, 'scoring again, with what was learned');
    worth = worthOfAll(scorer, pairs, habits, decisions);
  }
  onProgress(0.9, 'choosing one to one');
  return choose({ left, right, pairs, worth, scorer, habits, decisions, options });
}

interface Scored {
  left: { side: MatchSide; original: Int32Array };
  right: { side: MatchSide; original: Int32Array };
  pairs: Candidates;
  worth: Float64Array;
  scorer: Scorer;
  habits: Habits;
  decisions: Decisions;
  options: MatchOptions;
}

function choose({ left, right, pairs, worth, scorer, habits, decisions, options }: Scored): MatchResult {
  const floor = Math.min(logit(options.reviewFrom), 0) - 1;
  const raised = worth.map((value) => value - floor);
  const partner = assign(onlyPossible(pairs, raised), sizeOf(right.side));
  const owner = new Int32Array(sizeOf(right.side)).fill(-1);
  const chosen = new Int32Array(partner.length).fill(-1);
  partner.forEach((other, unit) => {
    if (other < 0) return;
    owner[other] = unit;
    for (let at = pairs.start[unit] as number; at < (pairs.start[unit + 1] as number); at++) {
      if (pairs.right[at] === other) chosen[unit] = at;
    }
  });
  const columns = byRight(pairs, sizeOf(right.side));
  const found: MatchedPair[] = [];
  let belowReview = 0;
  partner.forEach((other, unit) => {
    if (other < 0) return;
    const at = chosen[unit] as number;
    const ambiguity = ambiguityOf(unit, pairs, worth, columns, { partner, owner, chosen });
    const evidence = scorer.score(unit, pairs, at, habits);
    const features = sharesOf(scorer.prior, evidence, pairs, at, ambiguity);
    const score = logistic(features.reduce((sum, { contribution }) => sum + contribution, 0));
    if (score < options.reviewFrom) belowReview++;
    else found.push({ left: unit, right: other, score, features, kept: false });
  });
  const kept = decisions.acceptedPairs.map(([unit, other]) => ({
    left: unit,
    right: other,
    score: 1,
    features: [],
    kept: true,
  }));
  const back = (pair: MatchedPair): MatchedPair => ({
    ...pair,
    left: left.original[pair.left] as number,
    right: right.original[pair.right] as number,
  });
  return { pairs: [...kept, ...found].map(back), compared: pairs.right.length, belowReview };
}

/** What people decided, in the order of the engine. */
class Decisions {
  readonly acceptedPairs: readonly (readonly [number, number])[];
  private readonly takenLeft: ReadonlySet<number>;
  private readonly takenRight: ReadonlySet<number>;
  private readonly rejected: ReadonlySet<number>;
  private readonly rightCount: number;

  constructor(leftOriginal: Int32Array, rightOriginal: Int32Array, { accepted, rejected }: MatchOptions) {
    const positions = (original: Int32Array) => {
      const position = new Int32Array(original.length);
      original.forEach((from, to) => {
        position[from] = to;
      });
      return position;
    };
    const [leftAt, rightAt] = [positions(leftOriginal), positions(rightOriginal)];
    const inOrder = ([unit, other]: readonly [number, number]): [number, number] => [
      leftAt[unit] as number,
      rightAt[other] as number,
    ];
    this.rightCount = rightOriginal.length;
    this.acceptedPairs = accepted.map(inOrder);
    this.takenLeft = new Set(this.acceptedPairs.map(([unit]) => unit));
    this.takenRight = new Set(this.acceptedPairs.map(([, other]) => other));
    this.rejected = new Set(rejected.map(inOrder).map(([unit, other]) => unit * this.rightCount + other));
  }

  get isEmpty(): boolean {
    return this.takenLeft.size === 0 && this.rejected.size === 0;
  }

  forbids(unit: number, other: number): boolean {
    return (
      this.takenLeft.has(unit) ||
      this.takenRight.has(other) ||
      this.rejected.has(unit * this.rightCount + other)
    );
  }
}

function worthOfAll(scorer: Scorer, pairs: Candidates, habits: Habits, decisions: Decisions): Float64Array {
  const worth = new Float64Array(pairs.right.length);
  for (let unit = 0; unit + 1 < pairs.start.length; unit++) {
    for (let at = pairs.start[unit] as number; at < (pairs.start[unit + 1] as number); at++) {
      const isForbidden = !decisions.isEmpty && decisions.forbids(unit, pairs.right[at] as number);
      worth[at] = isForbidden ? -1000 : scorer.score(unit, pairs, at, habits).total;
    }
  }
  return worth;
}

/** Pairs that are the best for both, likely by themselves, and clearly before the next. */
function surePairs({ start, right, metres }: Candidates, worth: Float64Array, rightCount: number) {
  const leftCount = start.length - 1;
  const best = new Int32Array(leftCount).fill(-1);
  const second = new Float64Array(leftCount).fill(Number.NEGATIVE_INFINITY);
  const bestOfRight = new Int32Array(rightCount).fill(-1);
  const secondOfRight = new Float64Array(rightCount).fill(Number.NEGATIVE_INFINITY);
  const offer = (at: number, unit: number, to: Int32Array, next: Float64Array) => {
    const before = to[unit] as number;
    if (before < 0 || (worth[at] as number) > (worth[before] as number)) {
      if (before >= 0) next[unit] = worth[before] as number;
      to[unit] = at;
    } else if ((worth[at] as number) > (next[unit] as number)) next[unit] = worth[at] as number;
  };
  for (let unit = 0; unit < leftCount; unit++) {
    for (let at = start[unit] as number; at < (start[unit + 1] as number); at++) {
      offer(at, unit, best, second);
      offer(at, right[at] as number, bestOfRight, secondOfRight);
    }
  }
  const sure = new Int32Array(leftCount).fill(-1);
  const apart: number[] = [];
  for (let unit = 0; unit < leftCount; unit++) {
    const at = best[unit] as number;
    if (at < 0) continue;
    const other = right[at] as number;
    const value = worth[at] as number;
    const next = Math.max(second[unit] as number, secondOfRight[other] as number);
    if (bestOfRight[other] !== at || value < SURE || value - next < SURE_MARGIN) continue;
    sure[unit] = other;
    apart.push(metres[at] as number);
  }
  return { sure, metres: apart };
}

/** Only pairs that are worth something, so that the assignment has little to look at. */
function onlyPossible({ start, right }: Candidates, raised: Float64Array) {
  const kept: number[] = [];
  const starts = new Int32Array(start.length);
  for (let unit = 0; unit + 1 < start.length; unit++) {
    for (let at = start[unit] as number; at < (start[unit + 1] as number); at++) {
      if ((raised[at] as number) > 0) kept.push(at);
    }
    starts[unit + 1] = kept.length;
  }
  return {
    start: starts,
    right: Int32Array.from(kept, (at) => right[at] as number),
    worth: Float64Array.from(kept, (at) => raised[at] as number),
  };
}

function childrenByParent({ parents }: MatchSide): Map<number, number[]> {
  const children = new Map<number, number[]>();
  parents.forEach((parent, unit) => {
    if (parent < 0) return;
    const list = children.get(parent);
    if (list) list.push(unit);
    else children.set(parent, [unit]);
  });
  for (const [parent, list] of children) if (list.length > NEAR_PARENT_MAX) children.delete(parent);
  return children;
}

/** Types of both sides as numbers; what has none is told apart by how deep it stands. */
function typeNumbers(left: MatchSide, right: MatchSide): [Int32Array, Int32Array] {
  const labels = [left, right].map((side) => {
    const depths = depthsOf(side);
    return side.types.map((type, unit) => type ?? `\0${depths[unit]}`);
  }) as [string[], string[]];
  const all = [...new Set(labels.flat())].sort(compareText);
  const numbers = new Map(all.map((label, number) => [label, number]));
  const numbered = (list: string[]) => Int32Array.from(list, (label) => numbers.get(label) as number);
  return [numbered(labels[0]), numbered(labels[1])];
}

function countCodes({ codes }: MatchSide): Map<string, number> {
  const counts = new Map<string, number>();
  for (const code of codes) if (code !== '') counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const logit = (p: number): number => Math.log(Math.max(1e-9, p) / Math.max(1e-9, 1 - p));
