/**
 * Lighter forms of a shape for maps. Positions are snapped to a grid of the level's size and what falls
 * together or on one line is dropped. Because a position's new place depends on nothing but itself, two
 * neighbours that share a border share it still; the usual line simplification opens gaps between them.
 */
import type { MultiPolygon, Position } from './geometry';

/** Grid sizes in degrees, finest first: about 50 m, 500 m and 5 km at the equator. */
export const SIMPLIFICATION_LEVELS = [0.0005, 0.005, 0.05] as const;

/** The shape on a grid of `size` degrees; what becomes smaller than a cell is left out. Null when all of it does. */
export function simplify(shape: MultiPolygon, size: number): MultiPolygon | null {
  const coordinates = shape.coordinates
    .map(([outer, ...holes]) => {
      const ring = outer && snapRing(outer, size);
      return ring
        ? [ring, ...holes.map((hole) => snapRing(hole, size)).filter((hole) => hole !== null)]
        : null;
    })
    .filter((part) => part !== null);
  return coordinates.length > 0 ? { type: 'MultiPolygon', coordinates } : null;
}

type Cell = [x: number, y: number];

function snapRing(ring: Position[], size: number): Position[] | null {
  const kept: Cell[] = [];
  for (const at of ring) {
    push(kept, [Math.round((at[0] as number) / size), Math.round((at[1] as number) / size)]);
  }
  trimSeam(kept);
  if (kept.length < 4 || areaOf(kept) === 0) return null;
  const digits = Math.ceil(-Math.log10(size)) + 1;
  return kept.map(([x, y]) => [Number((x * size).toFixed(digits)), Number((y * size).toFixed(digits))]);
}

/** Adds a cell; a middle one on a straight line goes, and a step there and back goes with both. */
function push(kept: Cell[], cell: Cell): void {
  const last = kept[kept.length - 1];
  if (last && last[0] === cell[0] && last[1] === cell[1]) return;
  const before = kept[kept.length - 2];
  if (last && before && isStraight(before, last, cell)) {
    kept.pop();
    push(kept, cell);
    return;
  }
  kept.push(cell);
}

/** The ring's first and last cell are one place; it too may lie on a straight line. */
function trimSeam(kept: Cell[]): void {
  while (kept.length > 4) {
    const [first, second] = kept as [Cell, Cell];
    const beforeLast = kept[kept.length - 2] as Cell;
    if (!isStraight(beforeLast, first, second)) return;
    kept.shift();
    kept.pop();
    push(kept, [...second]);
  }
}

function isStraight(a: Cell, b: Cell, c: Cell): boolean {
  return (b[0] - a[0]) * (c[1] - a[1]) === (b[1] - a[1]) * (c[0] - a[0]);
}

function areaOf(ring: Cell[]): number {
  let sum = 0;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1] as Cell;
    const [bx, by] = ring[i] as Cell;
    sum += ax * by - bx * ay;
  }
  return sum;
}
