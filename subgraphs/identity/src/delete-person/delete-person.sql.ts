/**
 * Taking a person out: of their accounts, and out of the table of persons.
 */
import type { AccountTransaction, SystemTransaction } from '@iroko/database';

export interface OwnMembershipRow {
  accountId: string;
  lasts: boolean;
  /** Others who hold every permission at this moment. */
  otherAdministrators: number;
  otherMembers: number;
  administrator: boolean;
}

/** In every account the person is or was in. */
export const ownMemberships = (tx: SystemTransaction, userId: string) =>
  tx.rows<OwnMembershipRow>(tx.sql`
    SELECT m.account_id AS "accountId", (m.ended_at IS NULL AND a.closed_at IS NULL) AS lasts,
           (SELECT count(*) FROM identity.viewer_rights r
            WHERE r.account_id = m.account_id AND r.user_id <> m.user_id AND r.every_permission) AS "otherAdministrators",
           (SELECT count(*) FROM identity.viewer_rights r
            WHERE r.account_id = m.account_id AND r.user_id <> m.user_id) AS "otherMembers",
           coalesce((SELECT r.every_permission FROM identity.viewer_rights r
            WHERE r.account_id = m.account_id AND r.user_id = m.user_id), false) AS administrator
    FROM identity.membership m
    JOIN identity.account a ON a.id = m.account_id
    WHERE m.user_id = ${userId}
    ORDER BY m.account_id`);

export const closeAccount = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    UPDATE identity.account AS a SET closed_at = now(), revision = a.revision + 1, updated_at = now()
    WHERE a.id = ${tx.account}`);

/** The role that holds every permission. */
export const administratorRole = (tx: AccountTransaction) =>
  tx.maybe<{ id: string; name: string }>(tx.sql`
    SELECT r.id, r.name FROM identity.role r
    WHERE r.account_id = ${tx.account} AND r.every_permission
    ORDER BY r.created_at, r.id LIMIT 1`);

/** Accounts that invited the address, whatever came of it. */
export const accountsThatInvited = (tx: SystemTransaction, emailKey: string) =>
  tx.rows<{ accountId: string }>(tx.sql`
    SELECT DISTINCT i.account_id AS "accountId" FROM identity.invitation i WHERE i.email_key = ${emailKey}`);

/** Address and names of the invitations by which they came, and of those of their address, which end. */
export const forgetInvitations = (tx: AccountTransaction, userId: string, emailKey: string) =>
  tx.rows<{ id: string }>(tx.sql`
    UPDATE identity.invitation AS i
    SET email = '', email_key = i.id::text, first_name = '', last_name = '', organization = '', phone = NULL,
        dhis2_id = NULL, revoked_at = CASE WHEN i.accepted_at IS NULL THEN coalesce(i.revoked_at, now()) END
    WHERE i.account_id = ${tx.account} AND (i.accepted_by = ${userId} OR i.email_key = ${emailKey})
    RETURNING i.id`);

/** Who they are at providers of single sign-on. */
export const forgetSubjects = (tx: AccountTransaction, userId: string) =>
  tx.execute(tx.sql`
    DELETE FROM identity.sign_in_subject AS s WHERE s.account_id = ${tx.account} AND s.user_id = ${userId}`);

export const forgetPerson = (tx: SystemTransaction, userId: string, email: string) =>
  tx.execute(tx.sql`
    UPDATE identity."user" AS u
    SET email = ${email}, email_key = ${email}, password_hash = NULL, first_name = '', last_name = '',
        search_key = '', language = NULL, organization = '', phone = NULL, home_page = NULL,
        deactivated_at = now(), deleted_at = now(), revision = u.revision + 1, updated_at = now()
    WHERE u.id = ${userId}`);

export const forgetEmailChanges = (tx: SystemTransaction, userId: string) =>
  tx.execute(tx.sql`DELETE FROM identity.email_change WHERE user_id = ${userId}`);
