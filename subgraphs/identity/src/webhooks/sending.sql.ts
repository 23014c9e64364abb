/**
 * The statements by which deliveries are made and sent. Who sends for a webhook holds its lease.
 */
import type { AccountDatabase, AccountTransaction, SystemDatabase } from '@iroko/database';

/** Webhooks with something to do, of any account, taken by this owner. */
export const takeWebhooks = (db: SystemDatabase, owner: string, limit: number, leaseMs: number) =>
  db.rows<{ accountId: string; id: string }>(db.sql`
    WITH due AS (
      SELECT w.account_id, w.id
      FROM identity.webhook w
      WHERE w.disabled_reason IS NULL AND (w.lease_until IS NULL OR w.lease_until < clock_timestamp())
        AND (w.replay_after IS NOT NULL
          OR w.position < (SELECT c.position FROM platform.change_chain c WHERE c.account_id = w.account_id)
          OR EXISTS (SELECT 1 FROM identity.webhook_delivery d
                     WHERE d.account_id = w.account_id AND d.webhook_id = w.id AND d.status = 'PENDING'
                       AND d.next_at <= clock_timestamp()
                       AND NOT EXISTS (SELECT 1 FROM identity.webhook_delivery o
                                       WHERE o.account_id = d.account_id AND o.webhook_id = d.webhook_id
                                         AND o.subject = d.subject AND o.status = 'PENDING'
                                         AND o.number < d.number)))
      LIMIT ${limit}
      FOR UPDATE OF w SKIP LOCKED
    )
    UPDATE identity.webhook w
    SET lease_owner = ${owner}, lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}::float8)
    FROM due
    WHERE w.account_id = due.account_id AND w.id = due.id
    RETURNING w.account_id AS "accountId", w.id`);

export interface WebhookFilter {
  subjectTypes: string[] | null;
  actions: string[] | null;
  subtree: string | null;
  projectId: string | null;
}

export interface SendingWebhook {
  id: string;
  name: string;
  url: string;
  mode: 'STRUCTURED' | 'BINARY';
  secret: Buffer;
  oldSecret: Buffer | null;
  position: number;
  replayAfter: number | null;
  replayThrough: number | null;
  lastNumber: number;
  failingSince: Date | null;
}

/** Renews the lease; undefined when it is lost, or the webhook is gone or disabled. */
export const heldWebhook = (db: AccountDatabase, id: string, owner: string, leaseMs: number) =>
  db.maybe<SendingWebhook>(db.sql`
    UPDATE identity.webhook w
    SET lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}::float8)
    WHERE w.account_id = ${db.account} AND w.id = ${id} AND w.lease_owner = ${owner} AND w.disabled_reason IS NULL
    RETURNING w.id, w.name, w.url, w.mode, w.secret,
              CASE WHEN w.old_secret_until > now() THEN w.old_secret END AS "oldSecret", w.position,
              w.replay_after AS "replayAfter", w.replay_through AS "replayThrough",
              w.last_number AS "lastNumber", w.failing_since AS "failingSince"`);

/** Locks its row against another plan, ping or replay. */
export const lockWebhook = (tx: AccountTransaction, id: string) =>
  tx.maybe<PlanState & WebhookFilter & { leaseOwner: string | null }>(tx.sql`
    SELECT w.position, w.replay_after AS "replayAfter", w.replay_through AS "replayThrough",
           w.last_number AS "lastNumber", w.lease_owner AS "leaseOwner", w.subject_types AS "subjectTypes", w.actions,
           w.subtree, w.project_id AS "projectId"
    FROM identity.webhook w
    WHERE w.account_id = ${tx.account} AND w.id = ${id}
    FOR UPDATE`);

export const releaseWebhook = (db: AccountDatabase, id: string, owner: string) =>
  db.execute(db.sql`
    UPDATE identity.webhook w SET lease_owner = NULL, lease_until = NULL
    WHERE w.account_id = ${db.account} AND w.id = ${id} AND w.lease_owner = ${owner}`);

export interface NewDelivery {
  id: string;
  number: number;
  kind: 'EVENT' | 'REPLAY' | 'PING';
  position: number | null;
  subject: string;
}

export const insertDeliveries = (
  tx: AccountTransaction,
  webhookId: string,
  deliveries: readonly NewDelivery[],
) =>
  tx.execute(tx.sql`
    INSERT INTO identity.webhook_delivery (account_id, id, webhook_id, number, kind, position, subject)
    SELECT ${tx.account}::uuid, n.id, ${webhookId}::uuid, n.number, n.kind, n.position, n.subject
    FROM jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb)
      AS n (id uuid, number bigint, kind text, position bigint, subject text)`);

export interface PlanState {
  position: number;
  replayAfter: number | null;
  replayThrough: number | null;
  lastNumber: number;
}

