/**
 * Names as words: accents and capitals folded, letters apart from digits, Roman numerals as numbers. Nothing here
 * knows a language or a kind of place; what is common is learned from the names themselves.
 */
import { textKey } from '@iroko/text';

/** Words of more letters are the same or not. */
export const LETTERS_MAX = 60;

const APART = /[^\p{L}\p{N}]+/u;
const LETTERS_OR_DIGITS = /\p{N}+|\p{L}+/gu;
const ROMAN: ReadonlyMap<string, string> = new Map(
  ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii', 'xiii', 'xiv', 'xv'].map(
    (numeral, index) => [numeral, String(index + 1)] as const,
  ),
);
/** Scripts that put no space between words; which letters are one word is for a dictionary to tell. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const segmenter = new Intl.Segmenter('und', { granularity: 'word' });
/** A name of more words is a text; the rest would not tell it apart. */
const WORDS_MAX = 16;

/** `"Éc. Prim. Kimpuanza2 – II"` becomes `["ec", "prim", "kimpuanza", "2", "2"]`. */
export function wordsOf(name: string): string[] {
  const words: string[] = [];
  for (const piece of textKey(name).split(APART)) {
    if (piece === '') continue;
    for (const run of piece.match(LETTERS_OR_DIGITS) ?? []) {
      if (UNSPACED.test(run)) words.push(...segmented(run));
      else words.push(run);
    }
    if (words.length >= WORDS_MAX) break;
  }
  return words.slice(0, WORDS_MAX).map((word, index) => {
    if (isNumber(word)) return word.replace(/^0+(?=.)/, '');
    // A numeral stands behind what it counts; "V" alone is a name.
    return index > 0 ? (ROMAN.get(word) ?? word) : word;
  });
}

function segmented(run: string): string[] {
  // Of a text only its beginning: looking words up costs more than all else here.
  return [...segmenter.segment(run.slice(0, LETTERS_MAX))].map(({ segment }) => segment);
}

export function isNumber(word: string): boolean {
  const first = word.charCodeAt(0);
  return first >= 48 && first <= 57;
}

const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/ph/g, 'f'],
  [/(sch|sh|tch|ch|tsh)/g, 's'],
  [/(ck|q|k)/g, 'k'],
  [/c(?=[eiy])/g, 's'],
  [/c/g, 'k'],
  [/(ou|oo|w|u)/g, 'u'],
  [/(y|ij|ii)/g, 'i'],
  [/(ei|ai|ae|ee)/g, 'e'],
  [/(au|eau)/g, 'o'],
  [/dj|dg|j(?=[eiu])/g, 'j'],
  [/z/g, 's'],
  [/h/g, ''],
  [/(.)\1+/g, '$1'],
];

/** How a word sounds, roughly, in any language written with Latin letters; words that sound alike are alike. */
export function soundOf(word: string): string {
  let sound = word;
  for (const [pattern, by] of SOUNDS) sound = sound.replace(pattern, by);
  return sound.length < 2 ? word : sound;
}

const row = { before: new Uint8Array(64), last: new Uint8Array(64), now: new Uint8Array(64) };

/**
 * Letters to add, drop, replace or swap with the neighbour; `limit` + 1 when there are more. Only what lies so near to
 * the diagonal is worked out: everything else costs more than the limit.
 */
export function editDistance(a: string, b: string, limit: number): number {
  const [n, m] = [a.length, b.length];
  if (Math.abs(n - m) > limit || n > LETTERS_MAX || m > LETTERS_MAX) return limit + 1;
  let { before, last, now } = row;
  for (let j = 0; j <= Math.min(m, limit + 1); j++) last[j] = j;
  for (let i = 1; i <= n; i++) {
    const [from, to] = [Math.max(1, i - limit), Math.min(m, i + limit)];
    let least = from === 1 ? i : limit + 1;
    now[from - 1] = least;
    const ca = a.charCodeAt(i - 1);
    for (let j = from; j <= to; j++) {
      const cb = b.charCodeAt(j - 1);
      let cost = (last[j - 1] as number) + (ca === cb ? 0 : 1);
      if ((last[j] as number) < cost) cost = (last[j] as number) + 1;
      if ((now[j - 1] as number) < cost) cost = (now[j - 1] as number) + 1;
      if (i > 1 && j > 1 && ca === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === cb) {
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      }
      now[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > limit) return limit + 1;
    if (to < m) now[to + 1] = limit + 1;
    [before, last, now] = [last, now, before];
  }
  return Math.min(last[m] as number, limit + 1);
}

/** How many letters may differ in a word of that length before it is another word. */
export function editsAllowed(length: number): number {
  if (length < 4) return 0;
  if (length < 6) return 1;
  return length < 10 ? 2 : 3;
}

/** 1 for the same word, down to about 0.6 for one that is hardly it, 0 for another. Numbers are the same or not. */
export function wordLikeness(a: string, b: string, soundA = soundOf(a), soundB = soundOf(b)): number {
  if (a === b) return 1;
  if (isNumber(a) || isNumber(b)) return 0;
  const length = Math.max(a.length, b.length);
  const allowed = editsAllowed(length);
  if (allowed === 0) return 0;
  const edits = editDistance(a, b, allowed);
  const byLetters = edits > allowed ? 0 : 1 - edits / length;
  if (byLetters >= 0.9 || length < 4) return byLetters;
  return soundA === soundB ? Math.max(byLetters, 0.9) : byLetters;
}

/**
 * How sure it is that the short word abbreviates the long one, 0 to 1: "inst" and "institut", "ctre" and "centre",
 * "m" and "marie". Letters left out, in order, the first one kept.
 */
export function abbreviates(short: string, long: string): number {
  if (short.length + 2 > long.length || short.charCodeAt(0) !== long.charCodeAt(0)) return 0;
  if (isNumber(short)) return 0;
  if (long.startsWith(short)) return short.length >= 3 ? 0.85 : short.length === 2 ? 0.7 : 0.5;
  if (short.length < 2) return 0;
  let at = 0;
  for (let index = 0; index < long.length && at < short.length; index++) {
    if (long.charCodeAt(index) === short.charCodeAt(at)) at++;
  }
  if (at < short.length) return 0;
  return short.length >= 3 && short.at(-1) === long.at(-1) ? 0.7 : 0.5;
}
