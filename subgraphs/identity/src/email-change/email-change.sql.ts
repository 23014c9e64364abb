/**
 * Changes of address that wait for their mails to be answered. Persons belong to no account.
 */
import type { SystemDatabase, SystemTransaction } from '@iroko/database';

export interface EmailChangeRow {
  id: string;
  userId: string;
  newEmail: string;
  newEmailKey: string;
  oldConfirmed: boolean;
  newConfirmed: boolean;
  /** Over, replaced by a later one, or done. */
  ended: boolean;
}

const columns = (db: SystemDatabase) => db.sql`
  c.id, c.user_id AS "userId", c.new_email AS "newEmail", c.new_email_key AS "newEmailKey",
  c.old_confirmed_at IS NOT NULL AS "oldConfirmed", c.new_confirmed_at IS NOT NULL AS "newConfirmed",
  (c.done_at IS NOT NULL OR c.expires_at <= now()) AS ended`;

/** Ends the ones before: a person wants one address. */
export const endEmailChanges = (tx: SystemTransaction, userId: string) =>
  tx.execute(tx.sql`
    UPDATE identity.email_change SET expires_at = now()
    WHERE user_id = ${userId} AND done_at IS NULL AND expires_at > now()`);

export const insertEmailChange = (
  tx: SystemTransaction,
  row: { id: string; userId: string; newEmail: string; newEmailKey: string },
) =>
  tx.execute(tx.sql`
    INSERT INTO identity.email_change (id, user_id, new_email, new_email_key, expires_at)
    VALUES (${row.id}, ${row.userId}, ${row.newEmail}, ${row.newEmailKey}, now() + interval '1 day')`);

export const emailChangeById = (db: SystemDatabase, id: string) =>
  db.maybe<EmailChangeRow>(db.sql`
    SELECT ${columns(db)} FROM identity.email_change c WHERE c.id = ${id}`);

/** Notes the answer of one address and answers how it stands then. */
export const confirmEmailChangeRow = (tx: SystemTransaction, id: string, whose: 'OLD' | 'NEW') =>
  tx.one<EmailChangeRow>(tx.sql`
    UPDATE identity.email_change AS c
    SET old_confirmed_at = CASE WHEN ${whose}::text = 'OLD' THEN now() ELSE c.old_confirmed_at END,
        new_confirmed_at = CASE WHEN ${whose}::text = 'NEW' THEN now() ELSE c.new_confirmed_at END
    WHERE c.id = ${id}
    RETURNING ${columns(tx)}`);

export const endEmailChange = (tx: SystemTransaction, id: string) =>
  tx.execute(tx.sql`UPDATE identity.email_change SET done_at = now() WHERE id = ${id}`);

/** Throws a violation of `user_email_key_key` for an address that has another person. */
export const writeEmail = (tx: SystemTransaction, userId: string, email: string, emailKey: string) =>
  tx.execute(tx.sql`
    UPDATE identity."user" AS u
    SET email = ${email}, email_key = ${emailKey}, revision = u.revision + 1, updated_at = now()
    WHERE u.id = ${userId} AND u.deactivated_at IS NULL`);
