/**
 * Registrations that wait for their mail to be answered. There is no person yet, and maybe no account.
 */
import type { SystemDatabase, SystemTransaction } from '@iroko/database';

export interface RegistrationRow {
  id: string;
  email: string;
  emailKey: string;
  firstName: string;
  lastName: string;
  language: string | null;
  /** The account to join; null founds one, as the following say. */
  joinAccountId: string | null;
  accountName: string | null;
  accountSlug: string | null;
  accountTimezone: string | null;
  accountLanguage: string | null;
}

/** Also removes some that ended long ago. */
export const insertRegistration = (tx: SystemTransaction, row: RegistrationRow) =>
  tx.execute(tx.sql`
    WITH old AS (
      DELETE FROM identity.registration
      WHERE id IN (SELECT r.id FROM identity.registration r WHERE r.expires_at < now() - interval '7 days'
                   ORDER BY r.expires_at LIMIT 20 FOR UPDATE SKIP LOCKED)
    )
    INSERT INTO identity.registration (id, email, email_key, first_name, last_name, language, join_account_id,
      account_name, account_slug, account_timezone, account_language, expires_at)
    VALUES (${row.id}, ${row.email}, ${row.emailKey}, ${row.firstName}, ${row.lastName}, ${row.language},
      ${row.joinAccountId}, ${row.accountName}, ${row.accountSlug}, ${row.accountTimezone}, ${row.accountLanguage},
      now() + interval '1 day')`);

export const registrationById = (db: SystemDatabase, id: string) =>
  db.maybe<RegistrationRow>(db.sql`
    SELECT r.id, r.email, r.email_key AS "emailKey", r.first_name AS "firstName", r.last_name AS "lastName",
           r.language, r.join_account_id AS "joinAccountId", r.account_name AS "accountName",
           r.account_slug AS "accountSlug", r.account_timezone AS "accountTimezone",
           r.account_language AS "accountLanguage"
    FROM identity.registration r
    WHERE r.id = ${id}`);

export const deleteRegistration = (tx: SystemTransaction, id: string) =>
  tx.execute(tx.sql`DELETE FROM identity.registration WHERE id = ${id}`);

export interface OpenAccountRow {
  id: string;
  slug: string;
  name: string;
  language: string;
}

/** An account that lets this mail domain in. */
export const accountThatAllows = (
  db: SystemDatabase,
  account: { slug: string } | { id: string },
  domain: string,
) =>
  db.maybe<OpenAccountRow>(db.sql`
    SELECT a.id, a.slug, a.name, a.language
    FROM identity.account a
    WHERE ${'id' in account ? db.sql`a.id = ${account.id}` : db.sql`a.slug = ${account.slug}`}
      AND a.closed_at IS NULL AND ${domain} = ANY(a.allowed_mail_domains)`);

export const accountById = (db: SystemDatabase, id: string) =>
  db.maybe<OpenAccountRow>(db.sql`
    SELECT a.id, a.slug, a.name, a.language FROM identity.account a WHERE a.id = ${id}`);

export const slugIsTaken = (db: SystemDatabase, slug: string) =>
  db.maybe<{ id: string }>(db.sql`SELECT a.id FROM identity.account a WHERE a.slug = ${slug}`);
