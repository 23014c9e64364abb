/**
 * Taking an operation back while its version is a draft: what ended stands again, what moved goes back, what was made
 * goes, and the record with it. After the release it holds; what was wrong then is put right by another operation.
 */
import { type AccountDatabase, type AccountTransaction, isId } from '@iroko/database';
import { ApiError, conflict, notFound } from '@iroko/errors';
import { defineJob, enqueue } from '@iroko/jobs';
import { requireWritableTypes } from '@iroko/viewer';
import { z } from 'zod';
import { contentOf } from '../org-units/state';
import { lastRevision, statesInVersion, unitNumber } from '../org-units/state.sql';
import { unitNames } from '../org-units/unit.sql';
import { type UnitContent, unitKeys } from '../org-units/unit-content';
import { openPath, UNITS_PER_REQUEST_MAX } from '../org-units/unit-in-draft';
import { removeUnits, replaceState, returnUnit } from '../org-units/write-state.sql';
import { translatingRefusals } from '../refusals';
import { type DraftWriter, lockForEdit } from '../versions/drafts';
import { onHeldDraft } from '../versions/held-draft';
import type { VersionRow } from '../versions/version';
import { changedAlong, closeAlong, moveBack } from './along.sql';
import type { LineageRow } from './lineage';
import { deleteLineage, laterLineage, lineagesById, namedUnits, unitsToUndo } from './lineage.sql';
import { recordUndo } from './lineage-events';

const NAMED = 20;

type ToUndo = Awaited<ReturnType<typeof unitsToUndo>>[number];

export interface Undone {
  draft: VersionRow;
  jobId: string | null;
}

/** Throws NOT_FOUND, FORBIDDEN beyond the scope, and CONFLICT where it is released, built upon, or changed since. */
export function undoLineage(db: AccountDatabase, id: string, reason: string | null): Promise<Undone> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const { lineage, draft } = await lockLineage(tx, id, {});
      if (isLarge(lineage)) {
        await refuseChanged(tx, lineage);
        const input = { dataSourceId: lineage.dataSourceId, lineageId: lineage.id, reason };
        return { draft, jobId: await enqueue(tx, undoLineageJob, input) };
      }
      await takeBack(tx, lineage, draft, reason);
      return { draft, jobId: null };
    }),
  );
}

const undoing = z.object({ dataSourceId: z.string(), lineageId: z.string(), reason: z.string().nullable() });

export const undoLineageJob = defineJob<z.infer<typeof undoing>, { versionId: string }, unknown>({
  name: 'georegistry.undo-lineage',
  input: undoing,
  permission: 'org_units.edit',
  oneAtATimeBy: ({ dataSourceId }) => dataSourceId,
  retries: 2,
  handler: (job, { dataSourceId, lineageId, reason }) =>
    onHeldDraft(job, dataSourceId, async (tx) => {
      const { lineage, draft } = await lockLineage(tx, lineageId, { jobId: job.id });
      await takeBack(tx, lineage, draft, reason);
      return { versionId: draft.id };
    }),
});

async function lockLineage(
  tx: AccountTransaction,
  id: string,
  writer: DraftWriter,
): Promise<{ lineage: LineageRow; draft: VersionRow }> {
  const [seen] = isId(id) ? await lineagesById(tx, [id]) : [];
  if (!seen) throw notFound('Lineage', id);
  const { draft } = await lockForEdit(tx, seen.dataSourceId, writer);
  // Read again under the lock: of two that take it back one finds it gone.
  const [lineage] = await lineagesById(tx, [id]);
  if (!lineage) throw notFound('Lineage', id);
  if (draft?.number !== lineage.versionNumber) {
    throw conflict(
      `The ${lineage.kind} holds since version ${lineage.versionNumber} was released, and what is released stays. Put it right by another operation.`,
      { lineageId: lineage.id },
    );
  }
  return { lineage, draft };
}

