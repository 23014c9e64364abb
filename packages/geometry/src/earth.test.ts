import type { Position } from './geometry';
import { geodesicArea, geodesicDistance, knowsEpsg, projectionToWgs84, reproject } from './index';

const at = (lat: number, lon: number): Position => [lon, lat];

describe('geodesic measures on WGS 84', () => {
  it('give the distance from Wellington to Salamanca that GeographicLib documents', () => {
    expect(geodesicDistance(at(-41.32, 174.81), at(40.96, -5.5))).toBeCloseTo(19959679.26735382, 3);
    expect(geodesicDistance([0, 0], [0, 0])).toBe(0);
  });

  it('give the area of Antarctica that GeographicLib documents', () => {
    const corners = [
      at(-63.1, -58),
      at(-72.9, -74),
      at(-71.9, -102),
      at(-74.9, -102),
      at(-74.3, -131),
      at(-77.5, -163),
      at(-77.4, 163),
      at(-71.7, 172),
      at(-65.9, 140),
      at(-65.7, 113),
      at(-66.6, 88),
      at(-66.9, 59),
      at(-69.8, 25),
      at(-70.0, -4),
      at(-71.0, -14),
      at(-77.3, -33),
      at(-77.9, -46),
      at(-74.7, -61),
    ];
    const area = geodesicArea({ type: 'Polygon', coordinates: [[...corners, at(-63.1, -58)]] });
    expect(area / 1e6).toBeCloseTo(13662703.6800201, 3);
  });

  it('give what PostGIS gives for the degree square at 0 0, and take holes off', () => {
    const square = (from: number, to: number): Position[] => [
      [from, from],
      [to, from],
      [to, to],
      [from, to],
      [from, from],
    ];
    const whole = geodesicArea({ type: 'Polygon', coordinates: [square(0, 1)] });
    expect(whole).toBeCloseTo(12308778361.469452, 2);
    const hole = geodesicArea({ type: 'Polygon', coordinates: [square(0.25, 0.75)] });
    expect(
      geodesicArea({ type: 'MultiPolygon', coordinates: [[square(0, 1), square(0.25, 0.75)]] }),
    ).toBeCloseTo(whole - hole, 3);
  });
});

describe('projections', () => {
  it.each([
    ['UTM 32 north, the example of PROJ', 32632, [691875.63, 6098907.83], [12, 55]],
    ['UTM 31 north on its meridian', 32631, [500000, 0], [3, 0]],
    ['UTM 36 south', 32736, [500000, 10000000], [33, 0]],
    ['Web Mercator, the example of EPSG', 3857, [-11169055.58, 2800000], [-100.3333333, 24.3817869]],
    ['Lambert 93 at its origin', 2154, [700000, 6600000], [3, 46.5]],
  ])('%s', (_name, epsg, given, expected) => {
    const [longitude, latitude] = projectionToWgs84({ epsg })(given);
    expect(longitude).toBeCloseTo(expected[0] as number, 6);
    expect(latitude).toBeCloseTo(expected[1] as number, 6);
  });

  it('use the definition that the file carries for a code we do not know', () => {
    const wkt =
      'PROJCS["Somewhere",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",9],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]';
    const [longitude, latitude] = projectionToWgs84({ epsg: 123456, wkt })([691875.63, 6098907.83]);
    expect(longitude).toBeCloseTo(12, 6);
    expect(latitude).toBeCloseTo(55, 6);
  });

  it('keep altitudes and leave EPSG:4326 as it is', () => {
    const point = { type: 'Point' as const, coordinates: [500000, 0, 731] };
    expect(reproject(point, projectionToWgs84({ epsg: 32631 })).coordinates[2]).toBe(731);
    expect(reproject(point, projectionToWgs84({ epsg: 4326 }))).toEqual(point);
  });

  it('refuse what nobody defined, saying what to do', () => {
    expect(() => projectionToWgs84({ epsg: 999999 })).toThrow('EPSG:999999 is unknown');
    expect(() => projectionToWgs84({ epsg: -1, wkt: 'undefined' })).toThrow('Save the data in EPSG:4326');
    expect(() => projectionToWgs84({ wkt: 'PROJCS["broken"' })).toThrow('is unknown');
    expect(knowsEpsg(32736)).toBe(true);
    expect(knowsEpsg(32799)).toBe(false);
  });
});
