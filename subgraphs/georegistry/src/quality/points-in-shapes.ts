/** Points that lie outside of their parent's shape. One shape is held at a time, so memory does not grow with units. */
import type { AccountTransaction } from '@iroko/database';
import { type MultiPolygon, prepareShape, readWkb } from '@iroko/geometry';
import { geometriesByHash } from '../shapes/shape.sql';
import { locatedUnits, writeFound } from './checks.sql';
import type { RuleSet } from './rules';

/** Level 0 of a shape is its full form. */
const FULL = 0;

export async function checkPoints(
  tx: AccountTransaction,
  reportId: string,
  rules: RuleSet,
  onUnits: (count: number) => Promise<void>,
): Promise<void> {
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
    await keep(tx, reportId, rules, 'POINT_OUTSIDE_PARENT', outside);
    await keep(tx, reportId, rules, 'COORDINATES_SWAPPED', swapped);
    await onUnits(batch.length);
  }
}

async function containing(
  tx: AccountTransaction,
  shape: string,
): Promise<(point: [number, number]) => boolean> {
  const [row] = await geometriesByHash(tx, [Buffer.from(shape, 'hex')], FULL);
  return row ? prepareShape(readWkb(row.wkb) as MultiPolygon) : () => true;
}

async function keep(
  tx: AccountTransaction,
  reportId: string,
  rules: RuleSet,
  rule: 'POINT_OUTSIDE_PARENT' | 'COORDINATES_SWAPPED',
  unitIds: readonly string[],
): Promise<void> {
  if (rules[rule] === 'OFF' || unitIds.length === 0) return;
  await writeFound(tx, reportId, rule, rules[rule], unitIds);
}
