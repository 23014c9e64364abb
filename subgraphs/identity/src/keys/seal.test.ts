import fc from 'fast-check';
import { Seal } from './seal';

const masterKey = Buffer.alloc(32, 1);
const seal = new Seal(masterKey, 'signing key');

it('opens what it closed', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.string(), (bytes, context) => {
      const plain = Buffer.from(bytes);
      expect(seal.open(seal.close(plain, context), context)).toEqual(plain);
    }),
  );
});

it('never closes to the same bytes twice', () => {
  expect(seal.close(Buffer.from('x'), 'a')).not.toEqual(seal.close(Buffer.from('x'), 'a'));
});

it('does not open when any byte was changed', () => {
  const sealed = seal.close(Buffer.from('secret'), 'a');
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ by;
      expect(() => seal.open(changed, 'a')).toThrow();
    }),
  );
});

it.each([
  ['under another master key', new Seal(Buffer.alloc(32, 2), 'signing key'), 'a'],
  ['for another purpose', new Seal(masterKey, 'credential'), 'a'],
  ['in another place', seal, 'b'],
])('does not open %s', (_, other, context) => {
  const sealed = seal.close(Buffer.from('secret'), 'a');
  expect(() => other.open(sealed, context)).toThrow();
});
