/**
 * The job that copies a version, or a subtree of it, into the draft of another source: as a new tree where that source
 * is empty, else as an update. Copies remember what they were copied from, so that a later merge knows the ancestor.
 */
import { recordChange } from '@iroko/changes';
import { type AccountTransaction, newId } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import { defineJob, type RunningJob } from '@iroko/jobs';
import { requireWholeTrees } from '@iroko/viewer';
import { z } from 'zod';
import { counterpartOf, createPairs, type Sides } from '../comparisons/pairs.sql';
import { createDraftUnits } from '../draft-writing/draft-unit.sql';
import { type WrittenUnits, writeDraftUnits } from '../draft-writing/write-draft';
import { commonAncestor } from '../merge-plans/merge-base.sql';
import { pathsInVersion, statesInVersion } from '../org-units/state.sql';
import { onHeldDraft } from '../versions/held-draft';
import type { VersionRow } from '../versions/version';
import { versionsById } from '../versions/version.sql';
import {
  createCopied,
  fillAbsent,
  fillCopied,
  recordUnitOrigins,
  recordVersionOrigin,
  takeGroups,
} from './copy.sql';
import { takeGroupSets, takeLinks } from './copy-around.sql';
import { insertLeftOutOfCopy } from './left-out-of-copy.sql';

export const copyInput = z.object({
  versionId: z.string(),
  dataSourceId: z.string(),
  subtree: z.string().nullable(),
  parentId: z.string().nullable(),
  absentUnits: z.enum(['KEEP', 'REMOVE']),
});
export type CopyInput = z.infer<typeof copyInput>;

export interface CopyReport {
  version: { id: string; number: number };
  units: WrittenUnits;
  groups: { added: number };
  groupSets: { added: number };
  links: { added: number };
}

export const copyVersionJob = defineJob<CopyInput, CopyReport>({
  name: 'georegistry.copy-version',
  input: copyInput,
  permission: 'org_units.import',
  oneAtATimeBy: ({ dataSourceId }) => dataSourceId,
  handler: (job, input) => {
    requireWholeTrees(job.db.actor, 'Copying a version');
    return onHeldDraft(job, input.dataSourceId, (tx, draft) => copy(tx, job, input, draft));
  },
});

async function copy(
  tx: AccountTransaction,
  job: RunningJob,
  input: CopyInput,
  draft: VersionRow,
): Promise<CopyReport> {
  const [before] = await versionsById(tx, [input.versionId]);
  if (!before) throw notFound('SourceVersion', input.versionId);
  const sides: Sides = { before, after: draft };
  const say = async (step: string) => {
    job.throwIfStopped();
    await job.progress(0, null, 'units', step);
  };
  await say('Matching with the units there are');
  await createPairs(tx, sides, 'ORIGIN');
  const top = input.subtree === null ? undefined : await subtreeOf(tx, sides, input);
  await createCopied(tx, sides, top?.path);
  const groups = await takeGroups(tx, sides, 'SELECT c.from_id FROM copied c');
  await createDraftUnits(tx);
  await fillCopied(tx, sides, top?.root ?? null);
  if (input.absentUnits === 'REMOVE') await fillAbsent(tx, sides);
  const units = await writeDraftUnits(tx, draft.dataSourceId, draft.number, say);
  const groupSets = await takeGroupSets(tx, sides);
  const links = await takeLinks(tx, sides);
  await recordUnitOrigins(tx);
  await recordOrigin(tx, sides, top !== undefined);
  await recordChange(tx, {
    subjectType: 'SourceVersion',
    subjectId: draft.id,
    action: 'COPY',
    before: null,
    after: {
      dataSourceId: draft.dataSourceId,
      number: draft.number,
      fromVersionId: before.id,
      subtree: input.subtree,
      units,
      links,
    },
  });
  return {
    version: { id: draft.id, number: draft.number },
    units,
    groups: { added: groups },
    groupSets: { added: groupSets },
    links: { added: links },
  };
}

/** A later merge goes on from here; of what lies outside of a subtree nothing new is agreed. */
async function recordOrigin(tx: AccountTransaction, sides: Sides, isSubtree: boolean): Promise<void> {
  const { before, after } = sides;
  const ancestor = await commonAncestor(tx, before.dataSourceId, after.dataSourceId);
  const originId = newId();
  await recordVersionOrigin(tx, {
    id: originId,
    versionId: after.id,
    fromVersionId: before.id,
    kind: 'COPY',
  });
  if (!isSubtree) return;
  const [base] = ancestor ? await versionsById(tx, [ancestor.versionId]) : [];
  const earlier = ancestor && base ? { originId: ancestor.originId, base } : undefined;
  await insertLeftOutOfCopy(tx, sides, { originId, earlier });
}

/** Where the subtree hangs in the target: below the parent named, else below the counterpart of its own parent. */
async function subtreeOf(
  tx: AccountTransaction,
  { before, after }: Sides,
  { subtree, parentId }: CopyInput,
): Promise<{ path: Buffer; root: string | null }> {
  const unitId = subtree ?? '';
  const [place] = await pathsInVersion(tx, [unitId], before.number);
  const [state] = await statesInVersion(tx, [unitId], before.dataSourceId, before.number);
  if (!place || !state) throw notFound('OrgUnit', unitId);
  if (state.parentId === null && parentId === null) return { path: place.path, root: null };
  const pair = parentId ?? (await counterpartOf(tx, state.parentId));
  const [parent] = pair ? await statesInVersion(tx, [pair], after.dataSourceId, after.number) : [];
  if (parent) return { path: place.path, root: parent.unitId };
  throw conflict(
    'What stands above the subtree has no counterpart in the target. Name the unit there that it shall hang below (parentId).',
    { path: ['input', 'parentId'] },
  );
}
