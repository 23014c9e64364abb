/** Fills a source with a tree of so many units, released, and a draft that changes some of them. */
import { type AccountDatabase, newId } from '@iroko/database';
import {
  analyzeTree,
  insertGroups,
  insertSource,
  insertStates,
  insertTypes,
  insertUnits,
  openDraft,
  prepareContent,
  releaseDraft,
  renameUnits,
  setNextNumber,
} from './tree.sql';

export interface BenchTree {
  sourceId: string;
  /** Version 1, released. */
  firstVersionId: string;
  /** Version 2, with the changes; null when there are none. */
  secondVersionId: string | null;
}

export interface TreeSize {
  rows: number;
  seed: string;
  /** Of the source. */
  name?: string;
  /** Units renamed in a second version; none without it. */
  changes?: number;
}

export async function makeTree(
  db: AccountDatabase,
  { rows, seed, name = `Benchmark ${seed}`, changes = 0 }: TreeSize,
): Promise<BenchTree> {
  const sourceId = newId();
  const firstVersionId = newId();
  await db.transaction(async (tx) => {
    await insertSource(tx, sourceId, name);
    await insertTypes(tx);
    await insertGroups(tx, sourceId);
    await openDraft(tx, sourceId, firstVersionId, 1);
    await insertUnits(tx, sourceId, rows);
    await prepareContent(tx, sourceId, rows, seed);
    await insertStates(tx, sourceId);
    await setNextNumber(tx, sourceId, rows);
    await releaseDraft(tx, firstVersionId);
    await analyzeTree(tx);
  });
  if (changes === 0) return { sourceId, firstVersionId, secondVersionId: null };
  const secondVersionId = newId();
  await db.transaction(async (tx) => {
    await openDraft(tx, sourceId, secondVersionId, 2);
    const written = await renameUnits(tx, sourceId, 2, Math.floor(rows / changes), changes);
    if (written !== changes) throw new Error(`${written} units were changed, not ${changes}.`);
    await releaseDraft(tx, secondVersionId);
  });
  return { sourceId, firstVersionId, secondVersionId };
}
