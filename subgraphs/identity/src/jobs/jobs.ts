/**
 * Who sees and manages which jobs: one's own always, those of others with jobs.read and jobs.manage. A job that the
 * viewer may not see is one that never was.
 */
import { type AccountDatabase, isId } from '@iroko/database';
import { forbidden, notFound, unauthenticated } from '@iroko/errors';
import type { Reference } from '@iroko/graph';
import { inOrderOf } from '@iroko/graph';
import { cancelJob, findJob, type JobFilter, type JobRecord, jobsById, retryJob } from '@iroko/jobs';
import { isWholeAccount, type Viewer } from '@iroko/viewer';
import type { IdentityContext } from '../context';
import { seesOwnOfToken } from '../tokens/own-of-token';
import type { JobFilterInput, JobType } from './job-type';

/** Whether the viewer sees the jobs of others: their results tell of the whole account. */
export function seesEveryJob(viewer: Viewer): boolean {
  if (!isWholeAccount(viewer.scope)) return false;
  return viewer.permissions.has('jobs.read') || viewer.permissions.has('jobs.manage');
}

export function seesJob(viewer: Viewer, job: Pick<JobRecord, 'userId' | 'tokenId'>): boolean {
  return seesEveryJob(viewer) || isOwnJob(viewer, job);
}

function isOwnJob(viewer: Viewer, job: Pick<JobRecord, 'userId' | 'tokenId'>): boolean {
  if (seesOwnOfToken(viewer)) return job.tokenId === viewer.tokenId;
  return viewer.userId !== null && job.userId === viewer.userId;
}

/** Throws NOT_FOUND. */
export async function visibleJob(db: AccountDatabase, viewer: Viewer, id: string): Promise<JobRecord> {
  const job = await findJob(db, id);
  if (!seesJob(viewer, job)) throw notFound('Job', id);
  return job;
}

/** Throws NOT_FOUND, FORBIDDEN and CONFLICT. */
export async function cancelVisibleJob(db: AccountDatabase, viewer: Viewer, id: string): Promise<JobRecord> {
  await managedJob(db, viewer, id);
  return cancelJob(db, id);
}

/** Throws NOT_FOUND, FORBIDDEN and CONFLICT. */
export async function retryVisibleJob(db: AccountDatabase, viewer: Viewer, id: string): Promise<JobRecord> {
  await managedJob(db, viewer, id);
  return retryJob(db, id);
}

async function managedJob(db: AccountDatabase, viewer: Viewer, id: string): Promise<void> {
  const job = await visibleJob(db, viewer, id);
  if (!isOwnJob(viewer, job) && !viewer.permissions.has('jobs.manage')) throw forbidden('jobs.manage');
}

/** The filter narrowed to what the viewer sees; undefined when that is nothing. */
export function visibleFilter(viewer: Viewer, input: JobFilterInput): JobFilter | undefined {
  if (viewer.userId === null && viewer.tokenId === null) throw unauthenticated();
  const asked = input.createdBy ?? null;
  if (asked !== null && !isId(asked)) return undefined;
  const { statuses, names } = input;
  if (seesEveryJob(viewer)) return { statuses, names, userId: asked };
  if (asked !== null && asked !== viewer.userId) return undefined;
  const tokenId = seesOwnOfToken(viewer) ? viewer.tokenId : null;
  return { statuses, names, userId: viewer.userId, tokenId };
}

export function jobType(job: JobRecord): JobType {
  const { progressDone, progressTotal, progressUnit, progressMessage, ...shown } = job;
  const progress =
    progressDone === null
      ? null
      : { done: progressDone, total: progressTotal, unit: progressUnit ?? '', message: progressMessage };
  return { ...shown, progress };
}

export async function jobReferences(
  context: IdentityContext,
  references: readonly Reference[],
): Promise<(JobType | undefined)[]> {
  if (context.viewer.kind === 'anonymous') return references.map(() => undefined);
  const ids = references.map(({ id }) => String(id));
  const jobs = await jobsById(context.db, ids.filter(isId));
  const visible = jobs.filter((job) => seesJob(context.viewer, job)).map(jobType);
  return inOrderOf(ids, visible, (job) => job.id);
}
