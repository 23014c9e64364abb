/**
 * Borders between cells: each is bent once and used by both sides, so neighbours share every vertex, on
 * every level. A bent border stays inside the two triangles that its ends form with the centres of its two
 * cells. Those triangles tile the plane, so no border can cross another.
 */
import type { Geometry } from '@iroko/geometry';
import type { Cell, Mesh, Place } from './mesh';
import { randomFor } from './random';

type Ring = Place[];
export type Shape = Extract<Geometry, { type: 'MultiPolygon' }>;

/** Five decimals of a degree are about a metre: enough for a border, and short in a file. */
const round = (value: number) => Math.round(value * 1e5) / 1e5;

/** How far, of what the triangle allows, a border may swing out. */
const SWING = 0.55;
/** A vertex about every 1.5 km (in degrees, near the equator). */
const STEP = 0.014;

export class Borders {
  private readonly bent = new Map<string, Place[]>();

  constructor(
    private readonly mesh: Mesh,
    private readonly seed: string,
  ) {}

  /** The border from corner `from` to corner `to`, both included, rounded. */
  line(from: number, to: number, cell: Cell, neighbour: number): Place[] {
    const [low, high] = from < to ? [from, to] : [to, from];
    const key = `${low}-${high}`;
    let line = this.bent.get(key);
    if (!line) {
      line = this.bend(low, high, cell.centre, this.mesh.centres[neighbour] as Place);
      this.bent.set(key, line);
    }
    return from === low ? line : [...line].reverse();
  }

  private bend(low: number, high: number, one: Place, other: Place): Place[] {
    const a = this.mesh.corners[low] as Place;
    const b = this.mesh.corners[high] as Place;
    const along: Place = [b[0] - a[0], b[1] - a[1]];
    const length = Math.hypot(...along);
    const pieces = Math.max(1, Math.round(length / STEP));
    const random = randomFor(this.seed, `border ${low}-${high}`);
    const offsets = roughness(pieces, () => random.between(-1, 1));
    const local = (p: Place): Place => [
      ((p[0] - a[0]) * along[0] + (p[1] - a[1]) * along[1]) / (length * length),
      ((p[1] - a[1]) * along[0] - (p[0] - a[0]) * along[1]) / (length * length),
    ];
    const apexes = [local(one), local(other)];
    const line: Place[] = [];
    for (let i = 0; i <= pieces; i += 1) {
      const t = i / pieces;
      const wanted = (offsets[i] as number) * 0.3;
      const apex = apexes.find(([, h]) => Math.sign(h) === Math.sign(wanted));
      const limit = apex ? SWING * Math.abs(heightAt(apex, t)) : 0;
      const h = Math.sign(wanted) * Math.min(Math.abs(wanted), limit);
      line.push([round(a[0] + t * along[0] - h * along[1]), round(a[1] + t * along[1] + h * along[0])]);
    }
    return withoutRepeats(line);
  }
}

/** The height of the triangle (0,0), (1,0), apex above the place `t` of its base. */
function heightAt([t0, h]: Place, t: number): number {
  const left = t0 > 0 ? t / t0 : Infinity;
  const right = t0 < 1 ? (1 - t) / (1 - t0) : Infinity;
  return h * Math.min(left, right, 1);
}

/** Midpoint displacement: fractal offsets at 0…pieces, none at both ends. */
function roughness(pieces: number, draw: () => number): number[] {
  const offsets = new Array<number>(pieces + 1).fill(0);
  const split = (from: number, to: number, size: number) => {
    if (to - from < 2) return;
    const middle = (from + to) >> 1;
    offsets[middle] = ((offsets[from] as number) + (offsets[to] as number)) / 2 + draw() * size;
    split(from, middle, size * 0.55);
    split(middle, to, size * 0.55);
  };
  split(0, pieces, 0.8);
  return offsets;
}

const isSame = (a: Place | undefined, b: Place | undefined) => a?.[0] === b?.[0] && a?.[1] === b?.[1];

function withoutRepeats(line: Place[]): Place[] {
  return line.filter((place, i) => i === 0 || !isSame(place, line[i - 1]));
}

function signedArea(ring: Ring): number {
  let area = 0;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [ax, ay] = ring[i] as Place;
    const [bx, by] = ring[i + 1] as Place;
    area += ax * by - bx * ay;
  }
  return area / 2;
}

function isInside([x, y]: Place, ring: Ring): boolean {
  let inside = false;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [ax, ay] = ring[i] as Place;
    const [bx, by] = ring[i + 1] as Place;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** The union of cells: their borders, without those that lie between two of them, joined to rings. */
export function unionOf(cells: Cell[], borders: Borders): Shape {
  const members = new Set(cells.map((cell) => cell.index));
  const edges = new Map<number, { to: number; line: Place[] }>();
  for (const cell of cells) {
    cell.corners.forEach((from, i) => {
      const neighbour = cell.neighbours[i] as number;
      if (members.has(neighbour)) return;
      const to = cell.corners[(i + 1) % cell.corners.length] as number;
      edges.set(from, { to, line: borders.line(from, to, cell, neighbour) });
    });
  }
  const rings: Ring[] = [];
  while (edges.size > 0) {
    const [start] = edges.keys();
    const ring: Place[] = [];
    let corner = start as number;
    for (let edge = edges.get(corner); edge; edge = edges.get(corner)) {
      edges.delete(corner);
      ring.push(...edge.line);
      corner = edge.to;
    }
    rings.push(withoutRepeats(ring));
  }
  return shapeOf(rings);
}

/** Counter-clockwise rings are outer, clockwise ones are holes of the ring they lie in (RFC 7946). */
function shapeOf(rings: Ring[]): Shape {
  const outers = rings.filter((ring) => signedArea(ring) > 0);
  const polygons = outers
    .sort((a, b) => signedArea(b) - signedArea(a))
    .map((outer) => [outer, ...rings.filter((r) => signedArea(r) < 0 && isInside(r[0] as Place, outer))]);
  return { type: 'MultiPolygon', coordinates: polygons };
}
