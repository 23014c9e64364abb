/** A shape as the API shows it: its measures at once, its geometry when asked for. */
import { badInput } from '@iroko/errors';
import type { ShapeRow } from './shape.sql';
import type { BoundingBoxInput } from './shape-type';

export interface ShapeAnswer extends Omit<ShapeRow, 'wkb' | 'hash'> {
  hash: string;
  bounds: { west: number; south: number; east: number; north: number };
}

export function shapeAnswer(row: Omit<ShapeRow, 'wkb'>): ShapeAnswer {
  const { west, south, east, north } = row;
  return { ...row, hash: row.hash.toString('hex'), bounds: { west, south, east, north } };
}

/** Throws BAD_USER_INPUT unless the box lies on the globe with its south not above its north. */
export function checkBox({ west, south, east, north }: BoundingBoxInput, path: string[]): void {
  const isOnGlobe =
    Math.abs(west) <= 180 && Math.abs(east) <= 180 && Math.abs(south) <= 90 && Math.abs(north) <= 90;
  if (!isOnGlobe || south > north) {
    throw badInput(
      'A box has longitudes from -180 to 180 and latitudes from -90 to 90, with south not greater than north.',
      { path },
    );
  }
}
