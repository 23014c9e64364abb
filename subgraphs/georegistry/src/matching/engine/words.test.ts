import fc from 'fast-check';
import { abbreviates, editDistance, soundOf, wordLikeness, wordsOf } from './words';

it.each([
  ['Éc. Prim. Kimpuanza2 – II', ['ec', 'prim', 'kimpuanza', '2', '2']],
  ["N'Sele/l’Enfant", ['n', 'sele', 'l', 'enfant']],
  ['V', ['v']],
  ['Lemba 007', ['lemba', '7']],
  ['مركز 中心', ['مركز', '中心']],
  ['昆明市中心小学2', ['昆明市', '中心', '小学', '2']],
  ['  …  ', []],
])('%j is the words %j', (name, words) => expect(wordsOf(name)).toEqual(words));

it('a script without spaces is cut into words, none of them lost', () => {
  for (const name of ['โรงพยาบาลเชียงใหม่', 'មន្ទីរពេទ្យកាល់ម៉ែត', '東京都中央病院']) {
    expect(wordsOf(name).length).toBeGreaterThan(1);
  }
});

it('letters differ by what is added, dropped, replaced or swapped', () => {
  expect(editDistance('boma', 'boma', 3)).toBe(0);
  expect(editDistance('boma', 'bomba', 3)).toBe(1);
  expect(editDistance('boma', 'bmoa', 3)).toBe(1);
  expect(editDistance('boma', 'kisangani', 3)).toBe(4);
});

it('the distance is the same both ways, and 0 only for the same word', () => {
  const word = fc.stringMatching(/^[abc]{1,8}$/);
  fc.assert(
    fc.property(word, word, (one, other) => {
      expect(editDistance(one, other, 3)).toBe(editDistance(other, one, 3));
      expect(editDistance(one, other, 3) === 0).toBe(one === other);
    }),
  );
});

it('words that sound alike are alike, numbers and short words are the same or not', () => {
  expect(soundOf('kouakou')).toBe(soundOf('quakuh'));
  expect(wordLikeness('josephine', 'josefine')).toBeGreaterThan(0.85);
  expect(wordLikeness('12', '13')).toBe(0);
  expect(wordLikeness('lac', 'sac')).toBe(0);
});

it('a word is cut short or has letters left out, in order', () => {
  expect(abbreviates('inst', 'institut')).toBeGreaterThan(abbreviates('i', 'institut'));
  expect(abbreviates('ctre', 'centre')).toBeGreaterThan(0);
  expect(abbreviates('erct', 'centre')).toBe(0);
  expect(abbreviates('1', '12345')).toBe(0);
});