/** What a job did, a job takes back. */
const isLarge = ({ moved, closedAlong, jobId }: LineageRow): boolean =>
  jobId !== null || moved + closedAlong > UNITS_PER_REQUEST_MAX;

async function refuseChanged(tx: AccountTransaction, lineage: LineageRow): Promise<void> {
  const later = await laterLineage(tx, lineage);
  if (later) {
    throw conflict(`A later ${later.kind} builds upon it. Take that back first.`, { lineageId: later.id });
  }
  const changed = await changedAlong(tx, lineage, NAMED);
  if (changed.length === 0) return;
  const names = changed.map(({ name }) => JSON.stringify(name)).join(', ');
  throw conflict(`Changed since: ${names}. Take those changes back first, or discard the draft.`, {
    unitIds: changed.map(({ unitId }) => unitId),
  });
}

async function takeBack(
  tx: AccountTransaction,
  lineage: LineageRow,
  draft: VersionRow,
  reason: string | null,
): Promise<void> {
  await refuseChanged(tx, lineage);
  const units = await unitsToUndo(tx, lineage.id);
  if ((await namedUnits(tx, [lineage.id])).length < units.length) {
    throw new ApiError(
      'FORBIDDEN',
      'The operation concerns units beyond your scope, so it is not yours to take back.',
      { scope: 'ORG_UNITS' },
    );
  }
  requireWritableTypes(
    tx.actor,
    units.flatMap(({ contentBefore }) => (contentBefore ? [contentBefore.typeId] : [])),
  );
  const predecessors = units.filter(({ role, ended }) => role === 'PREDECESSOR' && ended);
  for (const unit of predecessors) await standAgain(tx, unit, lineage, draft);
  await moveBack(tx, lineage);
  if (lineage.closedAlong > 0) await closeAlong(tx, lineage, null);
  for (const unit of units.filter(({ role }) => role === 'SUCCESSOR')) {
    if (unit.isNew) {
      const path = await openPath(tx, unit.unitId, draft);
      await removeUnits(tx, draft.dataSourceId, draft.number, path, false);
    } else if (lineage.kind !== 'SPLIT') await restore(tx, unit, draft);
  }
  await deleteLineage(tx, lineage.id);
  await recordUndo(tx, { lineage, draft, reason, units });
}

async function standAgain(
  tx: AccountTransaction,
  unit: ToUndo,
  { ending }: LineageRow,
  draft: VersionRow,
): Promise<void> {
  if (ending === 'CLOSED') return restore(tx, unit, draft);
  const { unitId, contentBefore, revision } = unit;
  const content = contentBefore as UnitContent;
  const [known] = await unitNames(tx, [unitId]);
  const label = Buffer.alloc(4);
  label.writeUInt32BE((await unitNumber(tx, unitId)) as number);
  const above = content.parentId === null ? Buffer.alloc(0) : await openPath(tx, content.parentId, draft);
  const next = Math.max(revision, await lastRevision(tx, unitId)) + 1;
  const state = { unitId, dataSourceId: draft.dataSourceId, number: draft.number, content, revision: next };
  await returnUnit(
    tx,
    { ...state, ...unitKeys(content, known?.reference ?? '') },
    Buffer.concat([above, label]),
  );
}

async function restore(tx: AccountTransaction, unit: ToUndo, draft: VersionRow): Promise<void> {
  const [state] = await statesInVersion(tx, [unit.unitId], draft.dataSourceId, draft.number);
  if (!state) throw notFound('OrgUnit', unit.unitId);
  const content = { ...contentOf(state), ...unit.contentBefore };
  const { unitId, dataSourceId } = state;
  const written = { unitId, dataSourceId, number: draft.number, content, revision: state.revision + 1 };
  const keys = unitKeys(content, state.reference);
  await replaceState(tx, { ...written, ...keys }, state.fromVersion === draft.number, undefined);
}
