/**
 * A job that fills a draft: it holds the draft from its first moment, so that edits meanwhile are refused and name it,
 * writes in one transaction that commits only while its lease is held, and leaves no draft that it opened for nothing.
 */
import type { AccountTransaction } from '@iroko/database';
import type { RunningJob } from '@iroko/jobs';
import { cancelOnAbort } from '../imports/cancel-statement';
import { refreshStatistics } from '../imports/statistics.sql';
import { translatingRefusals } from '../refusals';
import { discardDraft, endHold, holdDraft, lockDraft } from '../versions/drafts';
import type { VersionRow } from '../versions/version';
import { draftOfSource } from '../versions/version.sql';

export async function fillDraftByJob<Report>(
  job: RunningJob,
  dataSourceId: string,
  fill: (tx: AccountTransaction, draft: VersionRow) => Promise<Report>,
): Promise<Report> {
  const isOpen = (await draftOfSource(job.db, dataSourceId)) !== undefined;
  await job.db.transaction((tx) => holdDraft(tx, dataSourceId, job.id));
  try {
    const report = await translatingRefusals(() =>
      job.complete(async (tx) => {
        const stop = await cancelOnAbort(tx, job);
        try {
          const { draft } = await lockDraft(tx, dataSourceId, { jobId: job.id });
          const written = await fill(tx, draft);
          await endHold(tx, dataSourceId, job.id);
          return written;
        } finally {
          stop();
        }
      }),
    );
    // What is read next shall be planned for the tree there is now. Nothing is lost when it fails.
    await refreshStatistics(job.db).catch((error: unknown) =>
      job.logger.warn({ err: error }, 'no statistics'),
    );
    return report;
  } catch (error) {
    await job.db.transaction(async (tx) => {
      await endHold(tx, dataSourceId, job.id);
      if (!isOpen) await discardDraft(tx, dataSourceId);
    });
    throw error;
  }
}
