/**
 * The shapes below one parent, compared: which overlap, and what of the parent they leave. Shapes come from west to
 * east, so each is held against those alone that reach over its western side; memory is what lies on one meridian,
 * and for gaps the shapes of the family, whose size the caller bounds. No database and no thread in here.
 */
import {
  type Box,
  boundingBox,
  type ClipShape,
  clipShape,
  commonPieces,
  countPieces,
  type MultiPolygon,
  type Polygon,
  type Position,
  readWkb,
  type SliverTolerance,
  uncoveredPieces,
} from '@iroko/geometry';

/**
 * A hectare, and twenty metres on the average: two drawings of one border, rounded to 0.0001 degrees each, lie up to
 * sixteen metres apart.
 */
export const SLIVERS: SliverTolerance = { areaM2: 10_000, widthM: 20 };

/** Full shapes, and the lighter forms on grids of about 50 m, 500 m and 5 km: what they blur does not count. */
const WIDTHS_M = [SLIVERS.widthM, 60, 600, 6000];

export interface Family {
  /** Null for the roots of a tree. */
  parentId: string | null;
  /** The parent's shape as WKB; null when it has none. */
  parentWkb: Uint8Array | null;
  /** How much of the shapes is looked at, 0 for all: the level of `shape_level`. */
  level: number;
  /** Whether to look for gaps. */
  gaps: boolean;
}

export interface Sibling {
  unitId: string;
  wkb: Uint8Array;
  /** The days from which and up to which the place is open, YYYY-MM-DD; null for always. */
  opens: string | null;
  closes: string | null;
  /** Whether it is expected to cover its part of the parent: not when it closed before the parent. */
  covers: boolean;
}

export interface SiblingFinding {
  rule: 'OVERLAPPING_SIBLINGS' | 'GAP_BETWEEN_SIBLINGS' | 'INVALID_SHAPE';
  unitId: string;
  otherUnitId: string | null;
  areaM2: number | null;
  pieces: number;
  at: Position | null;
  /** Why a shape cannot be compared; empty otherwise. */
  reason: string;
}

interface Placed {
  sibling: Sibling;
  shape: ClipShape;
  box: Box;
}

export class SiblingShapes {
  private active: Placed[] = [];
  private covering: Placed[] = [];
  private readonly tolerance: SliverTolerance;

  constructor(private readonly family: Family) {
    this.tolerance = { ...SLIVERS, widthM: WIDTHS_M[family.level] ?? SLIVERS.widthM };
  }

  /** The next shape to the east; answers its overlaps with those before, one finding for each of the two. */
  add(sibling: Sibling): SiblingFinding[] {
    const placed = place(sibling);
    if (typeof placed === 'string') return [unusable(sibling.unitId, placed)];
    const [west, south, , north] = placed.box;
    this.active = this.active.filter(({ box }) => box[2] > west);
    const found = this.active
      .filter(({ box }) => box[1] < north && box[3] > south)
      .filter((other) => areOpenTogether(other.sibling, sibling))
      .flatMap((other) => this.overlap(placed, other));
    this.active.push(placed);
    if (this.family.gaps && sibling.covers) this.covering.push(placed);
    return found;
  }

  /** What the family leaves uncovered, once all its shapes were added. */
  gaps(): SiblingFinding[] {
    const { parentId, parentWkb, gaps } = this.family;
    if (!gaps || this.covering.length === 0) return [];
    const parent = parentWkb && shapeOf(parentWkb);
    if (typeof parent === 'string') return [unusable(parentId ?? '', parent)];
    const shapes = this.covering.map(({ shape }) => shape);
    const pieces = attempt(() => uncoveredPieces(parent?.shape ?? null, shapes, SLIVERS.areaM2));
    if (typeof pieces === 'string') return [unusable(parentId ?? this.nearest(null), pieces)];
    const { areaM2, count, at } = countPieces(pieces, this.tolerance);
    if (count === 0) return [];
    const unitId = parentId ?? this.nearest(at);
    return [
      { rule: 'GAP_BETWEEN_SIBLINGS', unitId, otherUnitId: null, areaM2, pieces: count, at, reason: '' },
    ];
  }

  private overlap(one: Placed, other: Placed): SiblingFinding[] {
    const [unitId, otherUnitId] = [one.sibling.unitId, other.sibling.unitId];
    const pieces = attempt((): Polygon[] => commonPieces(one.shape, other.shape, SLIVERS.areaM2));
    if (typeof pieces === 'string') return [unusable(unitId, pieces), unusable(otherUnitId, pieces)];
    const { areaM2, count, at } = countPieces(pieces, this.tolerance);
    if (count === 0) return [];
    const both = { rule: 'OVERLAPPING_SIBLINGS', areaM2, pieces: count, at, reason: '' } as const;
    return [
      { ...both, unitId, otherUnitId },
      { ...both, unitId: otherUnitId, otherUnitId: unitId },
    ];
  }

  /** A hole among roots is told of the one whose border comes closest to it. */
  private nearest(at: Position | null): string {
    let [unitId, least] = [this.covering[0]?.sibling.unitId ?? '', Number.POSITIVE_INFINITY];
    for (const { sibling, shape } of at ? this.covering : []) {
      for (const { x, y } of shape.flat()) {
        const distance = Math.hypot(x / 1e7 - (at?.[0] ?? 0), y / 1e7 - (at?.[1] ?? 0));
        if (distance < least) [unitId, least] = [sibling.unitId, distance];
      }
    }
    return unitId;
  }
}

/** Two places that were never open on one day may stand on one ground: the one replaced the other. */
const areOpenTogether = (one: Sibling, other: Sibling): boolean =>
  !endsBefore(one.closes, other.opens) && !endsBefore(other.closes, one.opens);

const endsBefore = (closes: string | null, opens: string | null): boolean =>
  closes !== null && opens !== null && closes <= opens;

const unusable = (unitId: string, reason: string): SiblingFinding => ({
  rule: 'INVALID_SHAPE',
  unitId,
  otherUnitId: null,
  areaM2: null,
  pieces: 0,
  at: null,
  reason,
});

function place(sibling: Sibling): Placed | string {
  const found = shapeOf(sibling.wkb);
  return typeof found === 'string' ? found : { sibling, ...found };
}

/** The shape made ready, or what is wrong with it. */
function shapeOf(wkb: Uint8Array): { shape: ClipShape; box: Box } | string {
  return attempt(() => {
    const geometry = readWkb(Buffer.from(wkb)) as MultiPolygon;
    const [shape, box] = [clipShape(geometry), boundingBox(geometry)];
    if (!box) throw new RangeError('it has no position');
    return { shape, box };
  });
}

/** A shape that cannot be taken is a finding; the others are looked at all the same. */
function attempt<Value extends object>(work: () => Value): Value | string {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
