/**
 * Taking units out of a draft: at once, or as a job where so many go along that a request would wait too long. What the
 * job does is the same, with the same checks when it runs.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import { defineJob, enqueue } from '@iroko/jobs';
import { requireWritableTypes } from '@iroko/viewer';
import { z } from 'zod';
import { translatingRefusals } from '../refusals';
import { checkRevision } from '../revisions';
import { openedDraft } from '../versions/drafts';
import { onHeldDraft } from '../versions/held-draft';
import type { VersionRow } from '../versions/version';
import { type EditWords, recordUnit } from './edit-unit';
import { contentOf, type StateRow } from './state';
import { openUnitsBelow, subtreeSize, typesBelow } from './state.sql';
import { lockUnit, openPath, UNITS_PER_REQUEST_MAX } from './unit-in-draft';
import { removeUnits } from './write-state.sql';

export interface Removal {
  /** Taken out, or to be taken out by the job. */
  removedUnits: number;
  draft: VersionRow;
  /** The job that does it, where there are too many for a request. */
  jobId: string | null;
}

/**
 * Takes a unit out of the draft; released versions keep it. Throws NOT_FOUND, and CONFLICT for another revision, a
 * held draft, or children when they shall not go along.
 */
export function removeUnit(
  db: AccountDatabase,
  unitId: string,
  expectedRevision: number,
  withDescendants: boolean,
  words: EditWords = {},
): Promise<Removal> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const { state, locked } = await lockUnit(tx, unitId);
      checkRevision(expectedRevision, state.revision, []);
      const draft = await openedDraft(tx, locked);
      const path = await openPath(tx, unitId, draft);
      const { dataSourceId } = draft;
      const most = UNITS_PER_REQUEST_MAX + 1;
      if (withDescendants && (await subtreeSize(tx, dataSourceId, [path], most)) === most) {
        requireWritableTypes(tx.actor, await typesGoing(tx, state, path, true));
        const input = { unitId, dataSourceId, expectedRevision, reason: words.reason ?? null };
        const jobId = await enqueue(tx, removeSubtree, input);
        const { count } = await openUnitsBelow(tx, dataSourceId, path);
        return { removedUnits: count, draft, jobId };
      }
      const removedUnits = await removeFrom(tx, state, draft, withDescendants, words);
      return { removedUnits, draft, jobId: null };
    }),
  );
}

const removal = z.object({
  unitId: z.string(),
  dataSourceId: z.string(),
  expectedRevision: z.number(),
  reason: z.string().nullable(),
});

/** A unit with everything below it. */
export const removeSubtree = defineJob<
  z.infer<typeof removal>,
  { removedUnits: number; versionId: string },
  unknown
>({
  name: 'georegistry.remove-org-units',
  input: removal,
  permission: 'org_units.edit',
  oneAtATimeBy: ({ dataSourceId }) => dataSourceId,
  retries: 2,
  handler: (job, { unitId, dataSourceId, expectedRevision, reason }) =>
    onHeldDraft(job, dataSourceId, async (tx, draft) => {
      const { state } = await lockUnit(tx, unitId, { jobId: job.id });
      checkRevision(expectedRevision, state.revision, []);
      const removedUnits = await removeFrom(tx, state, draft, true, { reason: reason ?? undefined });
      return { removedUnits, versionId: draft.id };
    }),
});

async function removeFrom(
  tx: AccountTransaction,
  state: StateRow,
  draft: VersionRow,
  withDescendants: boolean,
  words: EditWords,
): Promise<number> {
  const path = await openPath(tx, state.unitId, draft);
  requireWritableTypes(tx.actor, await typesGoing(tx, state, path, withDescendants));
  const removedUnits = await removeUnits(tx, draft.dataSourceId, draft.number, path, withDescendants);
  const before = { ...contentOf(state), removedUnits, versionId: draft.id };
  await recordUnit(tx, state.unitId, 'REMOVE', before, null, words);
  return removedUnits;
}

/** The types of what a removal takes; looked up only for an editor who may not write all of them. */
async function typesGoing(
  tx: AccountTransaction,
  state: StateRow,
  path: Buffer,
  withDescendants: boolean,
): Promise<(string | null)[]> {
  if (!withDescendants || !tx.actor.scope?.writableTypes) return [state.typeId];
  return (await typesBelow(tx, state.dataSourceId, path)).map(({ typeId }) => typeId);
}
