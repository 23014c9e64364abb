/**
 * Which pairs are looked at. All with all would be ten thousand million, so a unit of the left side meets only those
 * of the right that share a rare word with it (or one like it), bear the same name or code, or are among the nearest.
 * What it is found by says nothing yet; that is for the score. Each way of finding gives a unit a limited number of
 * pairs for a limited amount of work, whatever the lists are like: a name that everybody bears finds nobody.
 */
import { type NameComparer, type NameComparison } from './compare-names';
import type { Names } from './names';
import { type Candidates, GrowingPairs } from './pairs';
import { metresBetween, PlaceTree, type Surroundings } from './places';
import { type MatchSide, sizeOf } from './side';
import { Top } from './top';

const BY_WORDS_MAX = 16;
const NEAREST_MAX = 8;
const SAME_NAME_MAX = 40;
const SAME_CODE_MAX = 20;
/** Units looked at by their words, the rarest words first; more would share only common ones. */
const POSTINGS_MAX = 3000;
export const NEAR_PARENT_MAX = 300;
/** Of all that one unit meets, so many stay to be scored: what the pairs take in memory grows with units alone. */
const PAIRS_MAX = 48;
/** Gives further units to meet, such as those below the parent's match. */
export type Beside = (unit: number) => readonly number[] | undefined;

export class CandidateFinder {
  private readonly weights: Float32Array;
  private readonly touched: number[] = [];
  private readonly byWordsTop = new Top(BY_WORDS_MAX);
  private readonly likeliest = new Top(PAIRS_MAX);
  private readonly tree: PlaceTree;
  private readonly byCode: ReadonlyMap<string, number[]>;
  private readonly met: Met;
  private readonly comparison: NameComparison = { evidence: 0, likeness: 0 };

  constructor(
    private readonly left: MatchSide,
    private readonly right: MatchSide,
    private readonly names: Names,
    private readonly comparer: NameComparer,
  ) {
    this.weights = new Float32Array(sizeOf(right));
    this.met = new Met(sizeOf(right));
    this.tree = new PlaceTree(right.longitudes, right.latitudes);
    this.byCode = unitsByCode(right);
  }

  get locatedRight(): number {
    return this.tree.count;
  }

  /** The pairs of every left unit; `onUnits` is told how many units are done. */
  find(onUnits: (done: number) => void): Candidates {
    return this.eachUnit(sizeOf(this.left) * 40, onUnits, (unit, pairs) => {
      const around = this.around(unit);
      this.met.clear();
      this.meetByWords(unit);
      this.meetByName(unit);
      this.met.addAll(this.byCode.get(this.left.codes[unit] || '\0') ?? []);
      for (let at = 0; at < Math.min(NEAREST_MAX, around.found); at++) this.met.add(around.unit(at));
      for (const other of this.met.inOrder()) this.measure(unit, other, around, pairs);
    });
  }

  /** The same pairs, and those that are met beside them. */
  widen(before: Candidates, beside: Beside, onUnits: (done: number) => void): Candidates {
    return this.eachUnit(before.right.length, onUnits, (unit, pairs) => {
      const [from, to] = [before.start[unit] as number, before.start[unit + 1] as number];
      this.met.clear();
      for (let at = from; at < to; at++) this.met.add(before.right[at] as number);
      this.met.addAll(beside(unit) ?? []);
      const all = this.met.inOrder();
      const around = all.length > to - from ? this.around(unit) : undefined;
      let at = from;
      for (const other of all) {
        if (at < to && before.right[at] === other) pairs.copy(before, at++);
        else if (around) this.measure(unit, other, around, pairs);
      }
    });
  }

  private eachUnit(
    capacity: number,
    onUnits: (done: number) => void,
    work: (unit: number, pairs: GrowingPairs) => void,
  ): Candidates {
    const count = sizeOf(this.left);
    const start = new Int32Array(count + 1);
    const pairs = new GrowingPairs(capacity);
    for (let unit = 0; unit < count; unit++) {
      const from = pairs.count;
      work(unit, pairs);
      pairs.keepLikeliest(from, this.likeliest);
      start[unit + 1] = pairs.count;
      if (unit % 1000 === 999) onUnits(unit + 1);
    }
    return { start, ...pairs.trimmed() };
  }

