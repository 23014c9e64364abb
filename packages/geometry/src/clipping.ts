/**
 * What shapes have in common and what they leave between them, exactly: by Clipper2, which works on whole numbers and
 * so ends on every input, crossing rings included (docs/decisions/0351). Positions are taken to 1e-7 degrees, about a
 * centimetre. Planar in longitude and latitude; areas are measured on the ellipsoid.
 */
import { Clipper64, ClipType, FillRule, type Path64, type Paths64, type Point64 } from 'clipper2-ts';
import type { MultiPolygon, Polygon, Position } from './geometry';
import { geodesicArea } from './measures';
import { sideOfRing } from './planar';

const PER_DEGREE = 1e7;

/** A shape made ready for many questions. Rings are wound as `toShape` winds them: whatever is wound around counts. */
export type ClipShape = Paths64;

/** Throws RangeError for a position that is not a finite number. */
export function clipShape({ coordinates }: MultiPolygon): ClipShape {
  const whole = (degrees: number | undefined): number => {
    const value = Math.round((degrees ?? Number.NaN) * PER_DEGREE);
    if (!Number.isSafeInteger(value)) throw new RangeError(`${degrees} is not a number of degrees.`);
    return value;
  };
  return coordinates.flat().map((ring) => ring.slice(1).map(([x, y]) => ({ x: whole(x), y: whole(y) })));
}

/** What both cover, piece by piece; pieces of less than `leastM2` square metres are left out. */
export const commonPieces = (one: ClipShape, other: ClipShape, leastM2 = 0): Polygon[] =>
  piecesOf(clipped(ClipType.Intersection, one, other), leastM2);

/** What one of the two covers and the other does not, in square metres: 0 for the same area, however it is drawn. */
export const differingArea = (one: MultiPolygon, other: MultiPolygon): number =>
  measured(clipped(ClipType.Xor, clipShape(one), clipShape(other)));

/** What both cover, in square metres. */
export const commonArea = (one: MultiPolygon, other: MultiPolygon): number =>
  measured(clipped(ClipType.Intersection, clipShape(one), clipShape(other)));

const measured = (rings: Paths64): number =>
  rings.reduce((sum, ring) => sum + Math.sign(areaOf(ring)) * geodesicArea(polygonOf([ring])), 0);

/**
 * What of `whole` none of the parts covers, and what the parts enclose among them and `whole` lies not around: without
 * `whole`, the holes that they leave. Pieces of less than `leastM2` square metres are left out.
 */
export function uncoveredPieces(
  whole: ClipShape | null,
  parts: readonly ClipShape[],
  leastM2 = 0,
): Polygon[] {
  const covered = clipped(ClipType.Union, parts.flat(), []);
  const holes = covered.filter((ring) => areaOf(ring) < 0 && isAtLeast(ring, leastM2));
  if (!whole) return piecesOf(clipped(ClipType.Difference, turned(holes), covered), leastM2);
  const inside = piecesOf(clipped(ClipType.Difference, whole, covered), leastM2);
  if (holes.length === 0) return inside;
  // A lake that the whole leaves out itself is no gap: with its own holes filled, the whole reaches over it.
  const filled = clipped(ClipType.Union, whole, []).filter((ring) => areaOf(ring) > 0);
  const outside = clipped(ClipType.Difference, turned(holes), [...filled, ...covered]);
  return [...inside, ...piecesOf(outside, leastM2)];
}

const turned = (holes: Paths64): Paths64 => holes.map((ring) => [...ring].reverse());

function clipped(operation: ClipType, subject: Paths64, clip: Paths64): Paths64 {
  const clipper = new Clipper64();
  clipper.addSubject(subject);
  if (clip.length > 0) clipper.addClip(clip);
  const rings: Paths64 = [];
  if (!clipper.execute(operation, FillRule.NonZero, rings))
    throw new Error('The shapes could not be clipped.');
  return rings;
}

/**
 * Outlines with their holes. The library can answer them nested, but looks at every pair of rings for that: borders
 * drawn twice leave a hundred thousand slivers, so those that do not matter go first.
 */
function piecesOf(rings: Paths64, leastM2: number): Polygon[] {
  const outlines = rings.filter((ring) => areaOf(ring) > 0 && isAtLeast(ring, leastM2));
  if (outlines.length === 0) return [];
  const nested = outlines
    .map((outline) => ({ outline, ring: ringOf(outline), size: areaOf(outline), holes: [] as Paths64 }))
    .sort((one, other) => one.size - other.size);
  for (const hole of rings) {
    if (areaOf(hole) >= 0) continue;
    // The smallest outline around it: an island in a hole has holes of its own.
    const corners = ringOf(hole);
    nested.find(({ ring, size }) => size > -areaOf(hole) && lies(corners, ring))?.holes.push(hole);
  }
  return nested.map(({ outline, holes }) => polygonOf([outline, ...holes]));
}

/** Rings of one answer do not cross, so the first corner that is not on the other's line decides. */
function lies(corners: Position[], ring: Position[]): boolean {
  for (const corner of corners) {
    const side = sideOfRing(ring, corner);
    if (side !== 'boundary') return side === 'inside';
  }
  return true;
}

const polygonOf = (rings: Paths64): Polygon => ({ type: 'Polygon', coordinates: rings.map(ringOf) });

function ringOf(path: Path64): Position[] {
  const ring = path.map(({ x, y }): Position => [x / PER_DEGREE, y / PER_DEGREE]);
  return ring[0] ? [...ring, ring[0]] : [];
}

const M2_PER_SQUARE_DEGREE = 111_195 ** 2;

/** By the area in the plane and the latitude: within a per cent of that on the ellipsoid, and half of it is kept. */
function isAtLeast(ring: Path64, leastM2: number): boolean {
  if (leastM2 === 0) return true;
  const latitude = ((ring[0]?.y ?? 0) / PER_DEGREE / 180) * Math.PI;
  const square = Math.abs(areaOf(ring)) / PER_DEGREE ** 2;
  return square * M2_PER_SQUARE_DEGREE * Math.cos(latitude) >= leastM2 / 2;
}

/** In the library's units; negative for a hole. About the first corner, or small rings far from 0 0 would drown. */
function areaOf(ring: Path64): number {
  const [origin] = ring;
  if (!origin) return 0;
  let doubled = 0;
  let last = ring[ring.length - 1] as Point64;
  for (const at of ring) {
    doubled += (last.x - origin.x) * (at.y - origin.y) - (at.x - origin.x) * (last.y - origin.y);
    last = at;
  }
  return doubled / 2;
}
