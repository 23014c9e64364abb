/**
 * How a search bears misspellings: it is cut into words, each is compared with the words that names really hold, and
 * those within a small edit distance count as meant. Plain functions over plain text.
 */
import { textKey } from '@iroko/text';

/** A word of a search with the spellings that names have of it, beside its own. */
export interface SoughtWord {
  word: string;
  /** One edit away. */
  near: string[];
  /** Two edits away. */
  far: string[];
}

/** What stands between words: as the SQL function georegistry.words_of cuts them. */
const BETWEEN_WORDS = /[\s\-_.,;:/()[\]'"’&+#]+/u;
/** Below this length nearly every word is one edit away from another. */
const MISSPELT_LENGTH_MIN = 4;
const TWO_EDITS_LENGTH_MIN = 6;
/** More would make the search slow and its end meaningless. */
const NEAR_MAX = 40;
const FAR_MAX = 20;

/** The words of a search, folded, each once, in order. */
export function soughtWords(search: string): string[] {
  const words = textKey(search.replaceAll('\0', '')).split(BETWEEN_WORDS);
  return [...new Set(words.filter((word) => word !== ''))];
}

/** How many edits a word may be away from one that was meant. */
export function toleranceOf(word: string): 0 | 1 | 2 {
  if (word.length < MISSPELT_LENGTH_MIN || /^\d+$/.test(word)) return 0;
  return word.length < TWO_EDITS_LENGTH_MIN ? 1 : 2;
}

/** The word with those of the candidates that it may mean. Candidates that hold the word itself are found anyway. */
export function withSpellings(word: string, candidates: readonly string[]): SoughtWord {
  const tolerance = toleranceOf(word);
  const near: string[] = [];
  const far: string[] = [];
  for (const candidate of candidates) {
    if (candidate.includes(word)) continue;
    const edits = editDistance(word, candidate, tolerance);
    if (edits > tolerance) continue;
    if (edits === 1 && near.length < NEAR_MAX) near.push(candidate);
    if (edits === 2 && far.length < FAR_MAX) far.push(candidate);
  }
  return { word, near: near.sort(), far: far.sort() };
}

/**
 * How many letters are to be put in, left out, replaced, or swapped with their neighbour to make one word of the
 * other. More than `most` is answered as `most + 1`.
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let earlier: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let edits = Math.min(replaced, (above[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, (earlier[j - 2] as number) + 1);
      }
      row.push(edits);
    }
    earlier = above;
    above = row;
  }
  return Math.min(above[b.length] as number, most + 1);
}
