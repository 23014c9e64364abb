import fc from 'fast-check';
import { commonArea } from './clipping';
import type { MultiPolygon } from './geometry';
import { geodesicArea } from './measures';

const square = (west: number, south: number, size: number, hole?: MultiPolygon): MultiPolygon => ({
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
      ],
      // Holes are wound the other way.
      ...(hole?.coordinates.flat().map((ring) => [...ring].reverse()) ?? []),
    ],
  ],
});

it('a shape overlaps itself by its own area, wherever it lies', () => {
  const place = fc.record({
    west: fc.double({ min: -170, max: 170, noNaN: true }),
    south: fc.double({ min: -70, max: 60, noNaN: true }),
    size: fc.double({ min: 0.001, max: 2, noNaN: true }),
  });
  fc.assert(
    fc.property(place, ({ west, south, size }) => {
      const shape = square(west, south, size);
      expect(commonArea(shape, shape) / geodesicArea(shape)).toBeCloseTo(1, 3);
    }),
    { numRuns: 40 },
  );
});

it('neighbours that share a border do not overlap, nor do shapes apart', () => {
  expect(commonArea(square(0, 0, 1), square(1, 0, 1))).toBe(0);
  expect(commonArea(square(0, 0, 1), square(0, 1, 1))).toBe(0);
  expect(commonArea(square(0, 0, 1), square(5, 5, 1))).toBe(0);
});

it('what lies in both counts, a hole and another part of the shape do not', () => {
  const quarter = commonArea(square(0, 0, 2), square(1, 1, 2));
  expect(quarter / geodesicArea(square(1, 1, 1))).toBeCloseTo(1, 3);
  const ring = square(0, 0, 3, square(1, 1, 1));
  expect(commonArea(ring, square(1, 1, 1)) / geodesicArea(square(1, 1, 1))).toBeLessThan(0.01);
  const two = {
    type: 'MultiPolygon' as const,
    coordinates: [...square(0, 0, 1).coordinates, ...square(2, 0, 1).coordinates],
  };
  expect(commonArea(two, square(0.5, 0, 2)) / geodesicArea(square(0, 0, 1))).toBeCloseTo(1, 2);
});
