/**
 * The words of this package: what a position, a point and a shape are, and how a geometry that cannot be
 * taken says so. Coordinates are always longitude, latitude, altitude (degrees, degrees, metres) unless a
 * function says that it takes projected ones.
 */
import type { Geometry, MultiPolygon, Point, Polygon, Position } from 'geojson';

export type { Geometry, MultiPolygon, Point, Polygon, Position };

/** Why a geometry was refused or is not valid. Stable: programs may compare it. */
export type GeometryReason =
  | 'MALFORMED'
  | 'WRONG_TYPE'
  | 'EMPTY'
  | 'NOT_FINITE'
  | 'OUT_OF_RANGE'
  | 'RING_TOO_SHORT'
  | 'RING_NOT_CLOSED'
  | 'SELF_INTERSECTION'
  | 'HOLE_OUTSIDE'
  | 'OVERLAPPING_PARTS'
  | 'UNKNOWN_PROJECTION';

/** What is wrong with a geometry, where (a position in its own coordinates), in words for a person. */
export interface GeometryDefect {
  reason: GeometryReason;
  message: string;
  at?: Position;
}

/** Thrown when bytes, text or a projection cannot be turned into a geometry at all. */
export class GeometryError extends Error {
  readonly reason: GeometryReason;
  readonly at: Position | undefined;

  constructor(defect: GeometryDefect) {
    super(defect.message);
    this.name = 'GeometryError';
    this.reason = defect.reason;
    this.at = defect.at;
  }
}

/** The refusal as an exception, for readers that cannot go on. */
export function defectError(reason: GeometryReason, message: string, at?: Position): GeometryError {
  return new GeometryError({ reason, message, ...(at ? { at } : {}) });
}

/** West, south, east, north, in the units of the coordinates. */
export type Box = [west: number, south: number, east: number, north: number];

/** Every position of a geometry, in the order of the file. */
export function* positions(geometry: Geometry): Generator<Position> {
  switch (geometry.type) {
    case 'Point':
      if (geometry.coordinates.length > 0) yield geometry.coordinates;
      return;
    case 'MultiPoint':
    case 'LineString':
      yield* geometry.coordinates;
      return;
    case 'MultiLineString':
    case 'Polygon':
      for (const line of geometry.coordinates) yield* line;
      return;
    case 'MultiPolygon':
      for (const part of geometry.coordinates) for (const ring of part) yield* ring;
      return;
    case 'GeometryCollection':
      for (const member of geometry.geometries) yield* positions(member);
  }
}

/** The same geometry with every position replaced: for projections and rounding. */
export function mapPositions<G extends Geometry>(geometry: G, change: (p: Position) => Position): G {
  const deep = (value: unknown): unknown =>
    Array.isArray(value)
      ? typeof value[0] === 'number'
        ? change(value as Position)
        : value.map(deep)
      : value;
  if (geometry.type === 'GeometryCollection') {
    return { ...geometry, geometries: geometry.geometries.map((member) => mapPositions(member, change)) };
  }
  return { ...geometry, coordinates: deep(geometry.coordinates) } as G;
}

/** The smallest box around a geometry, or null when it has no position. Planar: it does not cross ±180. */
export function boundingBox(geometry: Geometry): Box | null {
  let west = Infinity;
  let south = Infinity;
  let east = -Infinity;
  let north = -Infinity;
  for (const [x, y] of positions(geometry)) {
    if (x === undefined || y === undefined) continue;
    if (x < west) west = x;
    if (x > east) east = x;
    if (y < south) south = y;
    if (y > north) north = y;
  }
  return west <= east && south <= north ? [west, south, east, north] : null;
}
