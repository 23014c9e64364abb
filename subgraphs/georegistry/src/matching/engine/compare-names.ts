/**
 * What two names say about being the same place. Words are paired: the same, alike, abbreviated, initials of several,
 * or written together. A pair of rare words says much, of common ones little; a rare word left over on both sides says
 * that the names are of two places.
 */
import type { Names, NameTable } from './names';
import { CHANCE_OF_ANOTHER } from './vocabulary';
import { abbreviates } from './words';

export interface NameComparison {
  /** Log-odds: what the names say. */
  evidence: number;
  /** How alike they are, 0 to 1, common words counting little. */
  likeness: number;
}

/** Words say partly the same (a saint's two names), so all but the rarest count less. */
const FURTHER_WORDS = 0.35;
/** Names that share nothing: about one pair in a thousand is the same place renamed. */
const LEFT_OVER_EACH = 2;
const LEFT_OVER_BOTH = 3;
const NUMBERS_DIFFER = 3;
const NUMBER_ON_ONE_SIDE = 0.7;
/** However alike, names that are not the same say a little less. */
const NOT_THE_SAME = 0.5;
/** What a letter of an abbreviation can tell, ln of about nine kinds. */
const LETTER = 2.2;
/** A word that nobody else bears still counts no more than this share of the most. */
const RAREST = 0.9;
const WORDS_MAX = 16;

export class NameComparer {
  private readonly limit: number;
  private readonly pairedA = new Uint8Array(WORDS_MAX);
  private readonly pairedB = new Uint8Array(WORDS_MAX);
  private best = 0;
  private sum = 0;
  private alike = 0;
  /** What pairs lack to be the very same words. */
  private lacking = 0;
  private startA = 0;
  private startB = 0;
  private countA = 0;
  private countB = 0;

  constructor(
    private readonly names: Names,
    private readonly unitCount: number,
  ) {
    this.limit = Math.log(Math.max(2, unitCount) / CHANCE_OF_ANOTHER);
  }

  /** The best that any name of the one unit says with any of the other; undefined when a unit has no name. */
  compare(left: number, right: number, into: NameComparison): boolean {
    const { left: a, right: b } = this.names;
    into.evidence = Number.NEGATIVE_INFINITY;
    into.likeness = 0;
    const endA = a.nameStart[left + 1] as number;
    const endB = b.nameStart[right + 1] as number;
    for (let nameA = a.nameStart[left] as number; nameA < endA; nameA++) {
      for (let nameB = b.nameStart[right] as number; nameB < endB; nameB++) {
        this.compareOne(a, nameA, b, nameB, into);
      }
    }
    return into.evidence > Number.NEGATIVE_INFINITY;
  }

  private compareOne(a: NameTable, nameA: number, b: NameTable, nameB: number, into: NameComparison): void {
    if (a.nameKeys[nameA] === b.nameKeys[nameB]) {
      const evidence = this.sameName(a.nameKeys[nameA] as number);
      if (evidence > into.evidence) {
        into.evidence = evidence;
        into.likeness = 1;
      }
      return;
    }
    this.begin(a, nameA, b, nameB);
    this.pairSameAndAlike(a, b);
    this.pairJoined(a, b);
    this.pairShortened(a, b);
    this.finish(a, b, into);
  }

  /** Exactly the same words: as telling as the name is rare. */
  private sameName(key: number): number {
    const bearers = Math.max(
      this.names.leftByKey.get(key)?.length ?? 1,
      this.names.rightByKey.get(key)?.length ?? 1,
    );
    return Math.log(Math.max(2, this.unitCount) / (bearers - 1 + CHANCE_OF_ANOTHER));
  }

