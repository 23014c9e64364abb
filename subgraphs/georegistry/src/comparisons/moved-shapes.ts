/** Which shapes of one size differ all the same, because they lie elsewhere: before the comparison is written. */
import type { AccountTransaction } from '@iroko/database';
import { differingM2, levelFor } from '../differences/differing-area';
import { geometriesByHash } from '../shapes/shape.sql';
import { addMoved, analyzeMoved, createOutlines, type OutlineRow, outlines } from './moved-shapes.sql';
import type { Sides } from './pairs.sql';

/** Fills `compared_moved`. A pair that cannot be measured counts as moved: it is not the same position by position. */
export async function findMovedShapes(
  tx: AccountTransaction,
  sides: Sides,
  tolerance: number,
  onPairs: () => void,
): Promise<void> {
  await createOutlines(tx, sides, tolerance);
  for await (const batch of outlines(tx)) {
    const moved: OutlineRow[] = [];
    for (const pair of batch) {
      const differing = await measured(tx, pair);
      if (differing === null || differing > tolerance * pair.areaM2) moved.push(pair);
      onPairs();
    }
    if (moved.length > 0) await addMoved(tx, moved);
  }
  await analyzeMoved(tx);
}

async function measured(
  tx: AccountTransaction,
  { beforeHash, afterHash, positions }: OutlineRow,
): Promise<number | null> {
  const found = await geometriesByHash(tx, [beforeHash, afterHash], levelFor(positions));
  const wkbOf = (hash: Buffer) => found.find((row) => row.hash.equals(hash))?.wkb;
  const [before, after] = [wkbOf(beforeHash), wkbOf(afterHash)];
  return before && after ? differingM2(before, after) : null;
}
