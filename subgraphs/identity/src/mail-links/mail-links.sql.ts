/**
 * Links in mails. They belong to whoever gets the mail, so they are reached without an account.
 */
import type { SystemDatabase, SystemTransaction } from '@iroko/database';

export type MailLinkPurpose =
  | 'RESET_PASSWORD'
  | 'CONFIRM_REGISTRATION'
  | 'CONFIRM_OLD_ADDRESS'
  | 'CONFIRM_NEW_ADDRESS'
  | 'ACCEPT_INVITATION';

export interface MailLinkInsert {
  id: string;
  purpose: MailLinkPurpose;
  subjectId: string;
  hash: Buffer;
  minutes: number;
}

/** Also removes some that ended long ago: no job of its own, and the table does not grow. */
export const insertMailLink = (db: SystemDatabase, link: MailLinkInsert) =>
  db.execute(db.sql`
    WITH old AS (
      DELETE FROM identity.mail_link
      WHERE id IN (SELECT l.id FROM identity.mail_link l WHERE l.expires_at < now() - interval '30 days'
                   ORDER BY l.expires_at LIMIT 20 FOR UPDATE SKIP LOCKED)
    )
    INSERT INTO identity.mail_link (id, purpose, subject_id, token_hash, expires_at)
    VALUES (${link.id}, ${link.purpose}, ${link.subjectId}, ${link.hash},
            now() + make_interval(mins => ${link.minutes}))`);

export interface MailLinkRow {
  id: string;
  purpose: MailLinkPurpose;
  subjectId: string;
  used: boolean;
  expired: boolean;
}

export const linkByHash = (db: SystemDatabase, hash: Buffer) =>
  db.maybe<MailLinkRow>(db.sql`
    SELECT l.id, l.purpose, l.subject_id AS "subjectId", l.used_at IS NOT NULL AS used,
           l.expires_at <= now() AS expired
    FROM identity.mail_link l
    WHERE l.token_hash = ${hash}`);

/** Returns 0 when it was used meanwhile. */
export const spendLink = (tx: SystemTransaction, id: string) =>
  tx.execute(tx.sql`
    UPDATE identity.mail_link SET used_at = now() WHERE id = ${id} AND used_at IS NULL`);

export const spendLinksOf = (db: SystemDatabase, subjectId: string, purposes: readonly MailLinkPurpose[]) =>
  db.execute(db.sql`
    UPDATE identity.mail_link SET used_at = now()
    WHERE subject_id = ${subjectId} AND purpose = ANY(${purposes}) AND used_at IS NULL`);