  private begin(a: NameTable, nameA: number, b: NameTable, nameB: number): void {
    this.startA = a.wordStart[nameA] as number;
    this.startB = b.wordStart[nameB] as number;
    this.countA = (a.wordStart[nameA + 1] as number) - this.startA;
    this.countB = (b.wordStart[nameB + 1] as number) - this.startB;
    this.pairedA.fill(0, 0, this.countA);
    this.pairedB.fill(0, 0, this.countB);
    this.best = 0;
    this.sum = 0;
    this.alike = 0;
    this.lacking = 0;
  }

  private weight(word: number): number {
    return Math.min(this.names.vocabulary.weights[word] as number, this.limit * RAREST);
  }

  private pair(weight: number, sureness: number, telling = weight * sureness): void {
    this.sum += telling;
    if (telling > this.best) this.best = telling;
    this.alike += weight * sureness;
    this.lacking += weight * (1 - sureness);
  }

  private pairSameAndAlike(a: NameTable, b: NameTable): void {
    for (let i = 0; i < this.countA; i++) {
      for (let j = 0; j < this.countB; j++) {
        if (this.pairedB[j] === 0 && a.words[this.startA + i] === b.words[this.startB + j]) {
          this.take(i, j, this.weight(a.words[this.startA + i] as number), 1);
          break;
        }
      }
    }
    const { vocabulary } = this.names;
    for (let i = 0; i < this.countA; i++) {
      if (this.pairedA[i] !== 0) continue;
      const word = a.words[this.startA + i] as number;
      let most = 0;
      let with_ = -1;
      for (let j = 0; j < this.countB; j++) {
        if (this.pairedB[j] !== 0) continue;
        const likeness = vocabulary.likeness(word, b.words[this.startB + j] as number);
        if (likeness > most) {
          most = likeness;
          with_ = j;
        }
      }
      if (with_ < 0) continue;
      const other = b.words[this.startB + with_] as number;
      // A misspelling is rare by itself; what it tells is what the commoner spelling tells.
      this.take(i, with_, Math.min(this.weight(word), this.weight(other)), most * most);
    }
  }

  private take(i: number, j: number, weight: number, sureness: number, telling?: number): void {
    this.pairedA[i] = 1;
    this.pairedB[j] = 1;
    this.pair(weight, sureness, telling);
  }

  /** "Ndjelo Binza" and "Ndjelobinza". */
  private pairJoined(a: NameTable, b: NameTable): void {
    this.joinedIn(a, this.startA, this.countA, this.pairedA, b, this.startB, this.countB, this.pairedB);
    this.joinedIn(b, this.startB, this.countB, this.pairedB, a, this.startA, this.countA, this.pairedA);
  }

  private joinedIn(
    apart: NameTable,
    start: number,
    count: number,
    paired: Uint8Array,
    together: NameTable,
    otherStart: number,
    otherCount: number,
    otherPaired: Uint8Array,
  ): void {
    const { words } = this.names.vocabulary;
    for (let i = 0; i + 1 < count; i++) {
      if (paired[i] !== 0 || paired[i + 1] !== 0) continue;
      const [one, two] = [apart.words[start + i] as number, apart.words[start + i + 1] as number];
      const length = (words[one]?.text.length ?? 0) + (words[two]?.text.length ?? 0);
      for (let j = 0; j < otherCount; j++) {
        if (otherPaired[j] !== 0) continue;
        const word = together.words[otherStart + j] as number;
        const text = words[word]?.text ?? '';
        if (text.length !== length || text !== `${words[one]?.text}${words[two]?.text}`) continue;
        paired[i] = paired[i + 1] = otherPaired[j] = 1;
        this.pair(Math.max(this.weight(one), this.weight(two)), 1);
        break;
      }
    }
  }

  /** "Inst." and "Institut"; "EP" and "École primaire". */
  private pairShortened(a: NameTable, b: NameTable): void {
    this.shortenedIn(a, this.startA, this.countA, this.pairedA, b, this.startB, this.countB, this.pairedB);
    this.shortenedIn(b, this.startB, this.countB, this.pairedB, a, this.startA, this.countA, this.pairedA);
  }

