/**
 * Cancelling a job, and asking for it again. Who may do so is decided by whoever calls.
 */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, isId } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import { QUEUED_CHANNEL } from './enqueue';
import { cancelUnfinished, type JobRecord, jobsById, queueAgain } from './job-record.sql';

/** Throws NOT_FOUND. */
export async function findJob(db: AccountDatabase, id: string): Promise<JobRecord> {
  const [job] = isId(id) ? await jobsById(db, [id]) : [];
  if (!job) throw notFound('Job', id);
  return job;
}

/**
 * Ends a queued job at once and asks a running one to stop, which it does within a second or when its work lets it.
 * Cancelling twice is no error. Throws NOT_FOUND, and CONFLICT for a job that has ended otherwise.
 */
export async function cancelJob(db: AccountDatabase, id: string): Promise<JobRecord> {
  const before = await findJob(db, id);
  return db.transaction(async (tx) => {
    const job = await cancelUnfinished(tx, id);
    if (!job) {
      const ended = await findJob(tx, id);
      if (ended.status === 'CANCELLED') return ended;
      throw conflict(`The job has ended as ${ended.status}; there is nothing to cancel.`, { jobId: id });
    }
    if (before.cancelRequestedAt) return job;
    await recordChange(tx, {
      subjectType: 'Job',
      subjectId: id,
      action: 'CANCEL',
      before: { status: before.status },
      after: { status: job.status, cancelRequestedAt: job.cancelRequestedAt },
    });
    return job;
  });
}

/** Throws NOT_FOUND, and CONFLICT for a job that has neither failed nor been cancelled. */
export async function retryJob(db: AccountDatabase, id: string): Promise<JobRecord> {
  const before = await findJob(db, id);
  return db.transaction(async (tx) => {
    const job = await queueAgain(tx, id);
    if (!job) {
      const { status } = await findJob(tx, id);
      throw conflict(`The job is ${status}; only one that is FAILED or CANCELLED can be run again.`, {
        jobId: id,
      });
    }
    await recordChange(tx, {
      subjectType: 'Job',
      subjectId: id,
      action: 'RETRY',
      before: { status: before.status, error: before.error },
      after: { status: job.status, error: null },
    });
    await tx.notify(QUEUED_CHANNEL, '');
    return job;
  });
}
