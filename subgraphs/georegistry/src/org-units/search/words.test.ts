import fc from 'fast-check';
import { editDistance, soughtWords, toleranceOf, withSpellings } from './words';

describe('the words of a search', () => {
  it.each([
    ['  Centre de Santé  d’Ébolowa ', ['centre', 'de', 'sante', 'd', 'ebolowa']],
    ['Saint-Jean/Bosco (EP) N2', ['saint', 'jean', 'bosco', 'ep', 'n2']],
    ['Kin kin KIN', ['kin']],
    [' - ', []],
    ['', []],
  ])('of %j are %j', (text, words) => {
    expect(soughtWords(text)).toEqual(words);
  });

  it('of a folded text are those of the text itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(soughtWords(soughtWords(text).join(' '))).toEqual(soughtWords(text));
      }),
    );
  });
});

describe('the distance of two words', () => {
  it.each([
    ['kinshasa', 'kinshasa', 0],
    ['kinshsa', 'kinshasa', 1],
    ['kinhsasa', 'kinshasa', 1],
    ['kimshaza', 'kinshasa', 2],
    ['goma', 'gomba', 1],
    ['bukavu', 'kananga', 3],
  ])('of %s and %s is %i', (a, b, edits) => {
    expect(editDistance(a, b, 2)).toBe(edits);
  });

  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 8 });

  it('is the same both ways, 0 only for the same word, and never more than one above what is asked for', () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 4 }), (a, b, most) => {
        const edits = editDistance(a, b, most);
        expect(edits).toBe(editDistance(b, a, most));
        expect(edits === 0).toBe(a === b);
        expect(edits).toBeLessThanOrEqual(most + 1);
      }),
    );
  });

  it('of a word with one letter put in, left out or swapped is at most 1', () => {
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom('x', 'a'), (text, at, letter) => {
        const place = at % (text.length + 1);
        expect(editDistance(text, text.slice(0, place) + letter + text.slice(place), 2)).toBe(1);
        if (place + 1 < text.length) {
          const swapped = `${text.slice(0, place)}${text[place + 1]}${text[place]}${text.slice(place + 2)}`;
          expect(editDistance(text, swapped, 2)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

it('short words and numbers are not taken for others', () => {
  expect(['de', 'kin', '2024'].map(toleranceOf)).toEqual([0, 0, 0]);
  expect(['goma', 'sante', 'kinshasa'].map(toleranceOf)).toEqual([1, 1, 2]);
});

it('spellings are those within the tolerance, apart by how far they are', () => {
  expect(withSpellings('kinshsa', ['kinshasa', 'kinsha', 'kinshsab', 'kisasa', 'goma'])).toEqual({
    word: 'kinshsa',
    near: ['kinsha', 'kinshasa'],
    far: ['kisasa'],
  });
});
