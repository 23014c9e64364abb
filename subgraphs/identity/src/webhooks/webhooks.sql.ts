/**
 * The statements by which webhooks are kept and looked at.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import type { WebhookDeliveryType, WebhookType } from './webhook-type';

const columns = (db: AccountDatabase) => db.sql`
  w.id, w.name, w.url, w.mode, w.subject_types AS "subjectTypes", w.actions, w.subtree,
  w.project_id AS "projectId",
  w.old_secret_until AS "oldSecretUntil", w.disabled_reason AS "disabledReason",
  w.failing_since AS "failingSince", w.revision, w.created_at AS "createdAt"`;

export const webhooksOfAccount = (db: AccountDatabase, after: string | null, limit: number) =>
  db.rows<WebhookType>(db.sql`
    SELECT ${columns(db)} FROM identity.webhook w
    WHERE w.account_id = ${db.account} AND (${after}::uuid IS NULL OR w.id > ${after})
    ORDER BY w.id
    LIMIT ${limit}`);

export const webhookById = (db: AccountDatabase, id: string) =>
  db.maybe<WebhookType>(db.sql`
    SELECT ${columns(db)} FROM identity.webhook w WHERE w.account_id = ${db.account} AND w.id = ${id}`);

export const countWebhooks = (db: AccountDatabase) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM identity.webhook w WHERE w.account_id = ${db.account}`);

/** The end of the log. */
export const logEnd = (db: AccountDatabase) =>
  db.one<{ position: number }>(db.sql`
    SELECT COALESCE(max(c.position), 0) AS position FROM platform.change_chain c WHERE c.account_id = ${db.account}`);

export interface WebhookSettings {
  name: string;
  url: string;
  mode: string;
  subjectTypes: string[] | null;
  actions: string[] | null;
  subtree: string | null;
  projectId: string | null;
}

export interface WebhookInsert extends WebhookSettings {
  id: string;
  secret: Buffer;
  position: number;
}

export const insertWebhook = (tx: AccountTransaction, row: WebhookInsert) =>
  tx.one<WebhookType>(tx.sql`
    INSERT INTO identity.webhook AS w
      (account_id, id, name, url, mode, subject_types, actions, subtree, project_id, secret, position)
    VALUES (${tx.account}, ${row.id}, ${row.name}, ${row.url}, ${row.mode}, ${row.subjectTypes}::text[],
            ${row.actions}::text[], ${row.subtree}, ${row.projectId}, ${row.secret}, ${row.position})
    RETURNING ${columns(tx)}`);

export const lockedWebhook = (tx: AccountTransaction, id: string) =>
  tx.maybe<WebhookType>(tx.sql`
    SELECT ${columns(tx)} FROM identity.webhook w WHERE w.account_id = ${tx.account} AND w.id = ${id} FOR UPDATE`);

export const updateSettings = (tx: AccountTransaction, id: string, row: WebhookSettings) =>
  tx.one<WebhookType>(tx.sql`
    UPDATE identity.webhook w
    SET name = ${row.name}, url = ${row.url}, mode = ${row.mode}, subject_types = ${row.subjectTypes}::text[],
        actions = ${row.actions}::text[], subtree = ${row.subtree}, project_id = ${row.projectId},
        revision = w.revision + 1
    WHERE w.account_id = ${tx.account} AND w.id = ${id}
    RETURNING ${columns(tx)}`);

/** Disabling by hand, or enabling; undefined when it is so already, or there is none. */
export const setDisabled = (tx: AccountTransaction, id: string, disabled: boolean) =>
  tx.maybe<WebhookType>(tx.sql`
    UPDATE identity.webhook w
    SET disabled_reason = ${disabled ? 'BY_HAND' : null}, failing_since = NULL, revision = w.revision + 1
    WHERE w.account_id = ${tx.account} AND w.id = ${id} AND (w.disabled_reason IS NOT NULL) <> ${disabled}::boolean
    RETURNING ${columns(tx)}`);

export const replaceSecret = (tx: AccountTransaction, id: string, secret: Buffer, oldValidHours: number) =>
  tx.maybe<WebhookType>(tx.sql`
    UPDATE identity.webhook w
    SET old_secret = w.secret, old_secret_until = now() + make_interval(hours => ${oldValidHours}::int),
        secret = ${secret}, revision = w.revision + 1
    WHERE w.account_id = ${tx.account} AND w.id = ${id}
    RETURNING ${columns(tx)}`);

export const deleteWebhook = (tx: AccountTransaction, id: string) =>
  tx.maybe<WebhookType>(tx.sql`
    DELETE FROM identity.webhook w WHERE w.account_id = ${tx.account} AND w.id = ${id}
    RETURNING ${columns(tx)}`);

const deliveryColumns = (db: AccountDatabase) => db.sql`
  d.id, d.webhook_id AS "webhookId", d.number, d.kind, d.subject, d.status, d.attempts AS "attemptCount",
  CASE WHEN d.status = 'PENDING' THEN d.next_at END AS "nextAt", d.created_at AS "createdAt",
  d.finished_at AS "finishedAt", d.position`;

export const deliveriesOf = (
  db: AccountDatabase,
  webhookId: string,
  status: string | null,
  before: number | null,
  limit: number,
) =>
  db.rows<WebhookDeliveryType>(db.sql`
    SELECT ${deliveryColumns(db)} FROM identity.webhook_delivery d
    WHERE d.account_id = ${db.account} AND d.webhook_id = ${webhookId}
      AND (${status}::text IS NULL OR d.status = ${status})
      AND (${before}::bigint IS NULL OR d.number < ${before})
    ORDER BY d.number DESC
    LIMIT ${limit}`);

/** Of all webhooks, the newest first. */
export const parkedDeliveries = (db: AccountDatabase, before: string | null, limit: number) =>
  db.rows<WebhookDeliveryType>(db.sql`
    SELECT ${deliveryColumns(db)} FROM identity.webhook_delivery d
    WHERE d.account_id = ${db.account} AND d.status = 'PARKED' AND (${before}::uuid IS NULL OR d.id < ${before})
    ORDER BY d.id DESC
    LIMIT ${limit}`);

export const deliveryById = (db: AccountDatabase, id: string) =>
  db.maybe<WebhookDeliveryType>(db.sql`
    SELECT ${deliveryColumns(db)} FROM identity.webhook_delivery d
    WHERE d.account_id = ${db.account} AND d.id = ${id}`);

export const attemptsOf = (db: AccountDatabase, deliveryIds: readonly string[]) =>
  db.rows<WebhookAttemptRow>(db.sql`
    SELECT a.id, a.delivery_id AS "deliveryId", a.number, a.at, a.duration_ms AS "durationMs", a.url,
           a.request_headers AS "requestHeaders", a.response_status AS "responseStatus",
           a.response_headers AS "responseHeaders", a.response_body AS "responseBody", a.error
    FROM identity.webhook_attempt a
    WHERE a.account_id = ${db.account} AND a.delivery_id = ANY (${deliveryIds}::uuid[])
    ORDER BY a.number`);

export interface WebhookAttemptRow {
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

/** The next replay; 0 while another goes on. */
export const beginReplay = (tx: AccountTransaction, id: string, after: number, through: number) =>
  tx.execute(tx.sql`
    UPDATE identity.webhook w SET replay_after = ${after}, replay_through = ${through}
    WHERE w.account_id = ${tx.account} AND w.id = ${id} AND w.replay_after IS NULL`);
