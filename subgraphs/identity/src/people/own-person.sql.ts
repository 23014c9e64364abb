/**
 * The person who asks, and what they change about themselves. Persons belong to no account.
 */
import type { SystemDatabase, SystemTransaction } from '@iroko/database';
import { searchKeyOf } from '../users/search-key';

export interface OwnPersonRow {
  id: string;
  email: string;
  emailKey: string;
  passwordHash: string | null;
  firstName: string;
  lastName: string;
  language: string | null;
  organization: string;
  phone: string | null;
  homePage: string | null;
}

const columns = (db: SystemDatabase) => db.sql`
  u.id, u.email, u.email_key AS "emailKey", u.password_hash AS "passwordHash", u.first_name AS "firstName",
  u.last_name AS "lastName", u.language, u.organization, u.phone, u.home_page AS "homePage"`;

export const personById = (db: SystemDatabase, id: string) =>
  db.one<OwnPersonRow>(db.sql`SELECT ${columns(db)} FROM identity."user" u WHERE u.id = ${id}`);

export const lockPerson = (tx: SystemTransaction, id: string) =>
  tx.one<OwnPersonRow>(tx.sql`
    SELECT ${columns(tx)} FROM identity."user" u WHERE u.id = ${id} FOR UPDATE`);

export type ProfileFields = Pick<
  OwnPersonRow,
  'firstName' | 'lastName' | 'language' | 'organization' | 'phone' | 'homePage'
>;

export const writeProfile = (tx: SystemTransaction, id: string, profile: ProfileFields) =>
  tx.one<OwnPersonRow>(tx.sql`
    UPDATE identity."user" AS u
    SET first_name = ${profile.firstName}, last_name = ${profile.lastName}, language = ${profile.language},
        organization = ${profile.organization}, search_key = ${searchKeyOf(profile)}, phone = ${profile.phone}, home_page = ${profile.homePage},
        revision = u.revision + 1, updated_at = now()
    WHERE u.id = ${id}
    RETURNING ${columns(tx)}`);

/** Returns 0 when the password is another than `from` by now. */
export const writePassword = (tx: SystemTransaction, id: string, from: string, to: string) =>
  tx.execute(tx.sql`
    UPDATE identity."user" AS u
    SET password_hash = ${to}, password_changed_at = now(), revision = u.revision + 1, updated_at = now()
    WHERE u.id = ${id} AND u.password_hash = ${from}`);

/** Ends the sessions of the person in every account, but for `kept`, and answers which they were. */
export const endSessionsOf = (
  tx: SystemTransaction,
  userId: string,
  kept: string | null,
  reason: 'SIGNED_OUT' | 'REVOKED',
) =>
  tx.rows<{ sessionId: string; accountId: string | null }>(tx.sql`
    UPDATE identity.session AS s SET ended_at = now(), end_reason = ${reason}
    WHERE s.user_id = ${userId} AND s.ended_at IS NULL AND s.expires_at > now()
      AND (${kept}::uuid IS NULL OR s.id <> ${kept}::uuid)
    RETURNING s.id AS "sessionId", s.account_id AS "accountId"`);
