/**
 * Finding whoever signs in. Persons belong to no account.
 */
import type { SystemDatabase } from '@iroko/database';

export interface PersonRow {
  id: string;
  passwordHash: string | null;
  active: boolean;
}

export const personByEmail = (db: SystemDatabase, emailKey: string) =>
  db.maybe<PersonRow>(db.sql`
    SELECT u.id, u.password_hash AS "passwordHash", u.deactivated_at IS NULL AS active
    FROM identity."user" u
    WHERE u.email_key = ${emailKey}`);

export interface AccountChoiceRow {
  accountId: string;
  slug: string;
}

/** The accounts in which the person may act, the one last signed in to first. */
export const accountsOfPerson = (db: SystemDatabase, userId: string) =>
  db.rows<AccountChoiceRow>(db.sql`
    SELECT r.account_id AS "accountId", a.slug
    FROM identity.viewer_rights r
    JOIN identity.account a ON a.id = r.account_id
    LEFT JOIN LATERAL (
      SELECT s.created_at FROM identity.session s
      WHERE s.account_id = r.account_id AND s.user_id = r.user_id
      ORDER BY s.created_at DESC LIMIT 1
    ) last ON true
    WHERE r.user_id = ${userId}
    ORDER BY last.created_at DESC NULLS LAST, a.created_at, a.id`);

/** Writes a hash made at the present cost, unless the password was changed meanwhile. */
export const replacePasswordHash = (db: SystemDatabase, userId: string, from: string, to: string) =>
  db.execute(db.sql`
    UPDATE identity."user" SET password_hash = ${to} WHERE id = ${userId} AND password_hash = ${from}`);
