import fc from 'fast-check';
import type { MultiPolygon, Position } from './geometry';
import { boundingBox, checkPosition, checkShape, prepareShape, shapeContains, simplify } from './index';

const shape = (...parts: Position[][][]): MultiPolygon => ({ type: 'MultiPolygon', coordinates: parts });
const square = (x: number, y: number, size: number): Position[] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];
const reasonOf = (given: MultiPolygon) => checkShape(given)?.reason ?? 'valid';

/** A star-shaped ring around a centre: always valid, of any number of corners. */
const star = (x: number, y: number, radii: number[]): Position[] => {
  const ring = radii.map((radius, i): Position => {
    const angle = (2 * Math.PI * i) / radii.length;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
  return [...ring, ring[0] as Position];
};
const radii = fc.array(fc.double({ min: 1, max: 9, noNaN: true }), { minLength: 3, maxLength: 60 });

describe('a position', () => {
  it('may be exactly 0 0: that is a place in the sea, not a missing one', () => {
    expect(checkPosition([0, 0])).toBeNull();
    expect(checkPosition([-180, 90, -430])).toBeNull();
  });

  it('is refused when it is no number or out of range, with a word when it looks swapped', () => {
    expect(checkPosition([NaN, 0])?.reason).toBe('NOT_FINITE');
    expect(checkPosition([0, Infinity])?.reason).toBe('NOT_FINITE');
    expect(checkPosition([200, 95])?.message).not.toMatch('swapped');
    expect(checkPosition([12, 110])).toMatchObject({
      reason: 'OUT_OF_RANGE',
      message: expect.stringMatching('They look swapped'),
    });
  });
});

describe('the validity of a shape', () => {
  it('holds for squares with holes, islands in holes, parts and holes that touch', () => {
    expect(reasonOf(shape([square(0, 0, 9), square(1, 1, 3)]))).toBe('valid');
    expect(reasonOf(shape([square(0, 0, 9), square(1, 1, 5)], [square(2, 2, 1)]))).toBe('valid');
    expect(reasonOf(shape([square(0, 0, 2)], [square(2, 2, 2)]))).toBe('valid');
    expect(
      reasonOf(
        shape([
          square(0, 0, 4),
          [
            [0, 2],
            [1, 1],
            [1, 3],
            [0, 2],
          ],
        ]),
      ),
    ).toBe('valid');
  });

  it('names what is wrong', () => {
    expect(reasonOf(shape())).toBe('EMPTY');
    expect(reasonOf(shape([]))).toBe('EMPTY');
    expect(
      reasonOf(
        shape([
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ],
        ]),
      ),
    ).toBe('RING_NOT_CLOSED');
    expect(
      reasonOf(
        shape([
          [
            [0, 0],
            [1, 0],
            [0, 0],
          ],
        ]),
      ),
    ).toBe('RING_TOO_SHORT');
    expect(
      reasonOf(
        shape([
          [
            [0, 0],
            [NaN, 0],
            [1, 1],
            [0, 0],
          ],
        ]),
      ),
    ).toBe('NOT_FINITE');
    expect(
      reasonOf(
        shape([
          [
            [0, 0],
            [999, 0],
            [1, 1],
            [0, 0],
          ],
        ]),
      ),
    ).toBe('OUT_OF_RANGE');
    expect(reasonOf(shape([square(0, 0, 2), square(5, 5, 1)]))).toBe('HOLE_OUTSIDE');
    expect(reasonOf(shape([square(0, 0, 9)], [square(1, 1, 1)]))).toBe('OVERLAPPING_PARTS');
  });

  it.each([
    [
      'a bow tie',
      [
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 2],
        [0, 0],
      ],
    ],
    [
      'a spike',
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [4, 9],
        [4, 4],
        [0, 4],
        [0, 0],
      ],
    ],
    [
      'a ring that meets itself at a corner',
      [
        [0, 0],
        [2, 2],
        [4, 0],
        [4, 4],
        [2, 2],
        [0, 4],
        [0, 0],
      ],
    ],
    [
      'a corner on another edge',
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [2, 0],
        [0, 4],
        [0, 0],
      ],
    ],
  ])('sees %s', (_name, ring) => {
    expect(checkShape(shape([ring]))).toMatchObject({ reason: 'SELF_INTERSECTION', at: expect.any(Array) });
  });

  it('says where two parts cross', () => {
    expect(checkShape(shape([square(0, 0, 2)], [square(1, 1, 2)]))?.at).toEqual(
      expect.arrayContaining([expect.any(Number)]),
    );
  });

  it('takes every star, whose rings never cross by construction', () => {
    fc.assert(
      fc.property(radii, (given) => {
        expect(reasonOf(shape([star(20, 20, given)]))).toBe('valid');
      }),
    );
  });

  it('checks a border of 200,000 corners in seconds, not minutes', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => 5 + Math.sin(i * 0.37) / 1000);
    const started = process.cpuUsage().user;
    expect(reasonOf(shape([star(20, 20, many)]))).toBe('valid');
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(10);
  });
});

