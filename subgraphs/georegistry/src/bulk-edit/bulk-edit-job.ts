/**
 * The job that edits a selection of units: one transaction, one event that names the versions between which the
 * change is to be seen, and the counts. Which unit changed how is the difference of those versions.
 */
import { recordChange } from '@iroko/changes';
import type { AccountTransaction } from '@iroko/database';
import { defineJob, type RunningJob } from '@iroko/jobs';
import { z } from 'zod';
import { newestNumber } from '../versions/find-version';
import { onHeldDraft } from '../versions/held-draft';
import type { VersionRow } from '../versions/version';
import { versionsByNumber } from '../versions/version.sql';
import { type BulkEditInput, bulkEditInput } from './bulk-changes';
import { type BulkEditReport, planBulkEdit, writeBulkEdit } from './bulk-edit';

export interface BulkEditResult extends BulkEditReport {
  dataSourceId: string;
  dryRun: boolean;
  /** The draft that has the changes; null for a dry run. */
  version: { id: string; number: number } | null;
}

const reasoned = bulkEditInput.extend({ reason: z.string().nullable() });
export type BulkEditJobInput = z.infer<typeof reasoned>;

export const bulkEditOrgUnits = defineJob<BulkEditJobInput, BulkEditResult>({
  name: 'georegistry.bulk-edit-org-units',
  input: reasoned as z.ZodType<BulkEditJobInput>,
  permission: 'org_units.edit',
  oneAtATimeBy: ({ dataSourceId }) => dataSourceId,
  retries: 2,
  handler: (job, input) => (input.dryRun ? tryOut(job, input) : edit(job, input)),
});

const edit = (job: RunningJob, input: BulkEditJobInput): Promise<BulkEditResult> =>
  onHeldDraft(job, input.dataSourceId, async (tx, draft) => {
    const { scope, ...report } = await planBulkEdit(tx, input, draft.number);
    await job.progress(0, report.changed, 'units');
    await writeBulkEdit(tx, draft, { changed: report.changed, scope }, async (done) => {
      job.throwIfStopped();
      await job.progress(done, report.changed, 'units');
    });
    if (report.changed > 0) await record(tx, input, draft, report);
    const { dataSourceId } = input;
    return { ...report, dataSourceId, dryRun: false, version: { id: draft.id, number: draft.number } };
  });

/** Carries the report of a dry run out of the transaction that is rolled back. */
class DryRunDone extends Error {
  constructor(readonly report: BulkEditReport) {
    super('The dry run is done.');
  }
}

/** Nothing is locked and nothing stays: the newest version is read as it is. */
export async function previewOf(
  db: Pick<RunningJob['db'], 'transaction'>,
  input: BulkEditInput,
  number: number,
): Promise<BulkEditReport> {
  try {
    return await db.transaction(async (tx) => {
      const { scope: _, ...report } = await planBulkEdit(tx, input, number);
      throw new DryRunDone(report);
    });
  } catch (error) {
    if (error instanceof DryRunDone) return error.report;
    throw error;
  }
}

async function tryOut(job: RunningJob, input: BulkEditJobInput): Promise<BulkEditResult> {
  const number = await newestNumber(job.db, input.dataSourceId);
  const report = await previewOf(job.db, input, number);
  return { ...report, dataSourceId: input.dataSourceId, dryRun: true, version: null };
}

async function record(
  tx: AccountTransaction,
  { dataSourceId, changes, filter, anyOf, reason }: BulkEditJobInput,
  draft: VersionRow,
  report: BulkEditReport,
): Promise<void> {
  const before = { dataSourceId, number: draft.number - 1 };
  const [earlier] = await versionsByNumber(tx, [before]);
  await recordChange(tx, {
    subjectType: 'SourceVersion',
    subjectId: draft.id,
    action: 'BULK_EDIT',
    before: null,
    after: {
      dataSourceId,
      fromVersionId: earlier?.id ?? null,
      toVersionId: draft.id,
      number: draft.number,
      changes,
      selection: { filter, anyOf },
      units: { changed: report.changed, moved: report.moved, unchanged: report.unchanged },
      skipped: Object.fromEntries(report.skipped.map((skip) => [skip.reason, skip.count])),
    },
    reason,
  });
}
