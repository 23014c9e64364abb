/**
 * The centre of a shape: the centroid of its area, in degrees as on a plate carrée, holes left out. That of a crescent
 * lies beside it, so where a place in the shape is needed there is another answer.
 */
import { shapeContains } from './containment';
import type { MultiPolygon, Point, Polygon, Position } from './geometry';

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

/**
 * A position in the shape: its centre where that lies in it, otherwise the middle of the longest piece of the parallel
 * through the middle of the shape. On the outline for a shape without area.
 */
export function pointInside(shape: Polygon | MultiPolygon): Position {
  const { longitude, latitude } = centreOf(shape);
  if (shapeContains(shape, [longitude, latitude])) return [longitude, latitude];
  const rings = shape.type === 'Polygon' ? shape.coordinates : shape.coordinates.flat();
  const corners = rings.flat();
  // Between two corners that follow one another in latitude, so that the parallel meets none.
  const heights = [...new Set(corners.map(([, y]) => y ?? 0))].sort((a, b) => a - b);
  const middle = Math.floor(heights.length / 2);
  const y = ((heights[middle - 1] ?? latitude) + (heights[middle] ?? latitude)) / 2;
  const [from, to] = longestPiece(crossingsAt(rings, y));
  return from === undefined || to === undefined ? (corners[0] ?? []) : [(from + to) / 2, y];
}

/** Longitudes at which the rings cross a parallel, from west to east. */
function crossingsAt(rings: Position[][], y: number): number[] {
  const found: number[] = [];
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [ax = 0, ay = 0] = ring[i - 1] ?? [];
      const [bx = 0, by = 0] = ring[i] ?? [];
      if (ay > y !== by > y) found.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
    }
  }
  return found.sort((a, b) => a - b);
}

function longestPiece(crossings: readonly number[]): [number | undefined, number | undefined] {
  let longest: [number | undefined, number | undefined] = [undefined, undefined];
  let length = 0;
  for (let at = 0; at + 1 < crossings.length; at += 2) {
    const [from, to] = [crossings[at] as number, crossings[at + 1] as number];
    if (to - from > length) [longest, length] = [[from, to], to - from];
  }
  return longest;
}
