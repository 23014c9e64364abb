/** Reads the shapes of siblings piece by piece, has them compared in a thread, and writes what is found. */
import type { AccountTransaction } from '@iroko/database';
import { geometriesByHash } from '../../shapes/shape.sql';
import type { RuleSet } from '../rules';
import { type SiblingStep, startThread } from './ask-thread';
import {
  addSiblingFindings,
  createSiblingFindings,
  type SiblingRow,
  siblingRows,
  writeInvalidShapes,
  writeSiblingFindings,
} from './siblings.sql';

/** Gaps are looked for among so many positions at once: about half a gigabyte while it lasts. */
export const FAMILY_POSITIONS_MAX = 1_000_000;

/** So many positions are on the way to the thread: 16 bytes each. */
const BATCH_POSITIONS = 100_000;

export async function checkSiblings(
  tx: AccountTransaction,
  reportId: string,
  rules: RuleSet,
  signal: AbortSignal,
  onUnits: (count: number) => Promise<void>,
): Promise<void> {
  await createSiblingFindings(tx);
  if (rules.OVERLAPPING_SIBLINGS !== 'OFF' || rules.GAP_BETWEEN_SIBLINGS !== 'OFF') {
    const thread = startThread(signal);
    try {
      let last: SiblingRow | undefined;
      for await (const batch of batchesOf(siblingRows(tx))) {
        const steps = await stepsOf(tx, batch, last, rules.GAP_BETWEEN_SIBLINGS !== 'OFF');
        const found = await thread.ask(steps);
        if (found.length > 0) await addSiblingFindings(tx, found);
        last = batch[batch.length - 1];
        await onUnits(batch.length);
      }
      const found = await thread.ask([{ end: true }]);
      if (found.length > 0) await addSiblingFindings(tx, found);
    } finally {
      await thread.end();
    }
  }
  for (const rule of ['OVERLAPPING_SIBLINGS', 'GAP_BETWEEN_SIBLINGS'] as const) {
    if (rules[rule] !== 'OFF') await writeSiblingFindings(tx, reportId, rule, rules[rule]);
  }
  if (rules.INVALID_SHAPE !== 'OFF') await writeInvalidShapes(tx, reportId, rules.INVALID_SHAPE);
}

async function* batchesOf(rows: AsyncIterable<SiblingRow[]>): AsyncGenerator<SiblingRow[]> {
  let batch: SiblingRow[] = [];
  let positions = 0;
  for await (const some of rows) {
    for (const row of some) {
      batch.push(row);
      positions += row.positions;
      if (positions < BATCH_POSITIONS) continue;
      yield batch;
      [batch, positions] = [[], 0];
    }
  }
  if (batch.length > 0) yield batch;
}

async function stepsOf(
  tx: AccountTransaction,
  batch: readonly SiblingRow[],
  before: SiblingRow | undefined,
  withGaps: boolean,
): Promise<SiblingStep[]> {
  const wkbs = await shapesOf(tx, batch);
  const wkbOf = (hash: Buffer, { level }: SiblingRow) => wkbs.get(`${level} ${hash.toString('hex')}`);
  const steps: SiblingStep[] = [];
  let last = before;
  for (const row of batch) {
    if (!last || last.parentId !== row.parentId) {
      if (last) steps.push({ end: true });
      const { parentId, level } = row;
      const parentWkb = (row.parentShape && wkbOf(row.parentShape, row)) ?? null;
      steps.push({ family: { parentId, parentWkb, level, gaps: withGaps && row.gaps } });
    }
    last = row;
    const wkb = wkbOf(row.shape, row);
    if (!wkb) continue;
    const { unitId, opens, closes, covers } = row;
    steps.push({ sibling: { unitId, wkb, opens, closes, covers } });
  }
  return steps;
}

/** The shapes that a batch needs, by level and hash. */
async function shapesOf(tx: AccountTransaction, batch: readonly SiblingRow[]): Promise<Map<string, Buffer>> {
  const wanted = new Map<number, Map<string, Buffer>>();
  for (const { level, shape, parentShape } of batch) {
    const hashes = wanted.get(level) ?? new Map<string, Buffer>();
    wanted.set(level, hashes);
    for (const hash of [shape, parentShape]) if (hash) hashes.set(hash.toString('hex'), hash);
  }
  const found = new Map<string, Buffer>();
  for (const [level, hashes] of wanted) {
    for (const { hash, wkb } of await geometriesByHash(tx, [...hashes.values()], level)) {
      found.set(`${level} ${hash.toString('hex')}`, wkb);
    }
  }
  return found;
}
