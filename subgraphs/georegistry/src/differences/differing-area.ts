/**
 * By how much two shapes differ: the area that the one covers and the other does not. Two shapes of one size that lie
 * apart differ by both areas, which the difference of the areas would not show.
 */
import { setImmediate as otherWork } from 'node:timers/promises';
import { differingArea, type MultiPolygon, readWkb } from '@iroko/geometry';

/** Pairs with more positions are compared in lighter forms, so that none takes longer than a fraction of a second. */
const FULL_POSITIONS_MAX = 20_000;
const FINE_POSITIONS_MAX = 200_000;

/** The level of the forms to compare: neighbouring positions fall together on a grid of 50 or 500 m. */
export const levelFor = (positions: number): number =>
  positions <= FULL_POSITIONS_MAX ? 0 : positions <= FINE_POSITIONS_MAX ? 1 : 2;

/**
 * Square metres on the ellipsoid; null for a shape that cannot be clipped. Lets others go first, so that a page of
 * shapes does not hold the server.
 */
export async function differingM2(before: Buffer, after: Buffer): Promise<number | null> {
  await otherWork();
  try {
    return differingArea(readWkb(before) as MultiPolygon, readWkb(after) as MultiPolygon);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
