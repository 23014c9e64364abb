/**
 * Remembers a merge, for the next one: the version that was merged is what both sides hold in common from now on, but
 * for what was left out, field by field. What was merged from a draft is not remembered, since a draft still changes.
 */
import { type AccountTransaction, newId } from '@iroko/database';
import { conflict } from '@iroko/errors';
import { isUnlimited, NO_LIMITS } from '../comparisons/comparison';
import { createGroupLists, createPairs } from '../comparisons/pairs.sql';
import { recordVersionOrigin } from '../copies/copy.sql';
import { UNIT_FIELDS } from '../differences/difference';
import type { VersionRow } from '../versions/version';
import { versionsById } from '../versions/version.sql';
import { insertLeftOut, leavesAnythingOut } from './left-out.sql';
import { commonAncestor, createMergeBase } from './merge-base.sql';
import type { MergePlanRecord } from './merge-plan';

export interface Merge {
  plan: MergePlanRecord;
  from: VersionRow;
  /** The draft of the target, or its newest version, as it is before anything is written. */
  into: VersionRow;
  /** Whether the plan becomes change requests, of which nothing is merged yet. */
  isProposed: boolean;
}

/** Throws CONFLICT when a newer version of the source was merged since the plan was made. */
export async function recordMerge(tx: AccountTransaction, merge: Merge): Promise<void> {
  const { plan, from, into, isProposed } = merge;
  if (from.status !== 'RELEASED') return;
  const ancestor = await commonAncestor(tx, from.dataSourceId, into.dataSourceId);
  const [base = null] = ancestor ? await versionsById(tx, [ancestor.versionId]) : [];
  if (base?.dataSourceId === from.dataSourceId && base.number > from.number) {
    throw conflict(
      `Version ${base.number} of the source, which is newer, was merged meanwhile. Make a plan of that one.`,
      { versionId: base.id },
    );
  }
  const originId = newId();
  await recordVersionOrigin(tx, {
    id: originId,
    versionId: into.id,
    fromVersionId: from.id,
    kind: 'MERGE',
  });
  const { fields, limits = NO_LIMITS, matchBy } = plan.options;
  const isWhole =
    fields.length === UNIT_FIELDS.length &&
    isUnlimited(limits) &&
    plan.originId === (ancestor?.originId ?? null);
  if (isWhole && !isProposed && !(await leavesAnythingOut(tx, plan.id)).leaves) return;
  const sides = { before: into, after: from };
  await createPairs(tx, sides, matchBy);
  await createGroupLists(tx, sides);
  await createMergeBase(tx, sides, { originId: ancestor?.originId ?? null, base });
  await insertLeftOut(tx, {
    planId: plan.id,
    originId,
    sides,
    base,
    fields: UNIT_FIELDS,
    limits: NO_LIMITS,
    isProposed,
  });
}
