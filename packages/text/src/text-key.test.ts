import fc from 'fast-check';
import { textKey } from './text-key';

describe('the key of a text', () => {
  it.each([
    ['  École  Primaire ', 'ecole primaire'],
    ['NGAƊO', 'ngado'],
    ['Straße', 'strasse'],
    ['ŁÓDŹ', 'lodz'],
    ['İzmir', 'izmir'],
    ['Ｋｉｎ２', 'kin2'],
    ['مدرسة', 'مدرسة'],
    ['a\u00a0b\tc', 'a b c'],
    ['कुमार', 'कुमार'],
    ['', ''],
  ])('of %j is %j', (text, key) => {
    expect(textKey(text)).toBe(key);
  });

  it('is its own key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(textKey(textKey(text))).toBe(textKey(text));
      }),
      { numRuns: 500 },
    );
  });

  it('is the same for a text composed and decomposed, in capitals and small', () => {
    expect(textKey('é'.normalize('NFD'))).toBe(textKey('É'.normalize('NFC')));
  });
});
