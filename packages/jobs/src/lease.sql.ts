/**
 * The statements by which a worker takes a job, keeps it and ends it. Whoever ends or takes away a lease locks the
 * row against the key-share lock of `lockLease`; renewals and progress do not wait for it. So a long commit keeps
 * its lease alive and nobody can take it meanwhile.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import type { JobError } from './failure';

export interface ClaimedJob {
  id: string;
  accountId: string;
  name: string;
  input: unknown;
  attempt: number;
  maxAttempts: number;
  userId: string | null;
  tokenId: string | null;
  onBehalfOf: string | null;
  requestId: string;
  queuedForMs: number;
}

/** Which run holds the job. */
export interface LeaseKey {
  jobId: string;
  owner: string;
}

const until = (db: AccountDatabase, leaseMs: number) =>
  db.sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1000}::float8)`;

/** Violates job_one_at_a_time while another job with the same key runs. */
export const claimJob = (db: AccountDatabase, lease: LeaseKey, leaseMs: number) =>
  db.maybe<ClaimedJob>(db.sql`
    UPDATE platform.job j
    SET status = 'RUNNING', attempt = j.attempt + 1, lease_owner = ${lease.owner}, lease_until = ${until(db, leaseMs)},
        started_at = COALESCE(j.started_at, now()), updated_at = now(), error = NULL
    WHERE j.account_id = ${db.account} AND j.id = ${lease.jobId} AND j.status = 'QUEUED' AND j.run_at <= now()
    RETURNING j.id, j.account_id AS "accountId", j.name, j.input, j.attempt, j.max_attempts AS "maxAttempts",
              j.user_id AS "userId", j.token_id AS "tokenId", j.on_behalf_of AS "onBehalfOf",
              j.request_id AS "requestId",
              extract(epoch FROM now() - j.run_at)::float8 * 1000 AS "queuedForMs"`);

/** The queue shall bring it again, under a new number, after a while. */
export const askAgain = (db: AccountDatabase, jobId: string, delivery: number, delayMs: number) =>
  db.execute(db.sql`
    UPDATE platform.job j
    SET delivery = j.delivery + 1, relays = 0, relay_at = now() + make_interval(secs => ${delayMs / 1000}::float8)
    WHERE j.account_id = ${db.account} AND j.id = ${jobId} AND j.status = 'QUEUED' AND j.delivery = ${delivery}`);

export interface Beat {
  cancelled: boolean;
}

/** No row: the lease is lost. */
export const renewLease = (db: AccountDatabase, lease: LeaseKey, leaseMs: number) =>
  db.maybe<Beat>(db.sql`
    UPDATE platform.job j
    SET lease_until = ${until(db, leaseMs)}
    WHERE j.account_id = ${db.account} AND j.id = ${lease.jobId} AND j.lease_owner = ${lease.owner}
    RETURNING j.cancel_requested_at IS NOT NULL AS cancelled`);

export const lookAtLease = (db: AccountDatabase, lease: LeaseKey) =>
  db.maybe<Beat>(db.sql`
    SELECT j.cancel_requested_at IS NOT NULL AS cancelled
    FROM platform.job j
    WHERE j.account_id = ${db.account} AND j.id = ${lease.jobId} AND j.lease_owner = ${lease.owner}`);

/** Within the transaction that commits results: from here to the commit nobody takes the lease. */
export const lockLease = (tx: AccountTransaction, lease: LeaseKey) =>
  tx.maybe<Beat>(tx.sql`
    SELECT j.cancel_requested_at IS NOT NULL AS cancelled
    FROM platform.job j
    WHERE j.account_id = ${tx.account} AND j.id = ${lease.jobId} AND j.lease_owner = ${lease.owner}
    FOR KEY SHARE`);

export interface Progress {
  done: number;
  total: number | null;
  unit: string;
  message: string | null;
}

export const writeProgress = (db: AccountDatabase, lease: LeaseKey, progress: Progress) =>
  db.execute(db.sql`
    UPDATE platform.job j
    SET progress_done = ${progress.done}, progress_total = ${progress.total}, progress_unit = ${progress.unit},
        progress_message = ${progress.message}, updated_at = now()
    WHERE j.account_id = ${db.account} AND j.id = ${lease.jobId} AND j.lease_owner = ${lease.owner}`);

export const succeed = (db: AccountDatabase, lease: LeaseKey, result: string | null) =>
  db.execute(db.sql`
    UPDATE platform.job j
    SET status = 'SUCCEEDED', result = ${result}, error = NULL, lease_owner = NULL, lease_until = NULL,
        finished_at = clock_timestamp(), updated_at = now()
    WHERE j.account_id = ${db.account} AND j.id = ${lease.jobId} AND j.lease_owner = ${lease.owner}`);

export const endUnfinished = (
  db: AccountDatabase,
  lease: LeaseKey,
  status: 'FAILED' | 'CANCELLED',
  error: JobError | null,
) =>
  db.execute(db.sql`
    UPDATE platform.job j
    SET status = ${status}, error = ${error === null ? null : JSON.stringify(error)}, lease_owner = NULL,
        lease_until = NULL, finished_at = clock_timestamp(), updated_at = now()
    WHERE j.account_id = ${db.account} AND j.id = ${lease.jobId} AND j.lease_owner = ${lease.owner}`);

/** Back to the queue after the delay; `attemptCounts` is false where the attempt was stopped through no fault of its own. */
export const backToQueue = (
  db: AccountDatabase,
  lease: LeaseKey,
  again: { delayMs: number; attemptCounts: boolean; error: JobError | null },
) =>
  db.execute(db.sql`
    UPDATE platform.job j
    SET status = 'QUEUED', attempt = j.attempt - ${again.attemptCounts ? 0 : 1}::int, lease_owner = NULL,
        lease_until = NULL, delivery = j.delivery + 1, relays = 0,
        run_at = now() + make_interval(secs => ${again.delayMs / 1000}::float8),
        relay_at = now() + make_interval(secs => ${again.delayMs / 1000}::float8),
        error = ${again.error === null ? null : JSON.stringify(again.error)}, updated_at = now()
    WHERE j.account_id = ${db.account} AND j.id = ${lease.jobId} AND j.lease_owner = ${lease.owner}`);

export const insertLogLine = (
  db: AccountDatabase,
  line: { id: string; jobId: string; attempt: number; level: string; message: string },
) =>
  db.execute(db.sql`
    INSERT INTO platform.job_log (account_id, id, job_id, attempt, level, message)
    VALUES (${db.account}, ${line.id}, ${line.jobId}, ${line.attempt}, ${line.level}, ${line.message})`);

export const wakeRelays = (db: AccountDatabase, channel: string) =>
  db.execute(db.sql`SELECT pg_notify(${channel}, '')`);
