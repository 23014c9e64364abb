/** Points that lie outside of their parent's shape. One shape is held at a time, so memory does not grow with units. */
import type { AccountTransaction } from '@iroko/database';
import { type MultiPolygon, prepareShape, readWkb } from '@iroko/geometry';
import { geometriesByHash } from '../shapes/shape.sql';
import { addFound, createFound, locatedUnits, writeFound } from './checks.sql';
import type { RuleSet } from './rules';

/** Level 0 of a shape is its full form. */
const FULL = 0;

const POINT_RULES = ['POINT_OUTSIDE_PARENT', 'COORDINATES_SWAPPED'] as const;

export async function checkPoints(
  tx: AccountTransaction,
  reportId: string,
  rules: RuleSet,
  onUnits: (count: number) => Promise<void>,
): Promise<void> {
  await createFound(tx);
  let shape = '';
  let contains: (point: [number, number]) => boolean = () => true;
  for await (const batch of locatedUnits(tx)) {
    const outside: string[] = [];
    const swapped: string[] = [];
    for (const unit of batch) {
      if (unit.shape !== shape) {
        shape = unit.shape;
        contains = await containing(tx, shape);
      }
      const { longitude, latitude } = unit;
      if (contains([longitude, latitude])) continue;
      (contains([latitude, longitude]) ? swapped : outside).push(unit.unitId);
    }
    await addFound(tx, 'POINT_OUTSIDE_PARENT', outside);
    await addFound(tx, 'COORDINATES_SWAPPED', swapped);
    await onUnits(batch.length);
  }
  for (const rule of POINT_RULES) {
    if (rules[rule] !== 'OFF') await writeFound(tx, reportId, rule, rules[rule]);
  }
}

async function containing(
  tx: AccountTransaction,
  shape: string,
): Promise<(point: [number, number]) => boolean> {
  const [row] = await geometriesByHash(tx, [Buffer.from(shape, 'hex')], FULL);
  return row ? prepareShape(readWkb(row.wkb) as MultiPolygon) : () => true;
}
