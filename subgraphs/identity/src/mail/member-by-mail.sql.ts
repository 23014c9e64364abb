/**
 * Whom a mail about an account goes to.
 */
import type { AccountDatabase } from '@iroko/database';

/** Undefined for somebody who is no member of the account at this moment, or was deactivated. */
export const memberAddress = (db: AccountDatabase, userId: string) =>
  db.maybe<{ address: string; language: string | null; accountLanguage: string }>(db.sql`
    SELECT u.email AS address, u.language, a.language AS "accountLanguage"
    FROM identity.membership m
    JOIN identity."user" u ON u.id = m.user_id
    JOIN identity.account a ON a.id = m.account_id
    WHERE m.account_id = ${db.account} AND a.id = ${db.account} AND m.user_id = ${userId}
      AND m.ended_at IS NULL AND u.deactivated_at IS NULL AND a.closed_at IS NULL`);
