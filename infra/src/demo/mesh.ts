/**
 * The ground of the invented country: a plane cut into cells (Voronoi), each knowing its corners and its
 * neighbours. Everything above (districts, regions) is a union of cells, so borders are shared exactly.
 */
import Delaunator from 'delaunator';
import type { Random } from './random';

export type Place = [x: number, y: number];

export interface Cell {
  index: number;
  centre: Place;
  /** Numbers of corners, counter-clockwise; the cell behind the edge that begins at each, in the same order. */
  corners: number[];
  neighbours: number[];
}

export interface Mesh {
  corners: Place[];
  /** Only cells whose corners are all known; those at the edge of the box are left out. */
  cells: Map<number, Cell>;
  centres: Place[];
}

/** The box the mesh fills: large enough that the country never touches its edge. */
export interface Extent {
  west: number;
  south: number;
  east: number;
  north: number;
}

function circumcentre([ax, ay]: Place, [bx, by]: Place, [cx, cy]: Place): Place {
  const dx = bx - ax;
  const dy = by - ay;
  const ex = cx - ax;
  const ey = cy - ay;
  const d = 2 * (dx * ey - dy * ex);
  const b = dx * dx + dy * dy;
  const c = ex * ex + ey * ey;
  return [ax + (ey * b - dy * c) / d, ay + (dx * c - ex * b) / d];
}

function meshOf(centres: Place[]): Mesh {
  const { triangles, halfedges } = Delaunator.from(centres);
  const point = (edge: number) => triangles[edge] as number;
  const nextEdge = (edge: number) => (edge % 3 === 2 ? edge - 2 : edge + 1);
  const corners: Place[] = [];
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [point(t), point(t + 1), point(t + 2)].map((index) => centres[index] as Place);
    corners.push(circumcentre(a as Place, b as Place, c as Place));
  }
  const cells = new Map<number, Cell>();
  const seen = new Set<number>();
  for (let start = 0; start < triangles.length; start += 1) {
    // An edge that ends at the centre; the walk around it goes from triangle to triangle.
    const index = point(nextEdge(start));
    if (seen.has(index)) continue;
    seen.add(index);
    const around: number[] = [];
    const neighbours: number[] = [];
    let edge = start;
    do {
      around.push(Math.floor(edge / 3));
      neighbours.push(point(edge));
      edge = halfedges[nextEdge(edge)] as number;
    } while (edge !== -1 && edge !== start);
    if (edge === -1) continue;
    cells.set(index, orientated(index, centres[index] as Place, around, neighbours, corners));
  }
  return { corners, cells, centres };
}

/** Counter-clockwise, with `neighbours[i]` behind the edge from `corners[i]` to `corners[i + 1]`. */
function orientated(
  index: number,
  centre: Place,
  around: number[],
  neighbours: number[],
  corners: Place[],
): Cell {
  let area = 0;
  around.forEach((corner, i) => {
    const [ax, ay] = corners[corner] as Place;
    const [bx, by] = corners[around[(i + 1) % around.length] as number] as Place;
    area += ax * by - bx * ay;
  });
  const behind = around.map((corner, i) => {
    const next = around[(i + 1) % around.length] as number;
    return { corner, next, neighbour: neighbours[(i + 1) % around.length] as number };
  });
  if (area > 0) {
    return {
      index,
      centre,
      corners: behind.map((e) => e.corner),
      neighbours: behind.map((e) => e.neighbour),
    };
  }
  const reversed = [...behind].reverse();
  return {
    index,
    centre,
    corners: reversed.map((e) => e.next),
    neighbours: reversed.map((e) => e.neighbour),
  };
}

function centroid(cell: Cell, corners: Place[]): Place {
  let area = 0;
  let x = 0;
  let y = 0;
  cell.corners.forEach((corner, i) => {
    const [ax, ay] = corners[corner] as Place;
    const [bx, by] = corners[cell.corners[(i + 1) % cell.corners.length] as number] as Place;
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  });
  return [x / (3 * area), y / (3 * area)];
}

/**
 * About `count` cells of similar size over `extent`. Centres start on a shaken grid and move twice to the
 * middle of their cell (Lloyd), which leaves no slivers.
 */
export function makeMesh(random: Random, extent: Extent, count: number): Mesh {
  const width = extent.east - extent.west;
  const height = extent.north - extent.south;
  const step = Math.sqrt((width * height) / count);
  const centres: Place[] = [];
  for (let y = extent.south + step / 2; y < extent.north; y += step) {
    for (let x = extent.west + step / 2; x < extent.east; x += step) {
      centres.push([x + random.between(-0.48, 0.48) * step, y + random.between(-0.48, 0.48) * step]);
    }
  }
  let mesh = meshOf(centres);
  for (let turn = 0; turn < 2; turn += 1) {
    const current = mesh;
    mesh = meshOf(
      centres.map((_, index) => {
        const cell = current.cells.get(index);
        const moved = cell && centroid(cell, current.corners);
        const inside =
          moved &&
          moved[0] > extent.west &&
          moved[0] < extent.east &&
          moved[1] > extent.south &&
          moved[1] < extent.north;
        return inside ? moved : (current.centres[index] as Place);
      }),
    );
  }
  return mesh;
}
