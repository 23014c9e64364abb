/** The job that applies a merge plan: all of it in one transaction, under the hold of the draft, or nothing. */
import { recordChange } from '@iroko/changes';
import { defineJob } from '@iroko/jobs';
import { requireWholeTrees } from '@iroko/viewer';
import { z } from 'zod';
import { type WrittenUnits, writeDraftUnits } from '../draft-writing/write-draft';
import { onHeldDraft } from '../versions/held-draft';
import { setPlan } from './merge-plan.sql';
import { recordMadeOrigins } from './merged-units.sql';
import { prepareMerge } from './prepare-merge';
import { recordMerge } from './record-merge';

export const finishInput = z.object({ planId: z.string(), dataSourceId: z.string() });

export interface MergeReport {
  version: { id: string; number: number };
  units: WrittenUnits;
  groups: { added: number };
}

export const applyMergeJob = defineJob<z.infer<typeof finishInput>, MergeReport>({
  name: 'georegistry.apply-merge',
  input: finishInput,
  permission: 'org_units.import',
  oneAtATimeBy: ({ dataSourceId }) => dataSourceId,
  // What is refused once is refused again: only a dead worker is another try worth.
  retries: 1,
  handler: (job, { planId, dataSourceId }) => {
    requireWholeTrees(job.db.actor, 'A merge');
    return onHeldDraft(job, dataSourceId, async (tx, draft) => {
      const say = async (step: string) => {
        job.throwIfStopped();
        await job.progress(0, null, 'units', step);
      };
      const { plan, sides, into, groups } = await prepareMerge(tx, planId, draft);
      const from = sides.after;
      await recordMerge(tx, { plan, from, into, isProposed: false });
      const units = await writeDraftUnits(tx, dataSourceId, draft.number, say);
      await recordMadeOrigins(tx);
      await setPlan(tx, planId, 'APPLIED', job.id);
      await recordChange(tx, {
        subjectType: 'SourceVersion',
        subjectId: draft.id,
        action: 'MERGE',
        before: null,
        after: { dataSourceId, number: draft.number, fromVersionId: from.id, mergePlanId: planId, units },
      });
      return { version: { id: draft.id, number: draft.number }, units, groups: { added: groups } };
    });
  },
});
