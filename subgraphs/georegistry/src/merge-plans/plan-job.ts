/** The job that makes a merge plan: three trees are read whole. */
import { isId } from '@iroko/database';
import { notFound } from '@iroko/errors';
import { defineJob } from '@iroko/jobs';
import { requireWholeTrees } from '@iroko/viewer';
import { z } from 'zod';
import { createSubtrees } from '../comparisons/compared-fields.sql';
import { findMovedShapes } from '../comparisons/moved-shapes';
import { createGroupLists, createPairs, type Sides } from '../comparisons/pairs.sql';
import { cancelOnAbort } from '../imports/cancel-statement';
import { versionsById } from '../versions/version.sql';
import { createMergeBase } from './merge-base.sql';
import { countRows, planForWriting, setPlan } from './merge-plan.sql';
import { writePlanRows } from './plan.sql';

export interface PlanReport {
  planId: string;
  rows: number;
  conflicts: number;
  open: number;
}

export const planMergeJob = defineJob<{ planId: string }, PlanReport>({
  name: 'georegistry.plan-merge',
  input: z.object({ planId: z.string() }),
  permission: 'org_units.import',
  handler: (job, { planId }) => {
    requireWholeTrees(job.db.actor, 'A merge');
    return job.complete(async (tx) => {
      const stop = await cancelOnAbort(tx, job);
      try {
        const plan = await planForWriting(tx, planId);
        if (!plan) throw notFound('MergePlan', planId);
        const ids = [plan.targetVersionId, plan.fromVersionId, plan.baseVersionId ?? plan.fromVersionId];
        const versions = new Map((await versionsById(tx, ids)).map((version) => [version.id, version]));
        const [before, after] = [versions.get(plan.targetVersionId), versions.get(plan.fromVersionId)];
        if (!before || !after) throw notFound('MergePlan', planId);
        const sides: Sides = { before, after };
        await createPairs(tx, sides, plan.options.matchBy);
        await createGroupLists(tx, sides);
        const base = plan.baseVersionId === null ? null : (versions.get(plan.baseVersionId) ?? null);
        await createMergeBase(tx, sides, { originId: plan.originId, base });
        const { subtrees } = plan.options.limits ?? {};
        if (subtrees) await createSubtrees(tx, sides, subtrees.filter(isId));
        const { areaTolerance = null } = plan.options.limits ?? {};
        if (areaTolerance !== null && plan.options.fields.includes('SHAPE')) {
          await findMovedShapes(tx, sides, areaTolerance, () => job.throwIfStopped());
        }
        const rows = await writePlanRows(tx, { planId, sides, base, options: plan.options });
        await setPlan(tx, planId, 'READY', null);
        const { count: conflicts } = await countRows(tx, planId, { hasConflict: true });
        const { count: open } = await countRows(tx, planId, { isOpen: true });
        return { planId, rows, conflicts, open };
      } finally {
        stop();
      }
    });
  },
});
