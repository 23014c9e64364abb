/**
 * A new password for somebody who forgot theirs.
 */
import type { SystemDatabase, SystemTransaction } from '@iroko/database';

export interface MailedPerson {
  id: string;
  email: string;
  language: string | null;
  /** Of the account they joined first; null for who is in none. */
  accountLanguage: string | null;
}

export const activePersonByEmail = (db: SystemDatabase, emailKey: string) =>
  db.maybe<MailedPerson>(db.sql`
    SELECT u.id, u.email, u.language, (
      SELECT a.language FROM identity.membership m JOIN identity.account a ON a.id = m.account_id
      WHERE m.user_id = u.id AND m.ended_at IS NULL AND a.closed_at IS NULL
      ORDER BY m.created_at LIMIT 1
    ) AS "accountLanguage"
    FROM identity."user" u
    WHERE u.email_key = ${emailKey} AND u.deactivated_at IS NULL`);

/** Returns 0 for somebody who was deactivated meanwhile. */
export const setPassword = (tx: SystemTransaction, userId: string, hash: string) =>
  tx.execute(tx.sql`
    UPDATE identity."user" AS u
    SET password_hash = ${hash}, password_changed_at = now(), revision = u.revision + 1, updated_at = now()
    WHERE u.id = ${userId} AND u.deactivated_at IS NULL`);

/** The accounts in which the person may act now, so that the log of each can be told. */
export const accountsToTell = (db: SystemDatabase, userId: string) =>
  db.rows<{ accountId: string }>(db.sql`
    SELECT r.account_id AS "accountId" FROM identity.viewer_rights r WHERE r.user_id = ${userId}
    ORDER BY r.account_id`);
