/**
 * All words of both sides, how common each is, and which words of the two sides are alike. Common words of the domain
 * ("centre de santé") are common in the data, and that is how they are known. Words are compared once, however many
 * names bear them.
 */
import { compareText } from './side';
import { Top } from './top';
import { isNumber, LETTERS_MAX, soundOf, wordLikeness } from './words';

/** More alike words than this tell nothing. */
const NEIGHBOURS_MAX = 24;
/** Share of trigrams that two words must have in common before their letters are compared. */
const TRIGRAMS_SHARED = 0.3;
const SHORTEST_COMPARED = 4;
/** Words that a word is held against, the rarest trigrams first; those that share only common ones are left out. */
const VISITED_MAX = 30_000;
/** Of those, so many are compared letter by letter: the ones with the most trigrams in common. */
const SPELLED_MAX = 100;
/** So many words that sound alike are no misspellings of each other. */
const SOUNDING_MAX = 200;

/** Another place may have a word in its name that is nowhere else in the data. */
export const CHANCE_OF_ANOTHER = 0.3;

export interface Word {
  text: string;
  /** In how many units of each side it stands. */
  left: number;
  right: number;
}

export class Vocabulary {
  /** ln(units of a side / other units with the word): what it tells that two names share it. */
  readonly weights: Float32Array;
  readonly numbers: Uint8Array;
  private readonly neighbourStart: Int32Array;
  private readonly neighbourIds: Int32Array;
  private readonly neighbourLikeness: Float32Array;
  private readonly ids: ReadonlyMap<string, number>;

  constructor(
    readonly words: readonly Word[],
    /** Of the larger side. */
    readonly unitCount: number,
    /** Told how far comparing the words is, 0 to 1. */
    onShare: (share: number) => void = () => undefined,
  ) {
    this.weights = Float32Array.from(words, ({ left, right }) =>
      Math.log(Math.max(1.05, unitCount / (Math.max(left, right) - 1 + CHANCE_OF_ANOTHER))),
    );
    this.numbers = Uint8Array.from(words, ({ text }) => (isNumber(text) ? 1 : 0));
    this.ids = new Map(words.map(({ text }, id) => [text, id]));
    const found = alikeAcross(words, onShare);
    this.neighbourStart = Int32Array.from([0, ...runningSum(found.map((list) => list.length))]);
    const total = this.neighbourStart[words.length] as number;
    this.neighbourIds = new Int32Array(total);
    this.neighbourLikeness = new Float32Array(total);
    let at = 0;
    for (const list of found) {
      for (const { id, likeness } of list) {
        this.neighbourIds[at] = id;
        this.neighbourLikeness[at++] = likeness;
      }
    }
  }

  idOf(word: string): number | undefined {
    return this.ids.get(word);
  }

  /** Calls back with every other word of the right side that is like this one of the left. */
  eachLike(id: number, visit: (other: number, likeness: number) => void): void {
    const end = this.neighbourStart[id + 1] as number;
    for (let at = this.neighbourStart[id] as number; at < end; at++) {
      visit(this.neighbourIds[at] as number, this.neighbourLikeness[at] as number);
    }
  }

  /** Likeness of a word of the left side to one of the right, 0 to 1. */
  likeness(left: number, right: number): number {
    if (left === right) return 1;
    const end = this.neighbourStart[left + 1] as number;
    for (let at = this.neighbourStart[left] as number; at < end; at++) {
      if (this.neighbourIds[at] === right) return this.neighbourLikeness[at] as number;
    }
    return 0;
  }
}

/** Numbers the words of both sides; `bags` are the sets of words of each unit. */
export function countWords(
  left: readonly ReadonlySet<string>[],
  right: readonly ReadonlySet<string>[],
): Word[] {
  const words = new Map<string, Word>();
  const count = (bags: readonly ReadonlySet<string>[], side: 'left' | 'right') => {
    for (const bag of bags) {
      for (const text of bag) {
        let word = words.get(text);
        if (!word) {
          word = { text, left: 0, right: 0 };
          words.set(text, word);
        }
        word[side]++;
      }
    }
  };
  count(left, 'left');
  count(right, 'right');
  // The order of rows must not show.
  return [...words.values()].sort((a, b) => compareText(a.text, b.text));
}

