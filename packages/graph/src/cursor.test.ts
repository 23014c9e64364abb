import fc from 'fast-check';
import { type CursorScope, Cursors } from './cursor';

const cursors = new Cursors(Buffer.alloc(32, 7));
const scope: CursorScope = {
  list: 'orgUnits',
  account: 'a',
  sort: 'NAME',
  filter: { text: 'x' },
  version: 'v1',
};

describe('a cursor', () => {
  it('gives back its keys in the list it was made for', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))), (keys) => {
        expect(cursors.decode(scope, cursors.encode(scope, keys))).toEqual(keys);
      }),
    );
  });

  it.each([
    ['another list', { ...scope, list: 'types' }],
    ['another account', { ...scope, account: 'b' }],
    ['another sort', { ...scope, sort: 'CODE' }],
    ['other filters', { ...scope, filter: { text: 'y' } }],
    ['another version', { ...scope, version: 'v2' }],
  ])('is refused in %s', (_what, other) => {
    expect(() => cursors.decode(other, cursors.encode(scope, ['k']))).toThrow(/does not belong to this list/);
  });

  it('is refused when anything in it was changed or made up', () => {
    const cursor = cursors.encode(scope, ['name', 42]);
    fc.assert(
      fc.property(fc.nat(cursor.length - 2), fc.constantFrom(...'ABCDEFabcdef0123456789_-'), (at, letter) => {
        fc.pre(cursor[at] !== letter);
        expect(() => cursors.decode(scope, cursor.slice(0, at) + letter + cursor.slice(at + 1))).toThrow();
      }),
    );
    for (const made of ['', 'x', '🙂', 'A'.repeat(5000)]) expect(() => cursors.decode(scope, made)).toThrow();
  });
});
