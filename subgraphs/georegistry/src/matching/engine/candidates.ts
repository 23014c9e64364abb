/**
 * Which pairs are looked at. All with all would be ten thousand million, so a unit of the left side meets only those
 * of the right that share a rare word with it (or one like it), bear the same name or code, or are among the nearest.
 * What it is found by says nothing yet; that is for the score.
 */
import { type NameComparer, type NameComparison } from './compare-names';
import type { Names } from './names';
import { metresBetween, PlaceTree, Surroundings } from './places';
import { type MatchSide, sizeOf } from './side';

const BY_WORDS_MAX = 16;
const NEAREST_MAX = 8;
const SAME_NAME_MAX = 40;
const SAME_CODE_MAX = 20;
/** Units looked at by their words, the rarest words first; more would share only common ones. */
const POSTINGS_MAX = 3000;
const RAREST_POSTINGS_MAX = 20_000;
export const NEAR_PARENT_MAX = 300;

/** Pairs by left unit: those of unit l are from start[l] to start[l + 1]. */
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

export class CandidateFinder {
  private readonly weights: Float32Array;
  private readonly tree: PlaceTree;
  private readonly here: ReadonlyMap<string, number>;
  private readonly byCode: ReadonlyMap<string, number[]>;
  private readonly comparison: NameComparison = { evidence: 0, likeness: 0 };

  constructor(
    private readonly left: MatchSide,
    private readonly right: MatchSide,
    private readonly names: Names,
    private readonly comparer: NameComparer,
  ) {
    this.weights = new Float32Array(sizeOf(right));
    this.tree = new PlaceTree(right.longitudes, right.latitudes);
    this.here = countPlaces(right);
    this.byCode = unitsByCode(right);
  }

  get locatedRight(): number {
    return this.tree.count;
  }

  /**
   * The pairs of every left unit. `beside` gives further ones to meet, such as those below the parent's match;
   * `onUnits` is told how many units are done.
   */
  find(
    beside?: (unit: number) => readonly number[] | undefined,
    onUnits?: (done: number) => void,
  ): Candidates {
    const count = sizeOf(this.left);
    const start = new Int32Array(count + 1);
    const pairs = new GrowingPairs(count * 12);
    for (let unit = 0; unit < count; unit++) {
      const nearest = this.nearestOf(unit);
      const met = new Set<number>();
      for (const found of this.byWords(unit)) met.add(found);
      for (const found of this.byName(unit)) met.add(found);
      for (const found of this.byCode.get(this.left.codes[unit] || '\0') ?? []) met.add(found);
      for (const { unit: found } of nearest.slice(0, NEAREST_MAX)) met.add(found);
      for (const found of beside?.(unit) ?? []) met.add(found);
      this.measure(unit, met, nearest, pairs);
      start[unit + 1] = pairs.count;
      if (unit % 1000 === 999) onUnits?.(unit + 1);
    }
    return { start, ...pairs.trimmed() };
  }

  private nearestOf(unit: number) {
    const longitude = this.left.longitudes[unit] as number;
    if (Number.isNaN(longitude) || this.tree.count === 0) return [];
    return this.tree.nearest(longitude, this.left.latitudes[unit] as number);
  }

  private byName(unit: number): number[] {
    const { nameStart, nameKeys } = this.names.left;
    const found: number[] = [];
    for (let name = nameStart[unit] as number; name < (nameStart[unit + 1] as number); name++) {
      const bearers = this.names.rightByKey.get(nameKeys[name] as number);
      if (bearers && bearers.length <= SAME_NAME_MAX) found.push(...bearers);
    }
    return found;
  }

  /** The units that share the most telling words, at most so many. */
  private byWords(unit: number): number[] {
    const { right } = this.names;
    const wanted = this.wordsToLookFor(unit);
    const touched: number[] = [];
    let visited = 0;
    for (const [index, { word, weight }] of wanted.entries()) {
      const from = right.unitStart[word] as number;
      const to = right.unitStart[word + 1] as number;
      const most = index === 0 ? RAREST_POSTINGS_MAX : POSTINGS_MAX - visited;
      if (to - from > most) continue;
      visited += to - from;
      for (let at = from; at < to; at++) {
        const other = right.units[at] as number;
        if (this.weights[other] === 0) touched.push(other);
        this.weights[other] = (this.weights[other] as number) + weight;
      }
    }
    const best = topOf(touched, this.weights, BY_WORDS_MAX);
    for (const other of touched) this.weights[other] = 0;
    return best;
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

  private measure(
    unit: number,
    met: ReadonlySet<number>,
    nearest: readonly { metres: number }[],
    pairs: GrowingPairs,
  ): void {
    const longitude = this.left.longitudes[unit] as number;
    const latitude = this.left.latitudes[unit] as number;
    const around = new Surroundings(
      nearest,
      this.tree.count,
      this.here.get(placeKey(longitude, latitude)) ?? 0,
    );
    for (const other of [...met].sort((a, b) => a - b)) {
      const hasName = this.comparer.compare(unit, other, this.comparison);
      const metres = metresBetween(
        longitude,
        latitude,
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
}

/** The `count` units of the largest weight, ties to the first unit. */
function topOf(units: number[], weights: Float32Array, count: number): number[] {
  if (units.length <= count) return units;
  let least = 0;
  if (units.length > 4 * count) {
    // A threshold first: sorting thousands for a dozen would be most of the work.
    const sorted = Float32Array.from(units, (unit) => weights[unit] as number).sort();
    least = sorted[sorted.length - count] as number;
  }
  return units
    .filter((unit) => (weights[unit] as number) >= least)
    .sort((a, b) => (weights[b] as number) - (weights[a] as number) || a - b)
    .slice(0, count);
}

const placeKey = (longitude: number, latitude: number): string => `${longitude} ${latitude}`;

function countPlaces({ longitudes, latitudes }: MatchSide): Map<string, number> {
  const counts = new Map<string, number>();
  longitudes.forEach((longitude, unit) => {
    if (Number.isNaN(longitude)) return;
    const key = placeKey(longitude, latitudes[unit] as number);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  return counts;
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

/** Columns of pairs that grow. */
class GrowingPairs {
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
