/**
 * Says whether a shape can be taken, and what is wrong with it when not. The order goes from what cannot be
 * stored (not a number) to what can be drawn but not measured (crossing rings), so that the first reason is
 * the one to mend first.
 */
import { findCrossing } from './crossings';
import { boundingBox, type GeometryDefect, type MultiPolygon, type Position } from './geometry';
import { isSamePlace, sideOfRing } from './planar';

/** Longitude within ±180, latitude within ±90, all numbers finite; null when so. 0 is a coordinate. */
export function checkPosition(position: Position): GeometryDefect | null {
  const [longitude, latitude, altitude = 0] = position;
  if (longitude === undefined || latitude === undefined) {
    return { reason: 'MALFORMED', message: 'A position needs a longitude and a latitude.' };
  }
  if (!Number.isFinite(longitude) || !Number.isFinite(latitude) || !Number.isFinite(altitude)) {
    return {
      reason: 'NOT_FINITE',
      message: `${position.join(' ')} holds a value that is not a finite number.`,
    };
  }
  if (Math.abs(longitude) > 180 || Math.abs(latitude) > 90) {
    const isSwapped = Math.abs(longitude) <= 90 && Math.abs(latitude) <= 180;
    const hint = isSwapped ? ' They look swapped.' : '';
    return {
      reason: 'OUT_OF_RANGE',
      message: `Longitude ${longitude}, latitude ${latitude}: longitudes go from -180 to 180, latitudes from -90 to 90.${hint}`,
      at: position,
    };
  }
  return null;
}

function checkRing(ring: Position[]): GeometryDefect | null {
  for (const position of ring) {
    const defect = checkPosition(position);
    if (defect) return defect;
  }
  const first = ring[0];
  const last = ring[ring.length - 1];
  if (!first || !last) return { reason: 'EMPTY', message: 'A ring has no positions.' };
  if (!isSamePlace(first, last)) {
    return {
      reason: 'RING_NOT_CLOSED',
      message: `The ring that begins at ${show(first)} is not closed.`,
      at: first,
    };
  }
  if (new Set(ring.map((p) => `${p[0]} ${p[1]}`)).size < 3) {
    return {
      reason: 'RING_TOO_SHORT',
      message: `The ring at ${show(first)} has fewer than three different positions.`,
      at: first,
    };
  }
  return null;
}

/** The first defect of a shape by the OGC rules for simple features, or null when it is valid. */
export function checkShape(shape: MultiPolygon): GeometryDefect | null {
  if (shape.coordinates.length === 0) return { reason: 'EMPTY', message: 'The shape has no polygon.' };
  for (const part of shape.coordinates) {
    if (part.length === 0) return { reason: 'EMPTY', message: 'A polygon has no ring.' };
    for (const ring of part) {
      const defect = checkRing(ring);
      if (defect) return defect;
    }
  }
  const crossing = findCrossing(shape.coordinates.flat());
  if (crossing) {
    return {
      reason: 'SELF_INTERSECTION',
      message: `The shape crosses or touches itself at ${show(crossing)}.`,
      at: crossing,
    };
  }
  return checkHoles(shape) ?? checkParts(shape);
}

/** Rings do not cross by now, so the first position off the other ring's boundary decides. */
function lies(ring: Position[], outer: Position[]): 'inside' | 'outside' | 'boundary' {
  for (const position of ring) {
    const side = sideOfRing(outer, position);
    if (side !== 'boundary') return side;
  }
  return 'boundary';
}

function checkHoles(shape: MultiPolygon): GeometryDefect | null {
  for (const [outer, ...holes] of shape.coordinates) {
    for (const hole of holes) {
      if (outer && lies(hole, outer) === 'outside') {
        const at = hole[0] as Position;
        return { reason: 'HOLE_OUTSIDE', message: `The hole at ${show(at)} lies outside its polygon.`, at };
      }
    }
  }
  return null;
}

function checkParts({ coordinates }: MultiPolygon): GeometryDefect | null {
  const parts = coordinates.map((part) => ({
    part,
    box: boundingBox({ type: 'Polygon', coordinates: part.slice(0, 1) }) ?? [0, 0, 0, 0],
  }));
  for (const inner of parts) {
    for (const { part, box } of parts) {
      if (part === inner.part) continue;
      const fits =
        inner.box[0] >= box[0] && inner.box[1] >= box[1] && inner.box[2] <= box[2] && inner.box[3] <= box[3];
      if (!fits) continue;
      const [ring] = inner.part as [Position[]];
      const [outer, ...holes] = part as [Position[], ...Position[][]];
      const isInHole = holes.some((hole) => lies(ring, hole) !== 'outside');
      if (lies(ring, outer) !== 'outside' && !isInHole) {
        const at = ring[0] as Position;
        return { reason: 'OVERLAPPING_PARTS', message: `The part at ${show(at)} lies in another part.`, at };
      }
    }
  }
  return null;
}

function show(position: Position): string {
  return `${position[0]} ${position[1]}`;
}
