/** Statements on what was sent and could not be taken. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import { seesEveryUnit } from '@iroko/viewer';
import type { ReceivedFile } from '../submissions/attachments.sql';

export interface QuarantineRow {
  id: string;
  reason: string;
  message: string;
  fileId: string;
  formId: string | null;
  formVersion: string | null;
  instanceId: string | null;
  appUserId: string | null;
  firstReceivedAt: Date;
  lastReceivedAt: Date;
  timesReceived: number;
  submissionId: string | null;
}

export interface NewQuarantine {
  id: string;
  reason: string;
  message: string;
  fileId: string;
  contentHash: Buffer;
  formId: string | null;
  formVersion: string | null;
  instanceId: string | null;
  appUserId: string | null;
}

const columns = (db: AccountDatabase): Statement => db.sql`
  q.id, q.reason, q.message, q.file_id AS "fileId", q.form_id AS "formId", q.form_version AS "formVersion",
  q.instance_id AS "instanceId", q.app_user_id AS "appUserId", q.first_received_at AS "firstReceivedAt",
  q.last_received_at AS "lastReceivedAt", q.times_received AS "timesReceived", q.submission_id AS "submissionId"`;

/** The same bytes again are counted on the row that is there; answers that row's id and file. */
export const upsertQuarantine = (tx: AccountTransaction, row: NewQuarantine) =>
  tx.one<{ id: string; fileId: string }>(tx.sql`
    INSERT INTO submissions.quarantine AS q
      (account_id, id, reason, message, file_id, content_hash, form_id, form_version, instance_id, app_user_id,
       created_by)
    VALUES (${tx.account}, ${row.id}, ${row.reason}, ${row.message}, ${row.fileId}, ${row.contentHash}, ${row.formId},
      ${row.formVersion}, ${row.instanceId}, ${row.appUserId}, ${tx.actor.userId ?? null})
    ON CONFLICT (account_id, content_hash) DO UPDATE
      SET reason = excluded.reason, message = excluded.message, last_received_at = now(),
          times_received = q.times_received + 1, submission_id = NULL
      WHERE q.account_id = ${tx.account}
    RETURNING q.id, q.file_id AS "fileId"`);

/** The entry that holds these bytes already. */
export const quarantinedContent = (db: AccountDatabase, contentHash: Buffer) =>
  db.maybe<{ fileId: string }>(db.sql`
    SELECT q.file_id AS "fileId" FROM submissions.quarantine q
    WHERE q.account_id = ${db.account} AND q.content_hash = ${contentHash}`);

/** The ids of the files that are kept by this; others were there already. */
export const addQuarantinedFiles = async (
  tx: AccountTransaction,
  quarantineId: string,
  files: readonly ReceivedFile[],
): Promise<string[]> =>
  (
    await tx.rows<{ fileId: string }>(tx.sql`
    INSERT INTO submissions.quarantine_attachment
      (account_id, quarantine_id, name, sha256, file_id, content_type, size)
    SELECT ${tx.account}::uuid, ${quarantineId}::uuid, f.name, decode(f.sha256, 'hex'), f.file_id, f.content_type, f.size
    FROM unnest(${files.map(({ name }) => name)}::text[],
        ${files.map(({ sha256 }) => sha256.toString('hex'))}::text[],
        ${files.map(({ fileId }) => fileId)}::uuid[], ${files.map(({ contentType }) => contentType)}::text[],
        ${files.map(({ size }) => size)}::bigint[]) AS f (name, sha256, file_id, content_type, size)
    ON CONFLICT DO NOTHING
    RETURNING file_id AS "fileId"`)
  ).map(({ fileId }) => fileId);

export const quarantinedFiles = (db: AccountDatabase, quarantineIds: readonly string[]) =>
  db.rows<ReceivedFile & { quarantineId: string }>(db.sql`
    SELECT a.quarantine_id AS "quarantineId", a.name, a.file_id AS "fileId", a.sha256,
      a.content_type AS "contentType", a.size
    FROM submissions.quarantine_attachment a
    WHERE a.account_id = ${db.account} AND a.quarantine_id = ANY(${quarantineIds}::uuid[])
    ORDER BY a.quarantine_id, a.name`);

/** What could not be taken stands at no unit, so a scope that ends at units holds none of it. */
const inScope = (db: AccountDatabase): Statement =>
  seesEveryUnit(db.actor.scope) ? db.sql`true` : db.sql`false`;

export const quarantineByIds = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<QuarantineRow>(db.sql`
    SELECT ${columns(db)} FROM submissions.quarantine q
    WHERE q.account_id = ${db.account} AND q.id = ANY(${ids}::uuid[]) AND ${inScope(db)}`);

/** What still waits, newest first. */
export const quarantinePage = (
  db: AccountDatabase,
  reason: string | null,
  after: string | null,
  limit: number,
) =>
  db.rows<QuarantineRow>(db.sql`
    SELECT ${columns(db)} FROM submissions.quarantine q
    WHERE q.account_id = ${db.account} AND q.submission_id IS NULL AND ${inScope(db)}
      ${reason === null ? db.sql`` : db.sql`AND q.reason = ${reason}`}
      ${after === null ? db.sql`` : db.sql`AND q.id < ${after}::uuid`}
    ORDER BY q.id DESC LIMIT ${limit}`);

export const countQuarantine = async (db: AccountDatabase, reason: string | null): Promise<number> =>
  (
    await db.one<{ count: number }>(db.sql`
      SELECT count(*) AS count FROM submissions.quarantine q
      WHERE q.account_id = ${db.account} AND q.submission_id IS NULL AND ${inScope(db)}
        ${reason === null ? db.sql`` : db.sql`AND q.reason = ${reason}`}`)
  ).count;

/** Marks what was taken after all, by its content, whichever way it came. */
export const resolveQuarantine = (tx: AccountTransaction, contentHash: Buffer, submissionId: string) =>
  tx.execute(tx.sql`
    UPDATE submissions.quarantine q SET submission_id = ${submissionId}
    WHERE q.account_id = ${tx.account} AND q.content_hash = ${contentHash} AND q.submission_id IS NULL`);

export const refreshQuarantine = (tx: AccountTransaction, id: string, reason: string, message: string) =>
  tx.execute(tx.sql`
    UPDATE submissions.quarantine q SET reason = ${reason}, message = ${message}
    WHERE q.account_id = ${tx.account} AND q.id = ${id}`);
