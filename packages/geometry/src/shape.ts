/**
 * The one form in which shapes are kept: a MultiPolygon, rings wound as RFC 7946 says. Two files that wind a
 * ring differently then give the same bytes, and the content hash sees one shape.
 */
import { createHash } from 'node:crypto';
import { defectError, type Geometry, type MultiPolygon, mapPositions, type Position } from './geometry';
import { signedArea } from './planar';
import { writeWkb } from './wkb';

/** A Polygon or MultiPolygon as MultiPolygon, outer rings counter-clockwise, holes clockwise. Throws GeometryError. */
export function toShape(geometry: Geometry): MultiPolygon {
  if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') {
    throw defectError('WRONG_TYPE', `A shape is a Polygon or a MultiPolygon, not a ${geometry.type}.`);
  }
  const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const wound = parts
    .filter((part) => part.length > 0)
    .map((part) => part.map((ring, i) => wind(ring, i === 0)));
  return mapPositions({ type: 'MultiPolygon', coordinates: wound }, positiveZero);
}

function wind(ring: Position[], counterClockwise: boolean): Position[] {
  const area = signedArea(ring);
  return area !== 0 && area > 0 !== counterClockwise ? [...ring].reverse() : ring;
}

/** -0 and 0 are one coordinate. */
function positiveZero(position: Position): Position {
  return position.map((n) => n + 0);
}

/** SHA-256 of the shape's WKB: equal hashes are equal shapes, position by position. 32 bytes. */
export function contentHash(wkb: Buffer): Buffer {
  return createHash('sha256').update(wkb).digest();
}

/** The hash of a geometry's WKB. */
export function geometryHash(geometry: Geometry): Buffer {
  return contentHash(writeWkb(geometry));
}
