/**
 * How much two shapes overlap. Measured along lines of latitude: on each the stretches that lie in both count, with the
 * width and height that they have on the WGS 84 ellipsoid. That is an estimate, good to a part in some hundreds of the
 * overlap, and it cannot fail on shapes that touch, as computing the common outline can; for the question whether two
 * neighbours overlap more than they may, it is enough. Containment is planar in longitude and latitude, as elsewhere.
 */
import { boundingBox, type MultiPolygon, type Polygon, type Position } from './geometry';

/** Lines across the part that both bounding boxes cover. */
const LINES = 1024;
const SEMI_MAJOR_METRES = 6_378_137;
const ECCENTRICITY_SQUARED = 0.00669437999014;

/** Square metres on the ellipsoid that lie in both shapes, estimated. */
export function overlapArea(one: Polygon | MultiPolygon, other: Polygon | MultiPolygon): number {
  const boxes = [boundingBox(one), boundingBox(other)];
  if (!boxes[0] || !boxes[1]) return 0;
  const [west, south, east, north] = [0, 1, 2, 3].map((side) =>
    (side < 2 ? Math.max : Math.min)(boxes[0]?.[side] ?? 0, boxes[1]?.[side] ?? 0),
  ) as [number, number, number, number];
  if (!(west < east && south < north)) return 0;
  const height = (north - south) / LINES;
  const crossings = [one, other].map((shape) => crossingsOf(shape, south, height));
  let area = 0;
  for (let line = 0; line < LINES; line++) {
    const width = commonWidth(crossings[0]?.[line] ?? [], crossings[1]?.[line] ?? []);
    if (width > 0) area += width * height * squareDegreeMetres(south + (line + 0.5) * height);
  }
  return area;
}

/** Where the edges of the shape cross each line, from west to east: every second stretch between them lies inside. */
function crossingsOf(shape: Polygon | MultiPolygon, south: number, height: number): number[][] {
  const lines: number[][] = Array.from({ length: LINES }, () => []);
  const parts = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
  for (const ring of parts.flat()) {
    for (let i = 1; i < ring.length; i++)
      addCrossings(lines, ring[i - 1] as Position, ring[i] as Position, south, height);
  }
  for (const line of lines) line.sort((a, b) => a - b);
  return lines;
}

function addCrossings(lines: number[][], a: Position, b: Position, south: number, height: number): void {
  const [ax, ay, bx, by] = [a[0], a[1], b[0], b[1]] as [number, number, number, number];
  const [low, high] = [Math.min(ay, by), Math.max(ay, by)];
  // The lines y with low <= y < high, so that a vertex on a line counts once.
  const first = Math.max(0, Math.ceil((low - south) / height - 0.5));
  const last = Math.min(LINES - 1, Math.ceil((high - south) / height - 0.5) - 1);
  for (let line = first; line <= last; line++) {
    const y = south + (line + 0.5) * height;
    lines[line]?.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
  }
}

/** How much of a line lies in both, in degrees. */
function commonWidth(one: readonly number[], other: readonly number[]): number {
  let width = 0;
  for (let i = 0, k = 0; i + 1 < one.length && k + 1 < other.length; ) {
    const [west, east] = [one[i] as number, one[i + 1] as number];
    const [otherWest, otherEast] = [other[k] as number, other[k + 1] as number];
    width += Math.max(0, Math.min(east, otherEast) - Math.max(west, otherWest));
    if (east < otherEast) i += 2;
    else k += 2;
  }
  return width;
}

/** Square metres of a degree of longitude times one of latitude. */
function squareDegreeMetres(latitude: number): number {
  const phi = (latitude * Math.PI) / 180;
  const w = 1 - ECCENTRICITY_SQUARED * Math.sin(phi) ** 2;
  const alongMeridian = (SEMI_MAJOR_METRES * (1 - ECCENTRICITY_SQUARED)) / (w * Math.sqrt(w));
  const alongParallel = (SEMI_MAJOR_METRES * Math.cos(phi)) / Math.sqrt(w);
  return alongMeridian * alongParallel * (Math.PI / 180) ** 2;
}
