/**
 * Random changes of a token, so that tests can say that none of them is taken for it: characters replaced, inserted,
 * removed, of another case or changed with their neighbour, the token cut, doubled, percent-encoded, in quotes.
 */
/** Letters of tokens, what lenient decoders pass over, and what looks alike. */
const ALPHABET =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/~!*\'"\\%&#?;:,|() \t\n\u0000\u00ad\u200bé\u0430\ud83d';

type Change = (text: string, at: number, letter: string) => string;

const CHANGES: readonly Change[] = [
  (text, at, letter) => text.slice(0, at) + letter + text.slice(at + 1),
  (text, at, letter) => text.slice(0, at) + letter + text.slice(at),
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at) => text.slice(0, at) + swappedCase(text.charAt(at)) + text.slice(at + 1),
  (text, at) => text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2),
  (text, at) => text.slice(0, at),
  (text, at) => text.slice(0, at) + encoded(text.charAt(at)) + text.slice(at + 1),
];
/** Rarer, since there is only one of each. */
const WHOLE: readonly Change[] = [
  (text) => text + text,
  (text) => `"${text}"`,
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
  (text) => [...text].reverse().join(''),
];

/** So many texts that differ from the token; the same seed gives the same. Most keep its length or nearly so. */
export function* tamperings(token: string, count: number, seed = 1): Generator<string> {
  const random = randomNumbers(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const oneOf = <Item>(items: ArrayLike<Item>) => items[below(items.length)] as Item;
  for (let made = 0; made < count; ) {
    let text = token;
    for (let changes = below(3); changes >= 0; changes -= 1) {
      text = oneOf(below(50) === 0 ? WHOLE : CHANGES)(text, below(text.length + 1), oneOf(ALPHABET));
    }
    if (text === token) continue;
    made += 1;
    yield text;
  }
}

/** mulberry32: numbers from 0 to 1 that a seed decides. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const swappedCase = (letter: string): string =>
  letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();

const encoded = (letter: string): string =>
  letter === '' ? '' : `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;
