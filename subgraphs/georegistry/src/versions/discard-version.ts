/** Discarding a draft for a person: at once, or as a job where it holds so much that a request would wait too long. */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import { defineJob, enqueue } from '@iroko/jobs';
import { requireEveryUnit } from '@iroko/viewer';
import { z } from 'zod';
import { translatingRefusals } from '../refusals';
import { draftSize } from './discard.sql';
import { discardDraft, endHold, existingDraft } from './drafts';
import { recordVersion } from './edit-version';
import { setHold } from './version.sql';

/** What a request takes back at once: some tenths of a second. */
const UNITS_PER_REQUEST_MAX = 1000;

export interface Discarded {
  /** Taken back, or to be taken back by the job. */
  changedUnits: number;
  removedUnits: number;
  /** The job that does it, where there are too many for a request. */
  jobId: string | null;
}

/** Takes back everything the draft changed. Throws NOT_FOUND, CONFLICT without a draft or while a job holds it. */
export function discardVersion(
  db: AccountDatabase,
  sourceId: string,
  reason: string | undefined,
): Promise<Discarded> {
  requireEveryUnit(db.actor, 'Discarding a draft');
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const draft = await existingDraft(tx, sourceId);
      const size = await draftSize(tx, sourceId, draft.number);
      if (Math.max(size.states, size.paths) + size.removals > UNITS_PER_REQUEST_MAX) {
        const input = { dataSourceId: sourceId, versionId: draft.id, reason: reason ?? null };
        const jobId = await enqueue(tx, discardLargeDraft, input);
        return { changedUnits: size.states, removedUnits: size.removals, jobId };
      }
      return { ...(await discard(tx, sourceId, reason)), jobId: null };
    }),
  );
}

const discarding = z.object({
  dataSourceId: z.string(),
  versionId: z.string(),
  reason: z.string().nullable(),
});

/** Discards the draft that was seen; another one, opened since, stays. */
export const discardLargeDraft = defineJob<
  z.infer<typeof discarding>,
  { changedUnits: number; removedUnits: number },
  unknown
>({
  name: 'georegistry.discard-draft',
  input: discarding,
  permission: 'sources.edit',
  oneAtATimeBy: ({ dataSourceId }) => dataSourceId,
  retries: 2,
  handler: async (job, { dataSourceId, versionId, reason }) => {
    // The scope of whoever asked may have shrunk since.
    requireEveryUnit(job.db.actor, 'Discarding a draft');
    const writer = { jobId: job.id };
    await job.db.transaction(async (tx) => {
      const draft = await existingDraft(tx, dataSourceId, writer);
      if (draft.id === versionId) await setHold(tx, draft.id, job.id);
    });
    try {
      return await translatingRefusals(() =>
        job.complete(async (tx) => {
          const draft = await existingDraft(tx, dataSourceId, writer);
          if (draft.id !== versionId) return { changedUnits: 0, removedUnits: 0 };
          return discard(tx, dataSourceId, reason ?? undefined, writer);
        }),
      );
    } catch (error) {
      await job.db.transaction((tx) => endHold(tx, dataSourceId, job.id));
      throw error;
    }
  },
});

async function discard(
  tx: AccountTransaction,
  sourceId: string,
  reason: string | undefined,
  writer: { jobId?: string } = {},
): Promise<{ changedUnits: number; removedUnits: number }> {
  const { draft, states, removals } = await discardDraft(tx, sourceId, writer);
  const before = { number: draft.number, status: 'DRAFT', changedUnits: states, removedUnits: removals };
  await recordVersion(tx, draft, 'DISCARD', before, null, reason);
  return { changedUnits: states, removedUnits: removals };
}