interface Neighbour {
  id: number;
  likeness: number;
}

/** For every word of the left side the words of the right that are like it, the most alike first. */
function alikeAcross(words: readonly Word[], onShare: (share: number) => void): Neighbour[][] {
  // How a word sounds is worked out once: it costs more than comparing letters.
  const sounds = words.map(({ text }) => soundOf(text));
  const index = new TrigramIndex(words, sounds);
  return words.map(({ text, left }, own) => {
    if (own % 1000 === 999) onShare((own + 1) / words.length);
    if (left === 0 || text.length < SHORTEST_COMPARED || !isCompared(text)) return [];
    const found: Neighbour[] = [];
    for (const id of index.near(text, sounds[own] as string)) {
      const other = (words[id] as Word).text;
      const likeness = other === text ? 0 : wordLikeness(text, other, sounds[own], sounds[id]);
      if (likeness > 0) found.push({ id, likeness });
    }
    return found.sort((a, b) => b.likeness - a.likeness || a.id - b.id).slice(0, NEIGHBOURS_MAX);
  });
}

/** Words of the right side by their trigrams and their sound. */
class TrigramIndex {
  private readonly byTrigram = new Map<string, number[]>();
  private readonly bySound = new Map<string, number[]>();
  private readonly sizes: Uint8Array;
  private readonly shared: Uint8Array;
  private readonly nearest = new Top(SPELLED_MAX);

  constructor(words: readonly Word[], sounds: readonly string[]) {
    this.sizes = new Uint8Array(words.length);
    this.shared = new Uint8Array(words.length);
    words.forEach(({ text, right }, id) => {
      if (right === 0 || text.length < SHORTEST_COMPARED - 1 || !isCompared(text)) return;
      const trigrams = trigramsOf(text);
      this.sizes[id] = trigrams.length;
      for (const trigram of trigrams) push(this.byTrigram, trigram, id);
      push(this.bySound, sounds[id] as string, id);
    });
  }

  near(text: string, sound: string): number[] {
    const trigrams = trigramsOf(text);
    const touched: number[] = [];
    for (const posting of this.rarestPostings(trigrams)) {
      for (const id of posting) {
        if (this.shared[id] === 0) touched.push(id);
        this.shared[id] = (this.shared[id] as number) + 1;
      }
    }
    this.nearest.clear();
    for (const id of touched) {
      const both = trigrams.length + (this.sizes[id] as number);
      const share = (2 * (this.shared[id] as number)) / both;
      if (share >= TRIGRAMS_SHARED) this.nearest.offer(id, share);
      this.shared[id] = 0;
    }
    const near = this.nearest.units.subarray(0, this.nearest.count);
    const sounding = this.bySound.get(sound) ?? [];
    return [...new Set([...near, ...(sounding.length > SOUNDING_MAX ? [] : sounding)])];
  }

  /** So many that together no more than a limited number of words is visited, however many words there are. */
  private rarestPostings(trigrams: readonly string[]): number[][] {
    const postings = trigrams
      .map((trigram) => this.byTrigram.get(trigram) ?? [])
      .sort((a, b) => a.length - b.length);
    let visited = 0;
    return postings.filter((posting) => {
      visited += posting.length;
      return visited <= VISITED_MAX;
    });
  }
}

/** Numbers are the same or not, and so are words of so many letters that nobody writes them. */
function isCompared(text: string): boolean {
  return !isNumber(text) && text.length <= LETTERS_MAX;
}

function trigramsOf(word: string): string[] {
  const padded = `  ${word} `;
  const trigrams = new Set<string>();
  for (let at = 0; at + 3 <= padded.length; at++) trigrams.add(padded.slice(at, at + 3));
  return [...trigrams];
}

function push(lists: Map<string, number[]>, key: string, id: number): void {
  const list = lists.get(key);
  if (list) list.push(id);
  else lists.set(key, [id]);
}

function* runningSum(counts: readonly number[]): Generator<number> {
  let sum = 0;
  for (const count of counts) {
    sum += count;
    yield sum;
  }
}
