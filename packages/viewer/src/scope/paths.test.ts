import fc from 'fast-check';
import { covers, holds, intersection, topmost } from './paths';

/** A path of up to four levels with few labels, so that many of them lie below one another. */
const path = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 })
  .map((labels) => Buffer.concat(labels.map((label) => Buffer.from([0, 0, 0, label]))));
const paths = fc.array(path, { maxLength: 6 });

const below = (roots: readonly Buffer[], unit: Buffer) => roots.some((root) => covers(root, unit));

it('a unit covers itself and what is below it, and neither what is above nor a neighbour whose label begins alike', () => {
  const district = Buffer.from('0000000100000001', 'hex');
  expect(covers(district, district)).toBe(true);
  expect(covers(district, Buffer.from('000000010000000100000009', 'hex'))).toBe(true);
  expect(covers(district, Buffer.from('00000001', 'hex'))).toBe(false);
  expect(covers(district, Buffer.from('0000000100000101', 'hex'))).toBe(false);
});

it('the topmost of some subtrees hold the same units, and none lies below another', () => {
  fc.assert(
    fc.property(paths, path, (roots, unit) => {
      const top = topmost(roots);
      expect(holds(top, unit)).toBe(below(roots, unit));
      for (const one of top) expect(top.filter((other) => covers(one, other))).toEqual([one]);
    }),
  );
});

it('a unit lies in an intersection when it lies in both sets', () => {
  fc.assert(
    fc.property(paths, paths, path, (one, other, unit) => {
      expect(holds(intersection(one, other), unit)).toBe(below(one, unit) && below(other, unit));
    }),
    { numRuns: 500 },
  );
});
