/**
 * The statements of the relay, which looks across accounts.
 */
import type { SystemDatabase } from '@iroko/database';
import type { Delivery } from './carrier';

/**
 * Jobs that are due and were not handed to the queue lately, marked as handed over. A job waits while another with
 * its key runs or is ahead of it.
 */
export const takeDueJobs = (db: SystemDatabase, limit: number, firstRetryMs: number) =>
  db.rows<Delivery>(db.sql`
    WITH due AS (
      SELECT j.account_id, j.id
      FROM platform.job j
      WHERE j.status = 'QUEUED' AND j.relay_at <= now()
        AND (j.one_at_a_time_key IS NULL OR NOT EXISTS (
          SELECT 1 FROM platform.job o
          WHERE o.account_id = j.account_id AND o.one_at_a_time_key = j.one_at_a_time_key
            AND (o.status = 'RUNNING' OR (o.status = 'QUEUED' AND o.run_at <= now() AND o.id < j.id))
        ))
      ORDER BY j.relay_at
      LIMIT ${limit}
      FOR NO KEY UPDATE OF j SKIP LOCKED
    )
    UPDATE platform.job j
    SET relays = j.relays + 1,
        relay_at = now() + LEAST(interval '5 minutes',
                                 make_interval(secs => ${firstRetryMs / 1000}::float8) * 2 ^ LEAST(j.relays, 10))
    FROM due
    WHERE j.account_id = due.account_id AND j.id = due.id AND j.status = 'QUEUED'
    RETURNING j.account_id AS "accountId", j.id AS "jobId", j.name, j.delivery`);

/** The queue did not take them. */
export const relaySoon = (db: SystemDatabase, jobIds: readonly string[], delayMs: number) =>
  db.execute(db.sql`
    UPDATE platform.job j
    SET relay_at = now() + make_interval(secs => ${delayMs / 1000}::float8)
    WHERE j.id = ANY (${jobIds}::uuid[]) AND j.status = 'QUEUED'`);

export interface RecoveredJob {
  accountId: string;
  jobId: string;
  name: string;
  status: string;
  attempt: number;
}

/** Jobs whose lease ran out. One whose worker is just committing is locked, so it is passed over. */
export const recoverJobs = (db: SystemDatabase, limit: number) =>
  db.rows<RecoveredJob>(db.sql`
    WITH dead AS (
      SELECT j.account_id, j.id
      FROM platform.job j
      WHERE j.status = 'RUNNING' AND j.lease_until < clock_timestamp()
      ORDER BY j.lease_until
      LIMIT ${limit}
      FOR UPDATE SKIP LOCKED
    ), recovered AS (
      UPDATE platform.job j
      SET status = CASE WHEN j.cancel_requested_at IS NOT NULL THEN 'CANCELLED'
                        WHEN j.attempt >= j.max_attempts THEN 'FAILED'
                        ELSE 'QUEUED' END,
          finished_at = CASE WHEN j.cancel_requested_at IS NOT NULL OR j.attempt >= j.max_attempts
                             THEN clock_timestamp() END,
          error = CASE WHEN j.cancel_requested_at IS NULL AND j.attempt >= j.max_attempts
                       THEN '{"code": "INTERNAL", "message": "The worker that ran this job ended without a word, and not for the first time."}'::jsonb END,
          lease_owner = NULL, lease_until = NULL, delivery = j.delivery + 1, relays = 0, run_at = now(),
          relay_at = now(), updated_at = now()
      FROM dead
      WHERE j.account_id = dead.account_id AND j.id = dead.id
      RETURNING j.account_id, j.id, j.name, j.status, j.attempt
    ), told AS (
      INSERT INTO platform.job_log (account_id, id, job_id, attempt, level, message)
      SELECT r.account_id, platform.uuid_v7(), r.id, r.attempt, 'WARNING',
             'The worker that ran this attempt ended without a word.'
      FROM recovered r
    )
    SELECT r.account_id AS "accountId", r.id AS "jobId", r.name, r.status, r.attempt FROM recovered r`);

export interface ScheduledJob {
  id: string;
  accountId: string;
  name: string;
  everyHours: number;
  maxAttempts: number;
}

/** Once per account, job and span of hours, whichever relay comes first. */
export const insertScheduled = (db: SystemDatabase, job: ScheduledJob) =>
  db.execute(db.sql`
    INSERT INTO platform.job (account_id, id, name, input, idempotency_key, request_id, max_attempts)
    VALUES (${job.accountId}, ${job.id}, ${job.name}, '{}',
            'schedule ' || floor(extract(epoch FROM now()) / (${job.everyHours}::float8 * 3600))::text,
            'schedule-' || ${job.id}::text, ${job.maxAttempts})
    ON CONFLICT (account_id, name, idempotency_key) DO NOTHING`);

/** For the drain of tests: everything that is queued, back-off or not, in the order in which it was asked for. */
export const queuedJobs = (db: SystemDatabase) =>
  db.rows<Delivery>(db.sql`
    UPDATE platform.job j
    SET run_at = LEAST(j.run_at, now())
    FROM (SELECT q.account_id, q.id FROM platform.job q WHERE q.status = 'QUEUED' ORDER BY q.id FOR UPDATE) q
    WHERE j.account_id = q.account_id AND j.id = q.id
    RETURNING j.account_id AS "accountId", j.id AS "jobId", j.name, j.delivery`);