export const movePlan = (tx: AccountTransaction, id: string, plan: PlanState) =>
  tx.execute(tx.sql`
    UPDATE identity.webhook w
    SET position = ${plan.position}, replay_after = ${plan.replayAfter}, replay_through = ${plan.replayThrough},
        last_number = ${plan.lastNumber}
    WHERE w.account_id = ${tx.account} AND w.id = ${id}`);

export interface DueDelivery {
  id: string;
  kind: 'EVENT' | 'REPLAY' | 'PING';
  position: number | null;
  attempts: number;
  firstAt: Date | null;
  createdAt: Date;
}

/** The first delivery that is due and whose subject has none before it. */
export const dueDelivery = (db: AccountDatabase, webhookId: string) =>
  db.maybe<DueDelivery>(db.sql`
    SELECT d.id, d.kind, d.position, d.attempts, d.first_at AS "firstAt", d.created_at AS "createdAt"
    FROM identity.webhook_delivery d
    WHERE d.account_id = ${db.account} AND d.webhook_id = ${webhookId} AND d.status = 'PENDING'
      AND d.next_at <= clock_timestamp()
      AND NOT EXISTS (SELECT 1 FROM identity.webhook_delivery o
                      WHERE o.account_id = ${db.account} AND o.webhook_id = ${webhookId}
                        AND o.subject = d.subject AND o.status = 'PENDING' AND o.number < d.number)
    ORDER BY d.number
    LIMIT 1`);

export interface AttemptRow {
  id: string;
  deliveryId: string;
  number: number;
  at: Date;
  durationMs: number;
  url: string;
  requestHeaders: Record<string, string>;
  responseStatus: number | null;
  responseHeaders: Record<string, unknown> | null;
  responseBody: string | null;
  error: string | null;
}

export const insertAttempt = (tx: AccountTransaction, row: AttemptRow) =>
  tx.execute(tx.sql`
    INSERT INTO identity.webhook_attempt
      (account_id, id, delivery_id, number, at, duration_ms, url, request_headers, response_status, response_headers,
       response_body, error)
    VALUES (${tx.account}, ${row.id}, ${row.deliveryId}, ${row.number}, ${row.at}, ${row.durationMs}, ${row.url},
            ${JSON.stringify(row.requestHeaders)}, ${row.responseStatus},
            ${row.responseHeaders && JSON.stringify(row.responseHeaders)}, ${row.responseBody}, ${row.error})`);

export const endAttempt = (tx: AccountTransaction, id: string, status: string, waitMs: number) =>
  tx.execute(tx.sql`
    UPDATE identity.webhook_delivery d
    SET status = ${status}, attempts = d.attempts + 1, first_at = COALESCE(d.first_at, now()),
        next_at = clock_timestamp() + make_interval(secs => ${waitMs / 1000}::float8),
        finished_at = CASE WHEN ${status} = 'PENDING' THEN NULL ELSE now() END
    WHERE d.account_id = ${tx.account} AND d.id = ${id}`);

/** Who looks after webhooks, the longest-standing first. */
export const keepersOfWebhooks = (db: AccountDatabase, limit: number) =>
  db.rows<{ userId: string }>(db.sql`
    SELECT r.user_id AS "userId" FROM identity.viewer_rights r
    WHERE r.account_id = ${db.account} AND (r.every_permission OR 'webhooks.manage' = ANY (r.permissions))
    ORDER BY r.user_id
    LIMIT ${limit}`);

/** Accounts with deliveries that ended before then. */
export const accountsWithOldDeliveries = (db: SystemDatabase, days: number) =>
  db.rows<{ accountId: string }>(db.sql`
    SELECT DISTINCT d.account_id AS "accountId" FROM identity.webhook_delivery d
    WHERE d.finished_at < now() - make_interval(days => ${days}::int)`);

/** With their calls. What was parked waits longer for somebody to look at it. */
export const deleteOldDeliveries = (db: AccountDatabase, days: number, parkedDays: number, limit: number) =>
  db.execute(db.sql`
    DELETE FROM identity.webhook_delivery d
    WHERE d.account_id = ${db.account} AND d.id IN (
      SELECT o.id FROM identity.webhook_delivery o
      WHERE o.account_id = ${db.account} AND o.finished_at < now() - make_interval(days =>
        CASE WHEN o.status = 'PARKED' THEN ${parkedDays}::int ELSE ${days}::int END)
      LIMIT ${limit})`);

/** Undefined when it is gone. A webhook that somebody disabled meanwhile keeps that reason. */
export const noteHealth = (
  tx: AccountTransaction,
  id: string,
  failingSince: Date | null,
  disabledReason: string | null,
) =>
  tx.maybe<{ disabledReason: string | null }>(tx.sql`
    UPDATE identity.webhook w
    SET failing_since = ${failingSince}, disabled_reason = COALESCE(w.disabled_reason, ${disabledReason})
    WHERE w.account_id = ${tx.account} AND w.id = ${id}
    RETURNING w.disabled_reason AS "disabledReason"`);
