/**
 * Work of a job on a draft: it holds the draft from its first moment, so that edits meanwhile are refused and name it,
 * and writes in one transaction that commits only while its lease is held. Whatever ends it, the tree is as before or
 * as the result says.
 */
import type { AccountTransaction } from '@iroko/database';
import type { RunningJob } from '@iroko/jobs';
import { cancelOnAbort } from '../imports/cancel-statement';
import { refreshStatistics } from '../imports/statistics.sql';
import { translatingRefusals } from '../refusals';
import { discardDraft, endHold, holdDraft, lockDraft } from './drafts';
import type { VersionRow } from './version';
import { draftOfSource } from './version.sql';

/** Throws CONFLICT for a read-only source and while another job holds the draft, and whatever the work throws. */
export async function onHeldDraft<Result>(
  job: RunningJob,
  dataSourceId: string,
  work: (tx: AccountTransaction, draft: VersionRow) => Promise<Result>,
): Promise<Result> {
  const isOpen = (await draftOfSource(job.db, dataSourceId)) !== undefined;
  await job.db.transaction((tx) => holdDraft(tx, dataSourceId, job.id));
  try {
    const result = await translatingRefusals(() =>
      job.complete(async (tx) => {
        const stop = await cancelOnAbort(tx, job);
        try {
          const { draft } = await lockDraft(tx, dataSourceId, { jobId: job.id });
          const done = await work(tx, draft);
          await endHold(tx, dataSourceId, job.id);
          return done;
        } finally {
          stop();
        }
      }),
    );
    // What is read next shall be planned for the tree there is now. Nothing is lost when it fails.
    await refreshStatistics(job.db).catch((error: unknown) =>
      job.logger.warn({ err: error }, 'no statistics'),
    );
    return result;
  } catch (error) {
    await job.db.transaction(async (tx) => {
      await endHold(tx, dataSourceId, job.id);
      // A draft that was opened for nothing else goes again.
      if (!isOpen) await discardDraft(tx, dataSourceId);
    });
    throw error;
  }
}
