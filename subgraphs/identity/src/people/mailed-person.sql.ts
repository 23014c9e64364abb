/**
 * Whoever an address belongs to, asked by somebody who reads its mails.
 */
import type { SystemDatabase, SystemTransaction } from '@iroko/database';

export interface KnownPerson {
  id: string;
  passwordHash: string | null;
  firstName: string;
  lastName: string;
  active: boolean;
}

export const knownPerson = (db: SystemDatabase, emailKey: string) =>
  db.maybe<KnownPerson>(db.sql`
    SELECT u.id, u.password_hash AS "passwordHash", u.first_name AS "firstName", u.last_name AS "lastName",
           u.deactivated_at IS NULL AS active
    FROM identity."user" u
    WHERE u.email_key = ${emailKey}`);

/** For somebody who had none: returns 0 when they have one by now. */
export const setFirstPassword = (tx: SystemTransaction, userId: string, hash: string) =>
  tx.execute(tx.sql`
    UPDATE identity."user" AS u
    SET password_hash = ${hash}, password_changed_at = now(), revision = u.revision + 1, updated_at = now()
    WHERE u.id = ${userId} AND u.password_hash IS NULL AND u.deactivated_at IS NULL`);
