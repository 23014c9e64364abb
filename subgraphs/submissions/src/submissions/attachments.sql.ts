/** Statements on the files that belong to submissions. */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';

export interface AttachmentRow {
  submissionId: string;
  name: string;
  /** Null while an answer names the file and it has not been sent yet. */
  fileId: string | null;
  contentType: string | null;
  size: number | null;
  receivedAt: Date | null;
}

export interface ReceivedFile {
  name: string;
  fileId: string;
  sha256: Buffer;
  contentType: string;
  size: number;
}

/** Notes that answers name these files; what is there already stays. */
export const expectAttachments = (
  tx: AccountTransaction,
  submissionId: string,
  rows: readonly { id: string; name: string }[],
) =>
  tx.execute(tx.sql`
    INSERT INTO submissions.attachment (account_id, id, submission_id, name)
    SELECT ${tx.account}::uuid, e.id, ${submissionId}::uuid, e.name
    FROM unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ name }) => name)}::text[]) AS e (id, name)
    ON CONFLICT (account_id, submission_id, name) DO NOTHING`);

/** 1 when the file was added, 0 when one of that name is there already. */
export const addAttachment = (tx: AccountTransaction, id: string, submissionId: string, file: ReceivedFile) =>
  tx.execute(tx.sql`
    INSERT INTO submissions.attachment AS a
      (account_id, id, submission_id, name, file_id, sha256, content_type, size, received_at)
    VALUES (${tx.account}, ${id}, ${submissionId}, ${file.name}, ${file.fileId}, ${file.sha256},
      ${file.contentType}, ${file.size}, now())
    ON CONFLICT (account_id, submission_id, name) DO UPDATE
      SET file_id = excluded.file_id, sha256 = excluded.sha256, content_type = excluded.content_type,
          size = excluded.size, received_at = excluded.received_at
      WHERE a.account_id = ${tx.account} AND a.file_id IS NULL`);

export const attachmentHash = (tx: AccountTransaction, submissionId: string, name: string) =>
  tx.maybe<{ sha256: Buffer | null }>(tx.sql`
    SELECT a.sha256 FROM submissions.attachment a
    WHERE a.account_id = ${tx.account} AND a.submission_id = ${submissionId} AND a.name = ${name}`);

export const attachmentsOf = (db: AccountDatabase, submissionIds: readonly string[]) =>
  db.rows<AttachmentRow>(db.sql`
    SELECT a.submission_id AS "submissionId", a.name, a.file_id AS "fileId", a.content_type AS "contentType",
      a.size, a.received_at AS "receivedAt"
    FROM submissions.attachment a
    WHERE a.account_id = ${db.account} AND a.submission_id = ANY(${submissionIds}::uuid[])
    ORDER BY a.submission_id, a.name`);