  private around(unit: number): Surroundings {
    return this.tree.around(this.left.longitudes[unit] as number, this.left.latitudes[unit] as number);
  }

  private meetByName(unit: number): void {
    const { nameStart, nameKeys } = this.names.left;
    for (let name = nameStart[unit] as number; name < (nameStart[unit + 1] as number); name++) {
      const bearers = this.names.rightByKey.get(nameKeys[name] as number);
      if (bearers && bearers.length <= SAME_NAME_MAX) this.met.addAll(bearers);
    }
  }

  /** The units that share the most telling words, at most so many. */
  private meetByWords(unit: number): void {
    const { unitStart, units } = this.names.right;
    const { weights, touched, byWordsTop } = this;
    let visited = 0;
    for (const { word, weight } of this.wordsToLookFor(unit)) {
      const from = unitStart[word] as number;
      const to = unitStart[word + 1] as number;
      if (to - from > POSTINGS_MAX - visited) continue;
      visited += to - from;
      for (let at = from; at < to; at++) {
        const other = units[at] as number;
        if (weights[other] === 0) touched.push(other);
        weights[other] = (weights[other] as number) + weight;
      }
    }
    byWordsTop.clear();
    for (const other of touched) {
      byWordsTop.offer(other, weights[other] as number);
      weights[other] = 0;
    }
    touched.length = 0;
    for (let at = 0; at < byWordsTop.count; at++) this.met.add(byWordsTop.units[at] as number);
  }

  /** The words of the unit and those like them, the rarest first. */
  private wordsToLookFor(unit: number): { word: number; weight: number }[] {
    const { vocabulary, left } = this.names;
    const weights = new Map<number, number>();
    const end = left.wordStart[left.nameStart[unit + 1] as number] as number;
    for (let at = left.wordStart[left.nameStart[unit] as number] as number; at < end; at++) {
      const word = left.words[at] as number;
      weights.set(word, vocabulary.weights[word] as number);
      vocabulary.eachLike(word, (other, likeness) => {
        const own = Math.min(vocabulary.weights[word] as number, vocabulary.weights[other] as number);
        weights.set(other, Math.max(weights.get(other) ?? 0, own * likeness * likeness));
      });
    }
    return [...weights]
      .map(([word, weight]) => ({ word, weight }))
      .sort((a, b) => b.weight - a.weight || a.word - b.word);
  }

  private measure(unit: number, other: number, around: Surroundings, pairs: GrowingPairs): void {
    const hasName = this.comparer.compare(unit, other, this.comparison);
    const metres = metresBetween(
      this.left.longitudes[unit] as number,
      this.left.latitudes[unit] as number,
      this.right.longitudes[other] as number,
      this.right.latitudes[other] as number,
    );
    pairs.add(
      other,
      hasName ? this.comparison.evidence : 0,
      this.comparison.likeness,
      metres,
      Number.isNaN(metres) ? 0 : around.othersWithin(metres),
    );
  }
}

/** The right units that one left unit meets, each once. */
class Met {
  private readonly units: number[] = [];
  private readonly isMet: Uint8Array;

  constructor(rightCount: number) {
    this.isMet = new Uint8Array(rightCount);
  }

  clear(): void {
    for (const unit of this.units) this.isMet[unit] = 0;
    this.units.length = 0;
  }

  add(unit: number): void {
    if (this.isMet[unit] === 1) return;
    this.isMet[unit] = 1;
    this.units.push(unit);
  }

  addAll(units: readonly number[]): void {
    for (const unit of units) this.add(unit);
  }

  inOrder(): readonly number[] {
    return this.units.sort((a, b) => a - b);
  }
}

function unitsByCode({ codes }: MatchSide): Map<string, number[]> {
  const units = new Map<string, number[]>();
  codes.forEach((code, unit) => {
    if (code === '') return;
    const list = units.get(code);
    if (list) list.push(unit);
    else units.set(code, [unit]);
  });
  for (const [code, list] of units) if (list.length > SAME_CODE_MAX) units.delete(code);
  return units;
}
