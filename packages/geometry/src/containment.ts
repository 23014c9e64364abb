/**
 * Point in polygon, planar in longitude and latitude; a point on the boundary is inside. Prepared shapes keep
 * their edges in latitude bands, so that a district of 100,000 vertices is asked thousands of times cheaply.
 */
import { boundingBox, type MultiPolygon, type Polygon, type Position } from './geometry';
import { isBetween, orientation, sideOfRing } from './planar';

function partsOf(shape: Polygon | MultiPolygon): Position[][][] {
  return shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
}

/** Whether the point lies in the shape or on its boundary. For many points, prepare the shape once. */
export function shapeContains(shape: Polygon | MultiPolygon, point: Position): boolean {
  return partsOf(shape).some(([outer, ...holes]) => {
    const side = outer ? sideOfRing(outer, point) : 'outside';
    if (side !== 'inside') return side === 'boundary';
    return holes.every((hole) => sideOfRing(hole, point) !== 'inside');
  });
}

const EDGES_PER_BAND = 8;
const BANDS_MAX = 4096;

/**
 * The same question with the edges indexed. Rings are counted together (even-odd), which equals the rule of
 * parts and holes for every valid shape.
 */
export function prepareShape(shape: Polygon | MultiPolygon): (point: Position) => boolean {
  const box = boundingBox(shape);
  if (!box) return () => false;
  const [west, south, east, north] = box;
  const edges: [Position, Position][] = [];
  for (const part of partsOf(shape))
    for (const ring of part)
      for (let i = 1; i < ring.length; i++) edges.push([ring[i - 1] as Position, ring[i] as Position]);
  const count = Math.max(1, Math.min(BANDS_MAX, Math.floor(edges.length / EDGES_PER_BAND)));
  const bandOf = (y: number) =>
    Math.min(count - 1, Math.max(0, Math.floor(((y - south) / (north - south || 1)) * count)));
  const bands: [Position, Position][][] = Array.from({ length: count }, () => []);
  for (const edge of edges) {
    const [ay, by] = [edge[0][1] as number, edge[1][1] as number];
    for (let band = bandOf(Math.min(ay, by)); band <= bandOf(Math.max(ay, by)); band++)
      bands[band]?.push(edge);
  }
  return (point) => {
    const [x, y] = point as [number, number];
    if (!(x >= west && x <= east && y >= south && y <= north)) return false;
    return isInside(bands[bandOf(y)] ?? [], point);
  };
}

function isInside(edges: [Position, Position][], point: Position): boolean {
  const y = point[1] as number;
  let inside = false;
  for (const [a, b] of edges) {
    const ay = a[1] as number;
    const by = b[1] as number;
    if ((ay > y && by > y) || (ay < y && by < y)) continue;
    const turn = orientation(a, b, point);
    if (turn === 0 && isBetween(a, b, point)) return true;
    if (ay > y !== by > y && (by > ay ? turn > 0 : turn < 0)) inside = !inside;
  }
  return inside;
}
