/** The centre of a shape: the centroid of its area, in degrees as on a plate carrée, holes left out. */
import type { MultiPolygon, Point, Polygon, Position } from '@iroko/geometry';

export function centreOf(shape: Point | Polygon | MultiPolygon): { longitude: number; latitude: number } {
  if (shape.type === 'Point') {
    const [longitude = 0, latitude = 0] = shape.coordinates;
    return { longitude, latitude };
  }
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
  const [first] = polygons[0]?.[0] ?? [];
  const [x0 = 0, y0 = 0] = first ?? [];
  let area = 0;
  let x = 0;
  let y = 0;
  for (const rings of polygons) {
    for (const [index, ring] of rings.entries()) {
      const part = ringMoments(ring, x0, y0);
      // The outer ring counts for, holes count against, however they are wound.
      const sign = (index === 0 ? 1 : -1) * Math.sign(part.area);
      area += sign * part.area;
      x += sign * part.x;
      y += sign * part.y;
    }
  }
  if (area === 0) return { longitude: x0, latitude: y0 };
  return { longitude: rounded(x0 + x / (6 * area)), latitude: rounded(y0 + y / (6 * area)) };
}

/** About a corner of the shape: far from 0 degrees the products would lose their last digits. */
function ringMoments(ring: readonly Position[], x0: number, y0: number) {
  let area = 0;
  let x = 0;
  let y = 0;
  for (let at = 0; at + 1 < ring.length; at += 1) {
    const [ax, ay] = relative(ring[at], x0, y0);
    const [bx, by] = relative(ring[at + 1], x0, y0);
    const cross = ax * by - bx * ay;
    area += cross / 2;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return { area, x, y };
}

const relative = (position: Position | undefined, x0: number, y0: number): [number, number] => [
  (position?.[0] ?? 0) - x0,
  (position?.[1] ?? 0) - y0,
];

/** A centimetre. */
const rounded = (degrees: number): number => Math.round(degrees * 1e7) / 1e7 + 0;
