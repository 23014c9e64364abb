/**
 * Doing an operation, in one transaction: the units that take the place are there, children come below them, the units
 * before them end, and the record and the log tell of it. What is refused leaves everything as it was.
 */
import { type AccountTransaction, newId } from '@iroko/database';
import { requireWritableTypes } from '@iroko/viewer';
import { contentOf } from '../org-units/state';
import { unitKeys } from '../org-units/unit-content';
import { removeUnits, replaceState } from '../org-units/write-state.sql';
import { type DraftWriter, openedDraft } from '../versions/drafts';
import type { VersionRow } from '../versions/version';
import { closeAlong, moveAlong, openBelow, recordClosedAlong, sizeOfMoves } from './along.sql';
import { type ChildMove, checkMoves, movesOfChildren, newParent, planChildren } from './children';
import type { LineageOrder, LineageRow } from './lineage';
import { countAlong, insertLineage, insertLineageUnit } from './lineage.sql';
import { type EndedUnit, recordEvents } from './lineage-events';
import type { PlacedUnit, Scene } from './scene';
import { type WrittenSuccessor, writeSuccessors } from './successors';

export interface CarriedOut {
  lineage: LineageRow;
  draft: VersionRow;
}

/** Thrown to leave the transaction when more goes along than a request waits for. */
export class TooLarge extends Error {
  constructor(readonly size: number) {
    super(`${size} units go along.`);
  }
}

export async function carryOut(
  tx: AccountTransaction,
  order: LineageOrder,
  scene: Scene,
  { jobId, sizeMax }: DraftWriter & { sizeMax: number },
): Promise<CarriedOut> {
  requireWritableTypes(
    tx.actor,
    scene.predecessors.map(({ state }) => state.typeId),
  );
  const { children, closesBelow } = await planChildren(tx, order, scene);
  const draft = await openedDraft(tx, scene.locked);
  if (order.kind === 'CLOSE' && order.children.onClose === 'MOVE')
    await newParent(tx, order.children.moveTo as string, scene.predecessors[0] as PlacedUnit, draft);
  const row = await insertLineage(tx, {
    id: newId(),
    dataSourceId: scene.dataSourceId,
    versionNumber: draft.number,
    kind: order.kind,
    ending: order.ending,
    effectiveOn: order.effectiveOn,
    reason: order.reason,
    madeBy: tx.actor.userId ?? null,
    jobId: jobId ?? null,
  });
  const successors = await writeSuccessors(tx, order, scene, draft);
  const moves = await movesOfChildren(tx, order, children, successors);
  await refuseTooMany(tx, scene, moves, closesBelow, sizeMax);
  await checkMoves(tx, moves, draft);
  await moveAlong(
    tx,
    row,
    moves.map(({ child, parentId }) => ({ unitId: child.unitId, parentId })),
  );
  const closedAlong = closesBelow ? await closeBelow(tx, row, scene) : 0;
  const lineage = await countAlong(tx, row.id, moves.length, closedAlong);
  const ends = await endPredecessors(tx, order, scene, draft);
  await recordUnits(tx, lineage, ends, successors);
  await recordEvents(tx, { lineage, draft, ends, successors });
  return { lineage, draft };
}

async function refuseTooMany(
  tx: AccountTransaction,
  { dataSourceId, predecessors }: Scene,
  moves: readonly ChildMove[],
  closesBelow: boolean,
  sizeMax: number,
): Promise<void> {
  if (sizeMax === Number.POSITIVE_INFINITY) return;
  const size =
    moves.length > sizeMax
      ? moves.length
      : await sizeOfMoves(
          tx,
          dataSourceId,
          moves.map(({ child }) => child.unitId),
          sizeMax + 1,
        );
  const closed = closesBelow ? await openBelow(tx, dataSourceId, (predecessors[0] as PlacedUnit).path) : 0;
  if (size + closed > sizeMax) throw new TooLarge(size + closed);
}

async function closeBelow(
  tx: AccountTransaction,
  lineage: LineageRow,
  { predecessors }: Scene,
): Promise<number> {
  const count = await recordClosedAlong(tx, lineage, (predecessors[0] as PlacedUnit).path);
  if (count > 0) await closeAlong(tx, lineage, lineage.effectiveOn);
  return count;
}

async function endPredecessors(
  tx: AccountTransaction,
  { ending, effectiveOn }: LineageOrder,
  { predecessors, dataSourceId }: Scene,
  draft: VersionRow,
): Promise<EndedUnit[]> {
  const ended: EndedUnit[] = [];
  for (const { state, path } of predecessors) {
    const before = contentOf(state);
    const { unitId, reference, revision } = state;
    if (ending === 'KEPT') {
      ended.push({ unitId, reference, before, after: before, revision });
      continue;
    }
    if (ending === 'REMOVED') {
      await removeUnits(tx, dataSourceId, draft.number, path, false);
      ended.push({ unitId, reference, before, after: null, revision });
      continue;
    }
    const after = { ...before, closedDate: effectiveOn };
    await replaceState(
      tx,
      {
        unitId,
        dataSourceId,
        number: draft.number,
        revision: revision + 1,
        content: after,
        ...unitKeys(after, reference),
      },
      state.fromVersion === draft.number,
      undefined,
    );
    ended.push({ unitId, reference, before, after, revision: revision + 1 });
  }
  return ended;
}

async function recordUnits(
  tx: AccountTransaction,
  lineage: LineageRow,
  ends: readonly EndedUnit[],
  successors: readonly WrittenSuccessor[],
): Promise<void> {
  for (const [position, unit] of ends.entries()) {
    await insertLineageUnit(tx, lineage, {
      unitId: unit.unitId,
      role: 'PREDECESSOR',
      position,
      ended: lineage.ending !== 'KEPT',
      isNew: false,
      name: unit.before.name,
      code: unit.before.code,
      revision: unit.revision,
      contentBefore: unit.before,
    });
  }
  for (const [position, unit] of successors.entries()) {
    await insertLineageUnit(tx, lineage, {
      unitId: unit.unitId,
      role: 'SUCCESSOR',
      position,
      ended: false,
      isNew: unit.isNew,
      name: unit.content.name,
      code: unit.content.code,
      revision: unit.revision,
      contentBefore: unit.before,
    });
  }
}
