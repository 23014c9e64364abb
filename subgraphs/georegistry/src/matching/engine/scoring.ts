/**
 * What a pair is worth: the log-odds that both are the same place, as a sum of what each feature says. Features that
 * say the same twice (a place nearby usually has the same parent) are not counted twice.
 */
import type { FeatureShare } from '../../links/link';
import type { NameComparer, NameComparison } from './compare-names';
import type { Habits } from './habits';
import type { Candidates } from './pairs';
import { type MatchSide, sizeOf } from './side';

/** Of the weaker of distance and parent so much is news. */
const SECOND_WITNESS = 0.3;
const DISTANCE_LEAST = -5;
/** Another unit may stand at the very same place. */
const CHANCE_OF_ANOTHER_HERE = 0.5;
/** Beside those that are counted. */
const CACHE_BITS = 16;

export interface Evidence {
  name: number;
  distance: number;
  parent: number;
  type: number;
  code: number;
  total: number;
}

export class Scorer {
  readonly prior: number;
  private readonly cacheKeys = new Float64Array(1 << CACHE_BITS).fill(-1);
  private readonly cacheValues = new Float32Array(1 << CACHE_BITS);
  private readonly comparison: NameComparison = { evidence: 0, likeness: 0 };
  private readonly evidence: Evidence = { name: 0, distance: 0, parent: 0, type: 0, code: 0, total: 0 };

  constructor(
    private readonly left: MatchSide,
    private readonly right: MatchSide,
    private readonly comparer: NameComparer,
    private readonly locatedRight: number,
    private readonly bearersOfCode: ReadonlyMap<string, number>,
  ) {
    // Of all pairs, how many can be the same place.
    this.prior = -Math.log(Math.max(2, sizeOf(left), sizeOf(right)));
  }

  /** The object is used again by the next call. */
  score(unit: number, pairs: Candidates, at: number, habits: Habits): Evidence {
    const { evidence } = this;
    const other = pairs.right[at] as number;
    evidence.name = pairs.nameEvidence[at] as number;
    evidence.distance = this.distance(pairs.metres[at] as number, pairs.othersNearer[at] as number, habits);
    evidence.parent = habits.parents(unit, other, this.parentLikeness(unit, other));
    evidence.type = habits.types(unit, other);
    evidence.code = habits.codes(unit, other, this.bearersOfCode.get(this.right.codes[other] as string) ?? 1);
    if (evidence.distance > 0 && evidence.parent > 0) {
      if (evidence.distance >= evidence.parent) evidence.parent *= SECOND_WITNESS;
      else evidence.distance *= SECOND_WITNESS;
    }
    evidence.total =
      this.prior + evidence.name + evidence.distance + evidence.parent + evidence.type + evidence.code;
    return evidence;
  }

  private distance(metres: number, othersNearer: number, habits: Habits): number {
    if (Number.isNaN(metres)) return 0;
    const byChance = (othersNearer + CHANCE_OF_ANOTHER_HERE) / Math.max(1, this.locatedRight);
    const logOdds = Math.log(habits.shareApart(metres) / byChance);
    return Math.max(DISTANCE_LEAST, logOdds);
  }

  /** Of the parents' names; children of one pair of parents come one after the other, so a small memory serves. */
  private parentLikeness(unit: number, other: number): number {
    const [parent, otherParent] = [this.left.parents[unit] as number, this.right.parents[other] as number];
    if (parent < 0 || otherParent < 0) return 0;
    const key = parent * sizeOf(this.right) + otherParent;
    const slot = (Math.imul(parent, 0x9e3779b1) ^ Math.imul(otherParent, 0x85ebca6b)) >>> (32 - CACHE_BITS);
    if (this.cacheKeys[slot] !== key) {
      const hasNames = this.comparer.compare(parent, otherParent, this.comparison);
      this.cacheKeys[slot] = key;
      this.cacheValues[slot] = hasNames ? this.comparison.likeness : 0;
    }
    return this.cacheValues[slot] as number;
  }
}

/** The features of a pair as they are shown; the sum of all is the logit of the score. */
export function sharesOf(
  prior: number,
  evidence: Evidence,
  pairs: Candidates,
  at: number,
  ambiguity: number,
): FeatureShare[] {
  const metres = pairs.metres[at] as number;
  const shares: FeatureShare[] = [
    { feature: 'PRIOR', value: null, contribution: prior },
    { feature: 'NAME', value: round(pairs.nameLikeness[at] as number, 3), contribution: evidence.name },
    {
      feature: 'DISTANCE',
      value: Number.isNaN(metres) ? null : round(metres, 0),
      contribution: evidence.distance,
    },
    { feature: 'PARENT', value: null, contribution: evidence.parent },
    { feature: 'TYPE', value: null, contribution: evidence.type },
    { feature: 'CODE', value: null, contribution: evidence.code },
    { feature: 'AMBIGUITY', value: null, contribution: ambiguity },
  ];
  return shares
    .filter(({ feature, contribution }) => feature === 'NAME' || contribution !== 0)
    .map((share) => ({ ...share, contribution: round(share.contribution, 3) }));
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
