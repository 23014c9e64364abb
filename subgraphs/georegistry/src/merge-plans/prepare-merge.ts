/** What applying and proposing have in common: the plan is still true, nothing in it is open, and what it makes. */
import type { AccountTransaction } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import type { Sides } from '../comparisons/pairs.sql';
import { takeGroups } from '../copies/copy.sql';
import { createDraftUnits } from '../draft-writing/draft-unit.sql';
import { sourcesById } from '../sources/source.sql';
import type { VersionRow } from '../versions/version';
import { versionsById } from '../versions/version.sql';
import type { MergePlanRecord } from './merge-plan';
import { countRows, planForWriting } from './merge-plan.sql';
import { createGroupTakers, createMade, fillMerged, rowsWithoutParent, staleRows } from './merged-units.sql';
import { refuseUnready } from './ready-plan';

const NAMED = 20;

export interface PreparedMerge {
  plan: MergePlanRecord;
  sides: Sides;
  /** The draft of the target, or the newest version where none is open. */
  into: VersionRow;
  groups: number;
}

/**
 * Fills `draft_unit` for the draft, or for the newest version. Throws NOT_FOUND, and CONFLICT when a version of the plan was released,
 * or a unit changed, since the plan was made, and while rows wait for a decision.
 */
export async function prepareMerge(
  tx: AccountTransaction,
  planId: string,
  draft: VersionRow | undefined,
): Promise<PreparedMerge> {
  const plan = await planForWriting(tx, planId);
  if (!plan) throw notFound('MergePlan', planId);
  refuseUnready(plan);
  const versions = new Map(
    (await versionsById(tx, [plan.fromVersionId, plan.targetVersionId])).map((row) => [row.id, row]),
  );
  const [from, target] = [versions.get(plan.fromVersionId), versions.get(plan.targetVersionId)];
  if (!from || !target) throw notFound('MergePlan', planId);
  await refuseReleased(tx, plan, from, target, draft);
  const { count: open } = await countRows(tx, planId, { isOpen: true });
  if (open > 0) {
    throw conflict(
      `${open} rows of the plan wait for a decision: conflicts, or units whose parent has no counterpart. See rows(isOpen: true).`,
      { open },
    );
  }
  const sides: Sides = { before: target, after: from };
  const stale = await staleRows(tx, planId, sides, NAMED);
  if (stale.length > 0) {
    const names = stale.map(({ name }) => JSON.stringify(name)).join(', ');
    throw conflict(`${names} changed since the plan was made. Make the plan again.`, {
      positions: stale.map(({ position }) => position),
    });
  }
  await createMade(tx, planId);
  const orphans = await rowsWithoutParent(tx, planId, NAMED);
  if (orphans.length > 0) {
    const positions = orphans.map(({ position }) => position);
    throw conflict(
      `The rows ${positions.join(', ')} stand below units that the plan does not make, since their rows are not applied. Name another parent, or leave these out too.`,
      { positions },
    );
  }
  await createGroupTakers(tx, planId);
  const groups = await takeGroups(tx, { before: from, after: target }, 'SELECT k.unit_id FROM merge_taker k');
  await createDraftUnits(tx);
  await fillMerged(tx, planId, sides);
  return { plan, sides, into: draft ?? target, groups };
}

/** A plan says what becomes of one version and another; once one of them is another version, it says nothing any more. */
async function refuseReleased(
  tx: AccountTransaction,
  plan: MergePlanRecord,
  from: VersionRow,
  target: VersionRow,
  draft: VersionRow | undefined,
): Promise<void> {
  if (plan.fromDraft && from.status === 'RELEASED') {
    throw conflict(
      'The version that is merged was a draft, and was released meanwhile. Make the plan again.',
      {
        versionId: from.id,
      },
    );
  }
  if (plan.targetDraft && target.status === 'RELEASED') {
    throw conflict('The draft that the plan is for was released meanwhile. Make the plan again.', {
      versionId: target.id,
    });
  }
  if (plan.targetDraft) return;
  const [source] = await sourcesById(tx, [target.dataSourceId]);
  const isNewest = source?.releasedVersionNumber === target.number;
  if (isNewest && (!draft || draft.number === target.number + 1)) return;
  throw conflict('Another version of the target was released meanwhile. Make the plan again.', {
    versionId: target.id,
  });
}
