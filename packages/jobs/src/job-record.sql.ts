/**
 * Jobs as people see, cancel and retry them.
 */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import type { JobError } from './failure';

export type JobStatus = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

export interface JobRecord {
  id: string;
  name: string;
  status: JobStatus;
  reason: string | null;
  userId: string | null;
  tokenId: string | null;
  requestId: string;
  attempt: number;
  maxAttempts: number;
  progressDone: number | null;
  progressTotal: number | null;
  progressUnit: string | null;
  progressMessage: string | null;
  result: unknown;
  error: JobError | null;
  createdAt: Date;
  /** When it may run, for one that waits for another attempt. */
  runAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  cancelRequestedAt: Date | null;
}

const columns = (db: AccountDatabase) =>
  db.sql.raw(`j.id, j.name, j.status, j.reason, j.user_id AS "userId", j.token_id AS "tokenId",
    j.request_id AS "requestId", j.attempt,
    j.max_attempts AS "maxAttempts", j.progress_done AS "progressDone", j.progress_total AS "progressTotal",
    j.progress_unit AS "progressUnit", j.progress_message AS "progressMessage", j.result, j.error,
    j.created_at AS "createdAt", j.run_at AS "runAt", j.started_at AS "startedAt", j.finished_at AS "finishedAt",
    j.cancel_requested_at AS "cancelRequestedAt"`);

export const jobsById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<JobRecord>(db.sql`
    SELECT ${columns(db)}
    FROM platform.job j
    WHERE j.account_id = ${db.account} AND j.id = ANY (${ids}::uuid[])`);

export interface JobFilter {
  /** Any of these. */
  statuses?: readonly JobStatus[] | null;
  /** Any of these. */
  names?: readonly string[] | null;
  /** Whoever asked for it. */
  userId?: string | null;
  /** The token by which it was asked for. */
  tokenId?: string | null;
}

/** Newest first, older than the given job. */
export const jobsPage = (db: AccountDatabase, filter: JobFilter, beforeId: string | null, limit: number) =>
  db.rows<JobRecord>(db.sql`
    SELECT ${columns(db)}
    FROM platform.job j
    WHERE j.account_id = ${db.account} ${conditions(db, filter)}
      ${beforeId === null ? db.sql.raw('') : db.sql`AND j.id < ${beforeId}`}
    ORDER BY j.id DESC
    LIMIT ${limit}`);

export const countJobs = (db: AccountDatabase, filter: JobFilter) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM platform.job j WHERE j.account_id = ${db.account} ${conditions(db, filter)}`);

function conditions(db: AccountDatabase, filter: JobFilter): Statement {
  const parts: Statement[] = [];
  if (filter.statuses) parts.push(db.sql`AND j.status = ANY (${filter.statuses}::text[])`);
  if (filter.names) parts.push(db.sql`AND j.name = ANY (${filter.names}::text[])`);
  if (filter.userId) parts.push(db.sql`AND j.user_id = ${filter.userId}`);
  if (filter.tokenId) parts.push(db.sql`AND j.token_id = ${filter.tokenId}`);
  return db.sql.join(parts, ' ');
}

/** A queued job ends at once; a running one is asked to stop. No row: it has ended, or there is none. */
export const cancelUnfinished = (tx: AccountTransaction, id: string) =>
  tx.maybe<JobRecord>(tx.sql`
    UPDATE platform.job j
    SET status = CASE WHEN j.status = 'QUEUED' THEN 'CANCELLED' ELSE j.status END,
        finished_at = CASE WHEN j.status = 'QUEUED' THEN now() END,
        cancel_requested_at = COALESCE(j.cancel_requested_at, now()),
        cancel_requested_by = COALESCE(j.cancel_requested_by, ${tx.actor.userId ?? null}::uuid),
        updated_at = now()
    WHERE j.account_id = ${tx.account} AND j.id = ${id} AND j.status IN ('QUEUED', 'RUNNING')
    RETURNING ${columns(tx)}`);

/** As new: every attempt counts again. No row: it has neither failed nor been cancelled, or there is none. */
export const queueAgain = (tx: AccountTransaction, id: string) =>
  tx.maybe<JobRecord>(tx.sql`
    UPDATE platform.job j
    SET status = 'QUEUED', attempt = 0, run_at = now(), delivery = j.delivery + 1, relays = 0, relay_at = now(),
        cancel_requested_at = NULL, cancel_requested_by = NULL, progress_done = NULL, progress_total = NULL,
        progress_unit = NULL, progress_message = NULL, error = NULL, started_at = NULL, finished_at = NULL,
        updated_at = now()
    WHERE j.account_id = ${tx.account} AND j.id = ${id} AND j.status IN ('FAILED', 'CANCELLED')
    RETURNING ${columns(tx)}`);

export interface JobLogRecord {
  id: string;
  at: Date;
  attempt: number;
  level: 'INFO' | 'WARNING' | 'ERROR';
  message: string;
}

/** In the order in which they were written, after the given line. */
export const jobLogPage = (db: AccountDatabase, jobId: string, afterId: string | null, limit: number) =>
  db.rows<JobLogRecord>(db.sql`
    SELECT l.id, l.at, l.attempt, l.level, l.message
    FROM platform.job_log l
    WHERE l.account_id = ${db.account} AND l.job_id = ${jobId}
      ${afterId === null ? db.sql.raw('') : db.sql`AND l.id > ${afterId}`}
    ORDER BY l.id
    LIMIT ${limit}`);
