import fc from 'fast-check';
import { centreOf } from './centre';

const square = (west: number, south: number, size: number) =>
  [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ] as [number, number][];

it('of a square is its middle, wherever it lies and however it is wound', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -170, max: 160 }),
      fc.integer({ min: -80, max: 70 }),
      fc.boolean(),
      (west, south, turned) => {
        const ring = square(west, south, 2);
        const shape = { type: 'Polygon' as const, coordinates: [turned ? ring.reverse() : ring] };
        expect(centreOf(shape)).toEqual({ longitude: west + 1, latitude: south + 1 });
      },
    ),
  );
});

it('leaves holes out, and weighs the parts by their area', () => {
  const withHole = { type: 'Polygon' as const, coordinates: [square(0, 0, 4), square(2, 1, 2)] };
  expect(centreOf(withHole).longitude).toBeCloseTo((16 * 2 - 4 * 3) / 12, 6);
  const parts = { type: 'MultiPolygon' as const, coordinates: [[square(0, 0, 2)], [square(10, 0, 1)]] };
  expect(centreOf(parts)).toEqual({ longitude: 2.9, latitude: 0.9 });
});

it('of a shape without area is a point of it', () => {
  const flat = {
    type: 'Polygon' as const,
    coordinates: [
      [
        [1, 2],
        [3, 4],
        [1, 2],
      ] as [number, number][],
    ],
  };
  expect(centreOf(flat)).toEqual({ longitude: 1, latitude: 2 });
});
