import { type Geometry, toShape, writeWkb } from '@iroko/geometry';
import { type Family, type Sibling, SiblingShapes } from './sibling-shapes';

const square = (west: number, south: number, size = 1): Geometry => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ],
  ],
});
const wkbOf = (shape: Geometry) => writeWkb(toShape(shape));
const FAMILY: Family = { parentId: 'parent', parentWkb: null, level: 0, gaps: true };

function found(shapes: (Partial<Sibling> & { shape: Geometry })[], family: Partial<Family> = {}) {
  const siblings = new SiblingShapes({ ...FAMILY, ...family });
  const overlaps = shapes.flatMap(({ shape, ...sibling }, index) =>
    siblings.add({
      unitId: String.fromCharCode(97 + index),
      wkb: wkbOf(shape),
      opens: null,
      closes: null,
      covers: true,
      ...sibling,
    }),
  );
  return [...overlaps, ...siblings.gaps()].map(({ rule, unitId, otherUnitId, areaM2, pieces }) => [
    rule,
    unitId,
    otherUnitId,
    areaM2 && Math.round(areaM2 / 1e6),
    pieces,
  ]);
}

it('two that overlap are told of both, in square metres; neighbours are not', () => {
  expect(found([{ shape: square(0, 0) }, { shape: square(0.5, 0) }, { shape: square(1.5, 0) }])).toEqual([
    ['OVERLAPPING_SIBLINGS', 'b', 'a', 6154, 1],
    ['OVERLAPPING_SIBLINGS', 'a', 'b', 6154, 1],
  ]);
  expect(found([{ shape: square(0, 0) }, { shape: square(0, 1) }, { shape: square(1, 0) }])).toEqual([]);
});

it('borders drawn twice, rounded to 0.0001 degrees each, neither overlap nor leave gaps', () => {
  const wave = Array.from({ length: 201 }, (_, i): [number, number] => [10 + Math.sin(i / 7) / 50, i / 200]);
  const rounded = (shift: number) =>
    wave.map(([x, y]) => [Math.round((x + shift) * 1e4) / 1e4, Math.round(y * 1e4) / 1e4]);
  const polygon = (far: number, border: number[][]): Geometry => ({
    type: 'Polygon',
    coordinates: [[[far, 0], ...border, [far, 1], [far, 0]]],
  });
  const two = [{ shape: polygon(9, rounded(0)) }, { shape: polygon(11, rounded(0.00004)) }];
  const parentWkb = wkbOf(
    polygon(9, [
      [11, 0],
      [11, 1],
    ]),
  );
  expect(found(two, { parentWkb })).toEqual([]);
  const apart = [{ shape: polygon(9, rounded(0)) }, { shape: polygon(11, rounded(0.002)) }];
  expect(found(apart, { parentWkb })).toEqual([['GAP_BETWEEN_SIBLINGS', 'parent', null, 25, 1]]);
});

it('what the children leave of the parent is told of the parent, a hole among roots of a root', () => {
  const parentWkb = wkbOf(square(0, 0, 2));
  const three = [{ shape: square(0, 0) }, { shape: square(0, 1) }, { shape: square(1, 0) }];
  expect(found(three, { parentWkb })).toEqual([['GAP_BETWEEN_SIBLINGS', 'parent', null, 12305, 1]]);
  expect(found(three)).toEqual([]);
  const around = [0, 1, 2].flatMap((x) => [0, 1, 2].map((y) => ({ shape: square(x, y) })));
  around.splice(4, 1);
  expect(found(around, { parentId: null })).toEqual([
    ['GAP_BETWEEN_SIBLINGS', expect.stringMatching(/^[abcdefgh]$/), null, 12305, 1],
  ]);
  expect(found(three, { parentWkb, gaps: false })).toEqual([]);
});

it('a place may stand on the ground of one that it replaced, and only the last ones cover the parent', () => {
  const old = { shape: square(0, 0, 2), closes: '2024-01-01', covers: false };
  const heirs = [
    { shape: square(0, 0), opens: '2024-01-01' },
    { shape: square(1, 0), opens: '2023-12-31' },
  ];
  expect(found([old, ...heirs], { parentWkb: wkbOf(square(0, 0, 2)) })).toEqual([
    ['OVERLAPPING_SIBLINGS', 'c', 'a', 12309, 1],
    ['OVERLAPPING_SIBLINGS', 'a', 'c', 12309, 1],
    ['GAP_BETWEEN_SIBLINGS', 'parent', null, 24614, 1],
  ]);
});

it('a shape that cannot be taken is told, and the others are compared all the same', () => {
  const broken = { shape: square(0, 0), wkb: Buffer.from([1, 2, 3]) };
  const notFinite = { shape: square(Number.NaN, 0) };
  const bowTie: Geometry = {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    ],
  };
  expect(found([broken, notFinite, { shape: bowTie }, { shape: square(0, 0) }])).toEqual([
    ['INVALID_SHAPE', 'a', null, null, 0],
    ['INVALID_SHAPE', 'b', null, null, 0],
    ['OVERLAPPING_SIBLINGS', 'd', 'c', 6154, 2],
    ['OVERLAPPING_SIBLINGS', 'c', 'd', 6154, 2],
  ]);
  const [first] = found([{ shape: square(0, 0) }], { parentWkb: Buffer.from([9]) });
  expect(first?.slice(0, 2)).toEqual(['INVALID_SHAPE', 'parent']);
});
