/**
 * The stored key by which text sorts and matches: accents folded, lower case, white space made single. It is made
 * here and stored, never by the server's locale, so that every server sorts and finds alike.
 */

/** Letters that Unicode does not decompose into a base letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ŋ: 'n',
  ı: 'i',
  ɓ: 'b',
  ɗ: 'd',
  ƙ: 'k',
  ƴ: 'y',
  ɛ: 'e',
  ɔ: 'o',
};

/** Marks that no script owns: accents. The vowel signs of Devanagari or Thai are letters of their script and stay. */
const ACCENTS = /\p{Script=Inherited}/gu;
const PLAIN = /^[\x21-\x7e]*$/;
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');

/** `" Éco-Lé  Ngaɗo "` becomes `"eco-le ngado"`. Folding a key again changes nothing. */
export function textKey(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter)
    .replace(/\s+/gu, ' ')
    .trim();
}
