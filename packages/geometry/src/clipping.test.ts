import fc from 'fast-check';
import { clipShape, commonPieces, differingArea, uncoveredPieces } from './clipping';
import type { MultiPolygon, Position } from './geometry';
import { geodesicArea } from './measures';
import { countPieces } from './pieces';
import { toShape } from './shape';
import { SIMPLIFICATION_LEVELS, simplify } from './simplify';

const ring = (west: number, south: number, east: number, north: number): Position[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const box = (...sides: [number, number, number, number]): MultiPolygon => ({
  type: 'MultiPolygon',
  coordinates: [[ring(...sides)]],
});
const NO_TOLERANCE = { areaM2: 0, widthM: 0 };
const area = (pieces: Parameters<typeof countPieces>[0]) => countPieces(pieces, NO_TOLERANCE).areaM2;

// Small: a long edge along a parallel is measured as the shortest line, which its pieces follow more closely.
const boxes = fc
  .tuple(
    fc.double({ min: 10, max: 10.2, noNaN: true }),
    fc.double({ min: -70, max: -69.8, noNaN: true }),
    fc.double({ min: 0.01, max: 0.2, noNaN: true }),
    fc.double({ min: 0.01, max: 0.2, noNaN: true }),
  )
  .map(([west, south, wide, high]) => box(west, south, west + wide, south + high));

it('two squares have their common part in common, whichever is asked first, and neighbours nothing', () => {
  const [one, other] = [clipShape(box(10, 0, 12, 2)), clipShape(box(11, 1, 13, 3))];
  expect(area(commonPieces(one, other))).toBeCloseTo(geodesicArea(box(11, 1, 12, 2)), 0);
  expect(area(commonPieces(other, one))).toBe(area(commonPieces(one, other)));
  expect(commonPieces(one, clipShape(box(12, 0, 14, 2)))).toEqual([]);
  expect(commonPieces(one, clipShape(box(12, 2, 14, 4)))).toEqual([]);
});

it('a shape differs from itself by nothing, and from one moved away by both areas', () => {
  fc.assert(
    fc.property(boxes, (shape) => {
      expect(differingArea(shape, shape)).toBe(0);
    }),
  );
  const [here, there] = [box(10, 0, 11, 1), box(20, 0, 21, 1)];
  expect(differingArea(here, there)).toBeCloseTo(geodesicArea(here) * 2, -1);
});

it('what differs is what one has and the other has not: both areas less twice the common one', () => {
  fc.assert(
    fc.property(boxes, boxes, (one, other) => {
      const common = area(commonPieces(clipShape(one), clipShape(other)));
      const expected = geodesicArea(one) + geodesicArea(other) - 2 * common;
      expect(Math.abs(differingArea(one, other) - expected)).toBeLessThan(20_000);
    }),
  );
});

it('a shape drawn with more positions or begun at another corner covers the same', () => {
  const plain = box(10, 0, 11, 1);
  const turned = toShape({
    type: 'Polygon',
    coordinates: [
      [
        [11, 1],
        [10.5, 1],
        [10, 1],
        [10, 0],
        [11, 0],
        [11, 1],
      ],
    ],
  });
  expect(differingArea(plain, turned)).toBe(0);
});

it('what parts leave of the whole is found, holes among them too', () => {
  const whole = clipShape(box(0, 0, 3, 3));
  const parts = [box(0, 0, 3, 1), box(0, 2, 3, 3), box(0, 1, 1, 2), box(2, 1, 3, 2)].map(clipShape);
  expect(area(uncoveredPieces(whole, parts))).toBeCloseTo(geodesicArea(box(1, 1, 2, 2)), -1);
  expect(area(uncoveredPieces(null, parts))).toBeCloseTo(geodesicArea(box(1, 1, 2, 2)), -1);
  expect(uncoveredPieces(whole, [whole])).toEqual([]);
  expect(uncoveredPieces(null, parts.slice(0, 3))).toEqual([]);
  expect(area(uncoveredPieces(whole, parts.slice(0, 3)))).toBeCloseTo(geodesicArea(box(1, 1, 3, 2)), -1);
  expect(area(uncoveredPieces(whole, []))).toBeCloseTo(geodesicArea(box(0, 0, 3, 3)), -1);
});

it('a lake that the whole leaves out is no gap, a hole between parts beyond the whole is one', () => {
  const lake = ring(1, 1, 2, 2).reverse();
  const whole: MultiPolygon = { type: 'MultiPolygon', coordinates: [[ring(0, 0, 3, 3), lake]] };
  const around = [box(0, 0, 3, 1), box(0, 2, 3, 3), box(0, 1, 1, 2), box(2, 1, 3, 2)].map(clipShape);
  expect(uncoveredPieces(clipShape(whole), around)).toEqual([]);
  const beyond = [box(3, 0, 6, 1), box(3, 2, 6, 3), box(5, 1, 6, 2), box(3, 1, 4, 2)].map(clipShape);
  const gaps = uncoveredPieces(clipShape(whole), [...around, ...beyond]);
  expect(area(gaps)).toBeCloseTo(geodesicArea(box(4, 1, 5, 2)), -1);
});

it('crossing rings, rings without area and no rings at all are taken; what is no number is refused', () => {
  const bowTie: Position[] = [
    [0, 0],
    [2, 2],
    [2, 0],
    [0, 2],
    [0, 0],
  ];
  const shape: MultiPolygon = { type: 'MultiPolygon', coordinates: [[bowTie]] };
  expect(area(commonPieces(clipShape(shape), clipShape(box(0, 0, 2, 2))))).toBeGreaterThan(1e9);
  const flat: MultiPolygon = {
    type: 'MultiPolygon',
    coordinates: [
      [
        [
          [0, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    ],
  };
  expect(commonPieces(clipShape(flat), clipShape(box(0, 0, 2, 2)))).toEqual([]);
  expect(commonPieces(clipShape({ type: 'MultiPolygon', coordinates: [] }), [])).toEqual([]);
  const broken = box(0, Number.NaN, 2, 2);
  expect(() => clipShape(broken)).toThrow(RangeError);
});

it('slivers along a border do not count, a field of the same area does', () => {
  const sliver = { type: 'Polygon' as const, coordinates: [ring(10, 0, 10.5, 0.00002)] };
  const field = { type: 'Polygon' as const, coordinates: [ring(10, 0, 10.003, 0.003)] };
  const tolerance = { areaM2: 10_000, widthM: 20 };
  expect(countPieces([sliver], NO_TOLERANCE).areaM2).toBeGreaterThan(100_000);
  expect(countPieces([sliver], tolerance)).toEqual({ areaM2: 0, count: 0, at: null });
  const { areaM2, count, at } = countPieces([sliver, field], tolerance);
  expect([count, at]).toEqual([1, [10.0015, 0.0015]]);
  expect(areaM2).toBeCloseTo(geodesicArea(field), 3);
});

it('lighter forms preserve the topology: neighbours neither overlap nor part along a border whose positions they share', () => {
  const border = Array.from(
    { length: 400 },
    (_, i): Position => [11 + Math.sin(i / 5) / 9 + Math.sin(i * 1.7) / 40, i / 100],
  );
  const [south = [], north = []] = [border[0], border.at(-1)];
  const west = [...border, [9, north[1] ?? 0], [9, south[1] ?? 0], south] as Position[];
  const east = [...border, [13, north[1] ?? 0], [13, south[1] ?? 0], south] as Position[];
  const shapes = [west, east].map((line) => toShape({ type: 'Polygon', coordinates: [line] }));
  for (const size of SIMPLIFICATION_LEVELS) {
    const [one, other] = shapes.map((shape) => clipShape(simplify(shape, size) as MultiPolygon));
    const whole = clipShape(box(9, 0, 13, Math.round(3.99 / size) * size));
    expect(commonPieces(one ?? [], other ?? [])).toEqual([]);
    expect(countPieces(uncoveredPieces(whole, [one ?? [], other ?? []]), NO_TOLERANCE).areaM2).toBe(0);
  }
});
