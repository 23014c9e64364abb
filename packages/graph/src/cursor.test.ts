import { tamperings } from '@iroko/testing';
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

  it('is refused when anything in it was changed (10,000 random ways) or made up', () => {
    const cursor = cursors.encode(scope, ['name', 42]);
    for (const text of tamperings(cursor, 10_000)) {
      expect(() => cursors.decode(scope, text)).toThrow(/does not belong to this list/);
    }
    for (const made of ['', 'x', '🙂', 'A'.repeat(5000)]) expect(() => cursors.decode(scope, made)).toThrow();
  });
});