describe('point in polygon', () => {
  const holed = shape([square(0, 0, 9), square(3, 3, 3)]);

  it.each([
    [[1, 1], true],
    [[4, 4], false],
    [[0, 0], true],
    [[9, 4.5], true],
    [[4, 9], true],
    [[3, 4], true],
    [[-1, 0], false],
    [[10, 9], false],
  ])('of a square with a hole: %j is inside: %s', (point, expected) => {
    expect(shapeContains(holed, point)).toBe(expected);
    expect(prepareShape(holed)(point)).toBe(expected);
  });

  it('answers the same prepared or not, and agrees with the radius of a star', () => {
    const angle = fc.double({ min: 0, max: 6.2, noNaN: true });
    const away = fc.double({ min: 0, max: 12, noNaN: true });
    fc.assert(
      fc.property(radii, angle, away, (given, turn, distance) => {
        const ring = shape([star(0, 0, given)]);
        const point = [distance * Math.cos(turn), distance * Math.sin(turn)];
        expect(prepareShape(ring)(point)).toBe(shapeContains(ring, point));
        if (distance > 9) expect(shapeContains(ring, point)).toBe(false);
      }),
    );
  });
});

describe('simplified shapes', () => {
  it('stay within a cell of the original and never grow in corners', () => {
    fc.assert(
      fc.property(radii, (given) => {
        const whole = shape([star(20, 20, given)]);
        const light = simplify(whole, 0.05);
        if (!light) return;
        const before = boundingBox(whole) as number[];
        boundingBox(light)?.forEach((side, i) => {
          expect(Math.abs(side - (before[i] as number))).toBeLessThanOrEqual(0.0251);
        });
        expect(light.coordinates.flat(2).length).toBeLessThanOrEqual(whole.coordinates.flat(2).length + 1);
      }),
    );
  });

  it('keep the border that neighbours share', () => {
    const border: Position[] = Array.from({ length: 101 }, (_, i) => [1 + Math.sin(i) / 30, i / 50]);
    const west = simplify(shape([[[0, 0], ...border, [0, 2], [0, 0]]]), 0.05);
    const east = simplify(shape([[[2, 0], ...border, [2, 2], [2, 0]]]), 0.05);
    const along = (s: MultiPolygon | null) =>
      s?.coordinates
        .flat(2)
        .filter(([x = 0]) => x > 0.5 && x < 1.5)
        .map(String);
    expect(along(west)?.length).toBeLessThan(101);
    expect(along(west)).toEqual(along(east));
  });

  it('leave out what is smaller than a cell', () => {
    expect(simplify(shape([square(0, 0, 0.001)]), 0.05)).toBeNull();
    expect(simplify(shape([square(0, 0, 1), square(0.5, 0.5, 0.001)]), 0.05)?.coordinates[0]).toHaveLength(1);
  });
});
