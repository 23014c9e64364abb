/**
 * Distances and areas on the WGS 84 ellipsoid, as PostGIS `geography` gives them. The usual spherical formulas
 * are up to 0.56 % off, which is a visible error on a country.
 */
import { Geodesic } from 'geographiclib-geodesic';
import type { MultiPolygon, Polygon, Position } from './geometry';

const ELLIPSOID = Geodesic.WGS84;

/** Metres along the shortest line over the ellipsoid; altitude is ignored. */
export function geodesicDistance(from: Position, to: Position): number {
  const [fromLongitude, fromLatitude] = from as [number, number];
  const [toLongitude, toLatitude] = to as [number, number];
  return ELLIPSOID.Inverse(fromLatitude, fromLongitude, toLatitude, toLongitude, Geodesic.DISTANCE).s12 ?? 0;
}

function ringArea(ring: Position[]): number {
  const polygon = ELLIPSOID.Polygon(false);
  for (let i = 0; i < ring.length - 1; i++) {
    const [longitude, latitude] = ring[i] as [number, number];
    polygon.AddPoint(latitude, longitude);
  }
  return Math.abs(polygon.Compute(false, true).area ?? 0);
}

/** Square metres on the ellipsoid, holes taken off. */
export function geodesicArea(shape: Polygon | MultiPolygon): number {
  const parts = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
  let area = 0;
  for (const part of parts) {
    part.forEach((ring, i) => {
      area += i === 0 ? ringArea(ring) : -ringArea(ring);
    });
  }
  return area;
}
