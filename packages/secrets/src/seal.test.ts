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

describe('a changed master key', () => {
  const [oldKey, newKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 3)];
  const before = new Seal(oldKey, 'signing key');
  const after = new Seal([newKey, oldKey], 'signing key');

  it('opens what the old one closed, and closes under the new one alone', () => {
    expect(after.open(before.close(Buffer.from('secret'), 'a'), 'a').toString()).toBe('secret');
    const sealed = after.close(Buffer.from('secret'), 'a');
    expect(new Seal(newKey, 'signing key').open(sealed, 'a').toString()).toBe('secret');
    expect(() => before.open(sealed, 'a')).toThrow('not given');
  });

  it('tells what should be closed anew', () => {
    const begins = (sealed: Buffer) => sealed.subarray(0, after.prefix.length).equals(after.prefix);
    expect(begins(before.close(Buffer.from('x'), 'a'))).toBe(false);
    expect(begins(after.close(Buffer.from('x'), 'a'))).toBe(true);
  });

  it('opens what an earlier release closed, which did not say under which key', () => {
    // Closed by the release before key ids: 01, nonce, tag, body.
    const sealed = before.close(Buffer.from('secret'), 'a');
    const earlier = Buffer.concat([Buffer.of(1), sealed.subarray(5)]);
    expect(before.open(earlier, 'a').toString()).toBe('secret');
    expect(after.open(earlier, 'a').toString()).toBe('secret');
    expect(() => new Seal(newKey, 'signing key').open(earlier, 'a')).toThrow();
  });
});