  private shortenedIn(
    short: NameTable,
    start: number,
    count: number,
    paired: Uint8Array,
    long: NameTable,
    longStart: number,
    longCount: number,
    longPaired: Uint8Array,
  ): void {
    const { words } = this.names.vocabulary;
    for (let i = 0; i < count; i++) {
      if (paired[i] !== 0) continue;
      const text = words[short.words[start + i] as number]?.text ?? '';
      if (
        text.length >= 2 &&
        text.length <= 6 &&
        this.initials(text, long, longStart, longCount, longPaired)
      ) {
        paired[i] = 1;
        continue;
      }
      let most = 0;
      let with_ = -1;
      for (let j = 0; j < longCount; j++) {
        if (longPaired[j] !== 0) continue;
        const sureness = abbreviates(text, words[long.words[longStart + j] as number]?.text ?? '');
        if (sureness > most) {
          most = sureness;
          with_ = j;
        }
      }
      if (with_ < 0) continue;
      paired[i] = longPaired[with_] = 1;
      const weight = this.weight(long.words[longStart + with_] as number);
      this.pair(weight, most, Math.min(weight * most, LETTER * text.length));
    }
  }

  /** Whether the letters begin words that stand one after the other, common ones perhaps left out between. */
  private initials(text: string, long: NameTable, start: number, count: number, paired: Uint8Array): boolean {
    const { words } = this.names.vocabulary;
    const wordAt = (j: number) => words[long.words[start + j] as number]?.text ?? '';
    for (let from = 0; from + text.length <= count; from++) {
      const taken: number[] = [];
      let letter = 0;
      for (let j = from; j < count && letter < text.length; j++) {
        if (paired[j] !== 0) break;
        if (wordAt(j).charCodeAt(0) === text.charCodeAt(letter)) {
          letter++;
          taken.push(j);
        } else if (letter > 0 && wordAt(j).length <= 3) taken.push(j);
        else break;
      }
      if (letter < text.length) continue;
      let weight = 0;
      for (const j of taken) {
        paired[j] = 1;
        weight += this.weight(long.words[start + j] as number);
      }
      this.pair(weight, 0.9, Math.min(weight, LETTER * text.length));
      return true;
    }
    return false;
  }

  private finish(a: NameTable, b: NameTable, into: NameComparison): void {
    const leftA = this.leftOver(a, this.startA, this.countA, this.pairedA);
    const leftB = this.leftOver(b, this.startB, this.countB, this.pairedB);
    const differing = 2 * this.lacking + leftA.weight + leftB.weight;
    const likeness = (2 * this.alike) / Math.max(1e-6, 2 * this.alike + differing);
    const shareA = leftA.weight / Math.max(1e-6, leftA.weight + this.alike);
    const shareB = leftB.weight / Math.max(1e-6, leftB.weight + this.alike);
    let evidence = Math.min(this.best + FURTHER_WORDS * (this.sum - this.best), this.limit - NOT_THE_SAME);
    evidence -= LEFT_OVER_EACH * (shareA + shareB) + LEFT_OVER_BOTH * Math.min(shareA, shareB);
    if (leftA.numbers && leftB.numbers) evidence -= NUMBERS_DIFFER;
    else if (leftA.numbers || leftB.numbers) evidence -= NUMBER_ON_ONE_SIDE;
    if (evidence <= into.evidence) return;
    into.evidence = evidence;
    into.likeness = likeness;
  }

  private leftOver(table: NameTable, start: number, count: number, paired: Uint8Array) {
    let weight = 0;
    let numbers = false;
    for (let i = 0; i < count; i++) {
      if (paired[i] !== 0) continue;
      const word = table.words[start + i] as number;
      weight += this.weight(word);
      if (this.names.vocabulary.numbers[word] === 1) numbers = true;
    }
    return { weight, numbers };
  }
}
