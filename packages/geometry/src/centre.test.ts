import fc from 'fast-check';
import { centreOf, pointInside } from './centre';
import { shapeContains } from './containment';

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

it('a point in a shape lies in it, also where the centre lies beside it', () => {
  const crescent = {
    type: 'Polygon' as const,
    coordinates: [
      [
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 10],
        [0, 9],
        [9, 9],
        [9, 1],
        [0, 1],
        [0, 0],
      ] as [number, number][],
    ],
  };
  const { longitude, latitude } = centreOf(crescent);
  expect(shapeContains(crescent, [longitude, latitude])).toBe(false);
  expect(shapeContains(crescent, pointInside(crescent))).toBe(true);
  expect(pointInside({ type: 'Polygon', coordinates: [square(4, 2, 2)] })).toEqual([5, 3]);
  expect(pointInside({ type: 'Polygon', coordinates: [square(0, 0, 6), square(1, 1, 4)] })).not.toEqual([
    3, 3,
  ]);
});
