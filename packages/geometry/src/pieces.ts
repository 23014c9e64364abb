/**
 * Which pieces of a difference matter. Two drawings of one border, rounded or simplified each by itself, leave slivers
 * along it: long, thin, and of no meaning. A piece counts when it is large enough and, on the average, wide enough.
 */
import { pointInside } from './centre';
import type { Polygon, Position } from './geometry';
import { geodesicArea } from './measures';

export interface SliverTolerance {
  /** Smaller pieces are left out, in square metres. */
  areaM2: number;
  /** Narrower pieces are left out, in metres: twice the area by the length of the outline. */
  widthM: number;
}

export interface CountedPieces {
  /** Square metres on the ellipsoid, of all that count. */
  areaM2: number;
  count: number;
  /** A place in the largest, longitude and latitude; null when none counts. */
  at: Position | null;
}

const METRES_PER_DEGREE = 111_195;

/** Length of the outline and area in metres as on a plane: good to a per cent for what is as small as a piece. */
function planar({ coordinates }: Polygon): { areaM2: number; lengthM: number } {
  const [x0 = 0, y0 = 0] = coordinates[0]?.[0] ?? [];
  const scale = METRES_PER_DEGREE * Math.cos((y0 * Math.PI) / 180);
  let [area, length] = [0, 0];
  coordinates.forEach((ring, index) => {
    let doubled = 0;
    for (let i = 1; i < ring.length; i++) {
      const [ax, ay] = metres(ring[i - 1], x0, y0, scale);
      const [bx, by] = metres(ring[i], x0, y0, scale);
      doubled += ax * by - bx * ay;
      length += Math.hypot(bx - ax, by - ay);
    }
    area += ((index === 0 ? 1 : -1) * Math.abs(doubled)) / 2;
  });
  return { areaM2: area, lengthM: length };
}

const metres = (at: Position | undefined, x0: number, y0: number, scale: number): [number, number] => [
  ((at?.[0] ?? 0) - x0) * scale,
  ((at?.[1] ?? 0) - y0) * METRES_PER_DEGREE,
];

/** The pieces that are no slivers, added up. */
export function countPieces(pieces: readonly Polygon[], tolerance: SliverTolerance): CountedPieces {
  const counted: CountedPieces = { areaM2: 0, count: 0, at: null };
  let largest = 0;
  let widest: Polygon | null = null;
  for (const piece of pieces) {
    const { areaM2: about, lengthM } = planar(piece);
    if (about < tolerance.areaM2 / 2 || (2 * about) / lengthM < tolerance.widthM) continue;
    const areaM2 = geodesicArea(piece);
    if (areaM2 < tolerance.areaM2) continue;
    counted.areaM2 += areaM2;
    counted.count += 1;
    if (areaM2 > largest) [largest, widest] = [areaM2, piece];
  }
  counted.at = widest && pointInside(widest);
  return counted;
}
