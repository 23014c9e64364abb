/** GeoJSON (RFC 7946) from the outside, checked before anything believes its types. */
import { defectError, type Geometry } from './geometry';

const DEPTH = {
  Point: 0,
  MultiPoint: 1,
  LineString: 1,
  MultiLineString: 2,
  Polygon: 2,
  MultiPolygon: 3,
} as const;

function checkNested(value: unknown, depth: number): void {
  if (!Array.isArray(value))
    throw defectError('MALFORMED', 'The coordinates are not nested as the type says.');
  if (depth > 0) {
    for (const member of value) checkNested(member, depth - 1);
    return;
  }
  if (value.length < 2 || value.length > 3 || value.some((n) => typeof n !== 'number')) {
    throw defectError('MALFORMED', 'A position is [longitude, latitude] or [longitude, latitude, altitude].');
  }
}

/**
 * Reads a GeoJSON geometry, or the geometry of a Feature, from a parsed value. Throws GeometryError when it
 * is not one. What it holds (ranges, rings) is checked by `checkShape`.
 */
export function readGeoJson(value: unknown): Geometry {
  if (typeof value !== 'object' || value === null || !('type' in value)) {
    throw defectError('MALFORMED', 'A GeoJSON geometry is an object with "type" and "coordinates".');
  }
  if (value.type === 'Feature' && 'geometry' in value) return readGeoJson(value.geometry);
  const type = value.type as keyof typeof DEPTH;
  if (typeof value.type !== 'string' || !Object.hasOwn(DEPTH, value.type)) {
    throw defectError(
      'WRONG_TYPE',
      `"${String(value.type)}" is not one of ${Object.keys(DEPTH).join(', ')}.`,
    );
  }
  const coordinates = 'coordinates' in value ? value.coordinates : undefined;
  const isEmptyPoint = type === 'Point' && Array.isArray(coordinates) && coordinates.length === 0;
  if (!isEmptyPoint) checkNested(coordinates, DEPTH[type]);
  return { type, coordinates } as Geometry;
}

/** Reads GeoJSON from text. Throws GeometryError. */
export function readGeoJsonText(text: string): Geometry {
  try {
    return readGeoJson(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw defectError('MALFORMED', 'The text is not JSON.');
    throw error;
  }
}
