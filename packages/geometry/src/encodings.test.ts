import fc from 'fast-check';
import type { Geometry, MultiPolygon, Position } from './geometry';
import {
  geometryHash,
  readGeoJson,
  readGeoJsonText,
  readGeoPackageBlob,
  readWkb,
  readWkt,
  toShape,
  writeGeoPackageBlob,
  writeWkb,
  writeWkt,
} from './index';

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((n) => n + 0);
const flat = fc.tuple(number, number) as fc.Arbitrary<Position>;
const high = fc.tuple(number, number, number) as fc.Arbitrary<Position>;

const geometryOf = (position: fc.Arbitrary<Position>): fc.Arbitrary<Geometry> => {
  const line = fc.array(position, { minLength: 1, maxLength: 6 });
  const lines = fc.array(line, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    position.map((coordinates) => ({ type: 'Point' as const, coordinates })),
    line.map((coordinates) => ({ type: 'MultiPoint' as const, coordinates })),
    line.map((coordinates) => ({ type: 'LineString' as const, coordinates })),
    lines.map((coordinates) => ({ type: 'Polygon' as const, coordinates })),
    fc
      .array(lines, { minLength: 1, maxLength: 3 })
      .map((coordinates) => ({ type: 'MultiPolygon' as const, coordinates })),
  );
};
const geometry = fc.oneof(geometryOf(flat), geometryOf(high));
const hex = (bytes: Buffer) => bytes.toString('hex');

describe('well-known binary', () => {
  it('gives back every geometry that was written, also behind a GeoPackage header', () => {
    fc.assert(
      fc.property(geometry, fc.integer({ min: -1, max: 99999 }), (given, srsId) => {
        expect(readWkb(writeWkb(given))).toEqual(given);
        expect(readGeoPackageBlob(writeGeoPackageBlob(given, srsId))).toEqual({ srsId, geometry: given });
      }),
    );
  });

  it('writes the bytes that the standard gives for points', () => {
    expect(hex(writeWkb({ type: 'Point', coordinates: [1, 2] }))).toBe(
      '0101000000000000000000f03f0000000000000040',
    );
    expect(hex(writeWkb({ type: 'Point', coordinates: [1, 2, 3] }))).toBe(
      '01e9030000000000000000f03f00000000000000400000000000000840',
    );
  });

  it('reads big endian, EWKB with a reference system, and drops M', () => {
    const point = { type: 'Point', coordinates: [1, 2] };
    expect(readWkb(Buffer.from('00000000013ff00000000000004000000000000000', 'hex'))).toEqual(point);
    expect(readWkb(Buffer.from('0101000020e6100000000000000000f03f0000000000000040', 'hex'))).toEqual(point);
    expect(readWkb(Buffer.from('01d1070000000000000000f03f00000000000000400000000000000840', 'hex'))).toEqual(
      point,
    );
  });

  it('refuses bytes cut short, unknown types and counts that the bytes cannot hold', () => {
    const whole = writeWkb({
      type: 'LineString',
      coordinates: [
        [1, 2],
        [3, 4],
      ],
    });
    for (let length = 0; length < whole.length; length++) {
      expect(() => readWkb(whole.subarray(0, length))).toThrow('end in the middle');
    }
    expect(() => readWkb(Buffer.from('01ff000000', 'hex'))).toThrow('Geometry type 255');
    expect(() => readWkb(Buffer.from('0102000000ffffffff', 'hex'))).toThrow('end in the middle');
    expect(() => readGeoPackageBlob(Buffer.from('not a blob'))).toThrow('do not begin with "GP"');
  });

  it('reads an empty point of a GeoPackage (NaN NaN) as no geometry', () => {
    const blob = writeGeoPackageBlob({ type: 'Point', coordinates: [NaN, NaN] }, 4326);
    expect(readGeoPackageBlob(blob).geometry).toBeNull();
  });
});

describe('well-known text and GeoJSON', () => {
  it('gives back every point and shape that was written', () => {
    fc.assert(
      fc.property(geometry, (given) => {
        if (given.type !== 'Point' && given.type !== 'Polygon' && given.type !== 'MultiPolygon') return;
        expect(readWkt(writeWkt(given))).toEqual(given);
        expect(readGeoJsonText(JSON.stringify(given))).toEqual(given);
      }),
    );
  });

  it('reads what GIS programs write', () => {
    expect(readWkt('SRID=4326;POINT Z(0 0 12.5)')).toEqual({ type: 'Point', coordinates: [0, 0, 12.5] });
    expect(readWkt('polygon((0 0,1 0,1 1,0 0),(.1 .1,.2 .1,.2 .2,.1 .1))').coordinates).toHaveLength(2);
    expect(readWkt('MULTIPOLYGON EMPTY')).toEqual({ type: 'MultiPolygon', coordinates: [] });
    expect(() => readWkt('SRID=3857;POINT(0 0)')).toThrow('SRID=3857');
    expect(() => readWkt('POINT(0 zero)')).toThrow('cannot be read');
    expect(() => readWkt('POINT(0 0) and more')).toThrow('cannot be read');
  });

  it('refuses what is not GeoJSON, naming why', () => {
    expect(() => readGeoJson(null)).toThrow('an object with "type"');
    expect(() => readGeoJson({ type: 'Circle', coordinates: [] })).toThrow('"Circle" is not one of');
    expect(() => readGeoJson({ type: 'Polygon', coordinates: [[0, 0]] })).toThrow('not nested');
    expect(() => readGeoJson({ type: 'Point', coordinates: ['0', '0'] })).toThrow('A position is');
    expect(() => readGeoJsonText('{')).toThrow('not JSON');
    expect(readGeoJson({ type: 'Feature', geometry: { type: 'Point', coordinates: [0, 0] } }).type).toBe(
      'Point',
    );
  });
});

describe('the form in which shapes are kept', () => {
  const ring: Position[] = [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
    [0, 0],
  ];
  const hole: Position[] = [
    [1, 1],
    [1, 2],
    [2, 2],
    [2, 1],
    [1, 1],
  ];

  it('is one MultiPolygon however the file wound its rings', () => {
    const expected: MultiPolygon = { type: 'MultiPolygon', coordinates: [[ring, hole]] };
    for (const coordinates of [
      [ring, hole],
      [[...ring].reverse(), [...hole].reverse()],
    ]) {
      expect(toShape({ type: 'Polygon', coordinates })).toEqual(expected);
    }
    expect(toShape(toShape(expected))).toEqual(expected);
  });

  it('has one hash for equal shapes, 0 and -0 included, and another for others', () => {
    const hash = geometryHash(toShape({ type: 'Polygon', coordinates: [ring] }));
    const negative = ring.map((p) => p.map((n) => (n === 0 ? -0 : n)));
    expect(geometryHash(toShape({ type: 'Polygon', coordinates: [negative] }))).toEqual(hash);
    expect(geometryHash(toShape({ type: 'Polygon', coordinates: [ring, hole] }))).not.toEqual(hash);
    expect(hash).toHaveLength(32);
  });

  it('refuses a line', () => {
    expect(() => toShape({ type: 'LineString', coordinates: ring })).toThrow('not a LineString');
  });
});
