/** An operation by which more units go along than a request waits for: the same checks and writes, under the hold of the draft. */
import { defineJob } from '@iroko/jobs';
import { z } from 'zod';
import { onHeldDraft } from '../versions/held-draft';
import { carryOut } from './carry-out';
import { CLOSED_CHILDREN, LINEAGE_ENDINGS, LINEAGE_KINDS, type LineageOrder } from './lineage';
import { readScene } from './scene';

const named = z.object({ id: z.string(), expectedRevision: z.number() });

const order = z.object({
  kind: z.enum(LINEAGE_KINDS),
  ending: z.enum(LINEAGE_ENDINGS),
  effectiveOn: z.string(),
  reason: z.string(),
  predecessors: z.array(named),
  // The content of a unit is checked when it is written, as that of any edit.
  successors: z.array(
    z.object({ unit: named.nullable(), create: z.looseObject({ name: z.string() }).nullable() }),
  ),
  children: z.object({
    assigned: z.array(z.object({ unitId: z.string(), to: z.number() })),
    otherTo: z.number().nullable(),
    onClose: z.enum(CLOSED_CHILDREN),
    moveTo: z.string().nullable(),
  }),
  overlapTolerance: z.number(),
});

const input = z.object({ dataSourceId: z.string(), order });

export interface LineageReport {
  lineageId: string;
  versionId: string;
  moved: number;
  closedAlong: number;
}

export const lineageJob = defineJob<{ dataSourceId: string; order: LineageOrder }, LineageReport, unknown>({
  name: 'georegistry.lineage',
  input: input as unknown as z.ZodType<{ dataSourceId: string; order: LineageOrder }>,
  permission: 'org_units.edit',
  oneAtATimeBy: ({ dataSourceId }) => dataSourceId,
  retries: 2,
  handler: (job, { dataSourceId, order }) =>
    onHeldDraft(job, dataSourceId, async (tx) => {
      const scene = await readScene(tx, order, { jobId: job.id });
      const done = await carryOut(tx, order, scene, { jobId: job.id, sizeMax: Number.POSITIVE_INFINITY });
      const { id, moved, closedAlong } = done.lineage;
      return { lineageId: id, versionId: done.draft.id, moved, closedAlong };
    }),
});
