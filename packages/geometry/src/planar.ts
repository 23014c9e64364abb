/**
 * The few planar predicates that validity and containment stand on. Doubles lie about points that are nearly
 * on a line; the bound below (Shewchuk's first filter) says when the sign cannot be trusted, and such a point
 * counts as on the line. Positions that are equal give exactly 0.
 */
import type { Position } from './geometry';

const ORIENTATION_ERROR = 3.3306690738754716e-16;

/** 1 when c lies left of the line a→b, -1 right of it, 0 on it (as far as doubles can tell). */
export function orientation(a: Position, b: Position, c: Position): -1 | 0 | 1 {
  const [ax, ay, bx, by, cx, cy] = [a[0], a[1], b[0], b[1], c[0], c[1]] as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const left = (ax - cx) * (by - cy);
  const right = (ay - cy) * (bx - cx);
  const turn = left - right;
  if (Math.abs(turn) <= ORIENTATION_ERROR * (Math.abs(left) + Math.abs(right))) return 0;
  return turn > 0 ? 1 : -1;
}

/** Whether p, known to be on the line through a and b, lies between them. */
export function isBetween(a: Position, b: Position, p: Position): boolean {
  const [ax, ay, bx, by] = [a[0], a[1], b[0], b[1]] as [number, number, number, number];
  const [x, y] = p as [number, number];
  return x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by);
}

export function isSamePlace(a: Position, b: Position): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** Twice the signed planar area of a closed ring: positive when it runs counter-clockwise. */
export function signedArea(ring: Position[]): number {
  const [ox, oy] = (ring[0] ?? [0, 0]) as [number, number];
  let sum = 0;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1] as [number, number];
    const [bx, by] = ring[i] as [number, number];
    // Relative to the first position, or a small ring far from 0 0 would drown in rounding.
    sum += (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
  }
  return sum;
}

export type Side = 'inside' | 'boundary' | 'outside';

/** Where a point lies to one closed ring, by crossings of a ray to the east. */
export function sideOfRing(ring: Position[], point: Position): Side {
  const y = point[1] as number;
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const a = ring[i - 1] as Position;
    const b = ring[i] as Position;
    const ay = a[1] as number;
    const by = b[1] as number;
    if ((ay > y && by > y) || (ay < y && by < y)) continue;
    const turn = orientation(a, b, point);
    if (turn === 0 && isBetween(a, b, point)) return 'boundary';
    if (ay > y !== by > y && (by > ay ? turn > 0 : turn < 0)) inside = !inside;
  }
  return inside ? 'inside' : 'outside';
}
