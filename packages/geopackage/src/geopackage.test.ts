import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { GeometryError } from '@iroko/geometry';
import { type GeoPackageFixture, makeGeoPackage } from '@iroko/testing';
import { GeoPackage } from './index';

const POLYGON = {
  type: 'Polygon' as const,
  coordinates: [
    [
      [29, -2],
      [30, -2],
      [30, -1],
      [29, -2],
    ],
  ],
};
const country = { name: 'level-1-Country', rows: [{ ref: 'CD', name: 'Congo', geom: POLYGON }] };

const open = (fixture: GeoPackageFixture) => GeoPackage.open(makeGeoPackage(fixture));
const rowsOf = (file: GeoPackage, layer = 0) =>
  [...file.rows(file.layers[layer] as GeoPackage['layers'][number])].flat();

describe('a GeoPackage of units', () => {
  it('has a layer per type, whose depth and name stand in the name of the layer', () => {
    const file = open({
      layers: [
        { name: 'level-3-Health area/Aire de santé - AREA', rows: [{ ref: 'a', name: 'A' }] },
        country,
        { name: 'roads', rows: [{ ref: 'r', name: 'R' }] },
      ],
    });
    expect(file.layers.map(({ depth, type }) => [depth, type])).toEqual([
      [1, 'Country'],
      [3, 'Health area/Aire de santé - AREA'],
    ]);
  });

  it('tells a column that is missing from a cell that is empty', () => {
    const file = open({
      layers: [{ name: 'level-1-A', rows: [{ ref: 'a', name: 'A', group_refs: '', code: null }] }],
    });
    expect([...(file.layers[0]?.columns ?? [])].sort()).toEqual(['code', 'group_refs', 'name', 'ref']);
    expect(rowsOf(file)[0]?.cells).toEqual({ ref: 'a', name: 'A', group_refs: '', code: null });
  });

  it('numbers rows by their feature id and reads any number of them', () => {
    const rows = Array.from({ length: 1203 }, (_, index) => ({ ref: `r${index}`, name: 'x' }));
    const read = rowsOf(open({ layers: [{ name: 'level-1-A', rows }] }));
    expect(read).toHaveLength(1203);
    expect(read.at(-1)).toMatchObject({ row: 1203, cells: { ref: 'r1202' } });
  });

  it('reads points with altitude, and zero is a coordinate; an empty point is none', () => {
    const point = (coordinates: number[]) => ({ type: 'Point' as const, coordinates });
    const rows = [
      { ref: 'a', name: 'A', geom: point([0, 0, 12]) },
      { ref: 'b', name: 'B', geom: point([Number.NaN, Number.NaN]) },
      { ref: 'c', name: 'C', geom: null },
    ];
    const read = rowsOf(open({ layers: [{ name: 'level-1-A', rows }] }));
    expect(read.map(({ geometry }) => geometry)).toEqual([point([0, 0, 12]), null, null]);
  });

  it('turns other reference systems into longitude and latitude', () => {
    const file = open({
      references: [{ srsId: 32735, organization: 'EPSG', code: 32735, definition: 'undefined' }],
      layers: [
        {
          name: 'level-1-A',
          srsId: 32735,
          rows: [{ ref: 'a', name: 'A', geom: { type: 'Point', coordinates: [500_000, 10_000_000] } }],
        },
      ],
    });
    const geometry = rowsOf(file)[0]?.geometry as { coordinates: number[] };
    expect(geometry.coordinates[0]).toBeCloseTo(27, 9);
    expect(geometry.coordinates[1]).toBeCloseTo(0, 9);
  });

  it('hands on bytes that are no geometry as a defect of that row alone', () => {
    const rows = [
      { ref: 'a', name: 'A', geom: null },
      { ref: 'b', name: 'B', geom: POLYGON },
    ];
    const path = makeGeoPackage({ layers: [{ name: 'level-1-A', rows }] });
    const bytes = readFileSync(path);
    const at = bytes.indexOf(Buffer.from([0x47, 0x50, 0x00]));
    bytes[at] = 0x58;
    writeFileSync(path, bytes);
    const read = rowsOf(GeoPackage.open(path));
    expect(read[1]?.geometry).toBeInstanceOf(GeometryError);
    expect(read[0]?.geometry).toBeNull();
  });

  it('opens when its last program left it in write-ahead mode', () => {
    const path = makeGeoPackage({ layers: [country] });
    const bytes = readFileSync(path);
    bytes[18] = 2;
    bytes[19] = 2;
    writeFileSync(path, bytes);
    expect(rowsOf(GeoPackage.open(path))).toHaveLength(1);
  });

  it('lists its groups', () => {
    const file = open({ layers: [country], groups: [{ ref: 'g', name: 'Public' }] });
    expect(file.groups).toEqual([{ reference: 'g', name: 'Public' }]);
  });
});

describe('a file that cannot be a GeoPackage of units', () => {
  it.each<[string, GeoPackageFixture, RegExp]>([
    ['no layer of units', { layers: [{ name: 'roads', rows: [] }] }, /no layer of units.*"roads"/s],
    [
      'a layer without ref',
      { layers: [{ name: 'level-1-A', rows: [{ name: 'A' }] }] },
      /Layer "level-1-A" has no column "ref"/,
    ],
    [
      'a layer without name',
      { layers: [{ name: 'level-1-A', rows: [{ ref: 'A' }] }] },
      /Layer "level-1-A" has no column "name"/,
    ],
    ['no table of groups', { layers: [country], groups: null }, /no table groups/],
    [
      'a group without a name',
      { layers: [country], groups: [{ ref: 'g', name: ' ' }] },
      /Table groups, row 1/,
    ],
    [
      'a projection nobody knows',
      {
        references: [{ srsId: 999_999, organization: 'ACME', code: 1, definition: 'undefined' }],
        layers: [{ ...country, srsId: 999_999 }],
      },
      /Layer "level-1-Country".*unknown.*EPSG:4326/s,
    ],
  ])('is refused for %s, naming the place', (_what, fixture, message) => {
    expect(() => open(fixture)).toThrow(message);
  });

  it('is refused when it is empty, cut off or something else', () => {
    const path = makeGeoPackage({ layers: [country] });
    const whole = readFileSync(path);
    writeFileSync(path, '');
    expect(() => GeoPackage.open(path)).toThrow(/0 bytes/);
    writeFileSync(path, 'name;longitude;latitude\n'.repeat(20));
    expect(() => GeoPackage.open(path)).toThrow(/does not begin as an SQLite database/);
    writeFileSync(path, whole);
    truncateSync(path, Math.floor(whole.length / 2));
    expect(() => rowsOf(GeoPackage.open(path))).toThrow(/broken or cut off/);
  });
});
