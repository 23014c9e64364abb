/**
 * Where the invented country lies and how it is divided: an island state in the Gulf of Guinea, across the
 * equator and the prime meridian, so that negative coordinates and those near 0 occur. Which cells are land,
 * and which cell belongs to which region and district.
 */
import type { Cell, Mesh, Place } from './mesh';
import { makeMesh } from './mesh';
import { type Random, randomFor } from './random';

export interface Land {
  mesh: Mesh;
  cells: Cell[];
}

const EXTENT = { west: -3.2, south: -2.6, east: 3.2, north: 2.6 };
/** The main island and a small one off its coast, as share of the extent. */
const MAIN_ISLAND: { centre: Place; radius: number } = { centre: [-0.35, 0.1], radius: 1.85 };
const SMALL_ISLAND: { centre: Place; radius: number } = { centre: [2.4, -1.55], radius: 0.42 };

/** A coast: positive inside, zero on it. A circle with a few waves on it. */
function coast(random: Random, { centre, radius }: { centre: Place; radius: number }) {
  const waves = [2, 3, 5, 7].map((count) => ({
    count,
    height: (radius * random.between(0.12, 0.3)) / count ** 0.6,
    phase: random.between(0, 2 * Math.PI),
  }));
  return ([x, y]: Place) => {
    const angle = Math.atan2(y - centre[1], x - centre[0]);
    const reach = waves.reduce((sum, w) => sum + w.height * Math.sin(w.count * angle + w.phase), radius);
    return reach - Math.hypot(x - centre[0], y - centre[1]);
  };
}

/** Land of about `count` cells: the ones that lie farthest inside the coasts. */
export function makeLand(seed: string, count: number): Land {
  const random = randomFor(seed, 'land');
  const coasts = [coast(random, MAIN_ISLAND), coast(random, SMALL_ISLAND)];
  const mesh = makeMesh(random, EXTENT, Math.round(count * 2.6));
  const depth = (cell: Cell) => Math.max(...coasts.map((inside) => inside(cell.centre)));
  const cells = [...mesh.cells.values()]
    .map((cell) => ({ cell, depth: depth(cell) }))
    .sort((a, b) => b.depth - a.depth)
    .slice(0, count)
    .map(({ cell }) => cell)
    .sort((a, b) => a.index - b.index);
  return { mesh, cells };
}

const distance = (a: Place, b: Place) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Cells far from each other, the first by chance. */
function spread(random: Random, cells: Cell[], count: number): Cell[] {
  const seeds = [random.pick(cells)];
  while (seeds.length < Math.min(count, cells.length)) {
    const gap = (cell: Cell) => Math.min(...seeds.map((seed) => distance(seed.centre, cell.centre)));
    seeds.push(cells.reduce((best, cell) => (gap(cell) > gap(best) ? cell : best)));
  }
  return seeds;
}

/**
 * Divides cells into `count` areas, each of one piece: every area grows from its first cell to neighbours,
 * always the nearest first. A piece of land that no area reaches becomes one of its own.
 */
export function divide(random: Random, cells: Cell[], count: number): Cell[][] {
  const free = new Map(cells.map((cell) => [cell.index, cell]));
  const areas: Cell[][] = [];
  const queue: { cell: Cell; area: number; reached: number }[] = [];
  const found = (cell: Cell) => queue.push({ cell, area: areas.push([]) - 1, reached: 0 });
  spread(random, cells, count).forEach(found);
  while (free.size > 0) {
    if (queue.length === 0) found(free.values().next().value as Cell);
    let nearest = 0;
    queue.forEach((entry, i) => {
      if (entry.reached < (queue[nearest] as { reached: number }).reached) nearest = i;
    });
    const [{ cell, area, reached }] = queue.splice(nearest, 1) as [(typeof queue)[number]];
    if (!free.delete(cell.index)) continue;
    (areas[area] as Cell[]).push(cell);
    for (const index of cell.neighbours) {
      const next = free.get(index);
      if (next) queue.push({ cell: next, area, reached: reached + distance(cell.centre, next.centre) });
    }
  }
  return areas.filter((area) => area.length > 0);
}

/** Metres above the sea at a place: two mountains, a plateau and some unrest. Never below 2. */
export function altitudeAt([x, y]: Place): number {
  const bump = (cx: number, cy: number, width: number, height: number) =>
    height * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * width * width));
  const unrest = 25 * (Math.sin(x * 9.1 + y * 4.7) + Math.sin(y * 13.3 - x * 5.9));
  const metres = 60 + bump(-0.9, 0.6, 0.35, 1900) + bump(0.3, -0.5, 0.6, 850) + bump(2.4, -1.5, 0.15, 620);
  return Math.max(2, Math.round(metres + unrest));
}
