/**
 * Coordinates of other reference systems, turned into EPSG:4326 (longitude, latitude). The projection library
 * knows few codes by itself; the UTM zones are computed, a short list follows below, and for all others the
 * definition that the file carries (WKT) is used.
 */
import proj4 from 'proj4';
import { defectError, type Geometry, mapPositions, type Position } from './geometry';

/** Turns x, y (and z, kept as it is) into longitude, latitude. */
export type ToWgs84 = (position: Position) => Position;

interface UtmFamily {
  base: number;
  first: number;
  last: number;
  south: boolean;
  datum: string;
}

const GRS80 = '+ellps=GRS80 +towgs84=0,0,0';
const UTM_FAMILIES: UtmFamily[] = [
  { base: 32600, first: 1, last: 60, south: false, datum: '+datum=WGS84' },
  { base: 32700, first: 1, last: 60, south: true, datum: '+datum=WGS84' },
  { base: 25800, first: 28, last: 38, south: false, datum: GRS80 },
  { base: 26900, first: 1, last: 23, south: false, datum: '+datum=NAD83' },
  { base: 23000, first: 28, last: 38, south: false, datum: '+ellps=intl +towgs84=-87,-98,-121' },
  { base: 20100, first: 35, last: 38, south: false, datum: '+ellps=clrk80 +towgs84=-166,-15,204' },
  {
    base: 20900,
    first: 34,
    last: 36,
    south: true,
    datum: '+a=6378249.145 +rf=293.4663077 +towgs84=-143,-90,-294',
  },
  { base: 21000, first: 35, last: 37, south: true, datum: '+ellps=clrk80 +towgs84=-160,-6,-302' },
  { base: 21060, first: 35, last: 37, south: false, datum: '+ellps=clrk80 +towgs84=-160,-6,-302' },
  { base: 26300, first: 31, last: 32, south: false, datum: '+ellps=clrk80 +towgs84=-92,-93,122' },
  { base: 31900, first: 65, last: 76, south: false, datum: GRS80 },
];

const DEFINITIONS: Record<number, string> = {
  3857: '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs',
  900913:
    '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs',
  3395: '+proj=merc +lon_0=0 +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
  4087: '+proj=eqc +lat_ts=0 +lat_0=0 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
  4258: '+proj=longlat +ellps=GRS80 +towgs84=0,0,0 +no_defs',
  4269: '+proj=longlat +datum=NAD83 +no_defs',
  2154: '+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs',
  3035: '+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs',
};

/** Codes whose coordinates are longitude and latitude on WGS 84 already. */
const WGS84_CODES = new Set([4326, 4979]);

function utmDefinition(code: number): string | undefined {
  const family = UTM_FAMILIES.find(({ base, first, last }) => code >= base + first && code <= base + last);
  if (!family) return undefined;
  // SIRGAS 2000 numbers its northern zones 11 to 22 as 31965 to 31976.
  const zone = family.base === 31900 ? code - 31954 : code - family.base;
  return `+proj=utm +zone=${zone}${family.south ? ' +south' : ''} ${family.datum} +units=m +no_defs`;
}

/**
 * How to turn the coordinates of a reference system into longitude and latitude. `epsg` is its code, `wkt` the
 * definition that the file carries; a code we know goes first. Throws GeometryError for one we do not know.
 */
export function projectionToWgs84({ epsg, wkt }: { epsg?: number; wkt?: string }): ToWgs84 {
  if (epsg !== undefined && WGS84_CODES.has(epsg)) return (position) => position;
  const known = epsg === undefined ? undefined : (DEFINITIONS[epsg] ?? utmDefinition(epsg));
  const definition = known ?? (wkt && !/^\s*undefined\s*$/i.test(wkt) ? wkt : undefined);
  if (definition === undefined) throw unknownProjection(epsg);
  try {
    const converter = proj4(definition, 'EPSG:4326');
    return ([x, y, ...rest]) => [...converter.forward([x as number, y as number]), ...rest];
  } catch {
    throw unknownProjection(epsg);
  }
}

/** The definition of a code we know, in PROJ's notation, for reports. */
export function knowsEpsg(code: number): boolean {
  return WGS84_CODES.has(code) || code in DEFINITIONS || utmDefinition(code) !== undefined;
}

function unknownProjection(epsg: number | undefined): Error {
  const name = epsg === undefined ? 'The reference system' : `The reference system EPSG:${epsg}`;
  return defectError(
    'UNKNOWN_PROJECTION',
    `${name} is unknown and no definition of it was found. Save the data in EPSG:4326 (WGS 84) and send it again.`,
  );
}

/** The geometry in longitude and latitude. */
export function reproject<G extends Geometry>(geometry: G, toWgs84: ToWgs84): G {
  return mapPositions(geometry, toWgs84);
}
