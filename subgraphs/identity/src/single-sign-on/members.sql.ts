/**
 * Finding and making the member that a provider speaks of. Members who may act now are those of the contract view:
 * not ended, not deactivated.
 */
import type { AccountTransaction, SystemTransaction } from '@iroko/database';

export const memberOfSubject = (tx: AccountTransaction, providerId: string, subject: string) =>
  tx.maybe<{ userId: string }>(tx.sql`
    SELECT s.user_id AS "userId"
    FROM identity.sign_in_subject s
    JOIN identity.viewer_rights r ON r.account_id = ${tx.account} AND r.user_id = s.user_id
    WHERE s.account_id = ${tx.account} AND s.provider_id = ${providerId} AND s.subject = ${subject}`);

export const memberByEmail = (tx: AccountTransaction, emailKey: string) =>
  tx.maybe<{ userId: string }>(tx.sql`
    SELECT r.user_id AS "userId"
    FROM identity.viewer_rights r
    JOIN identity."user" u ON u.id = r.user_id
    WHERE r.account_id = ${tx.account} AND u.email_key = ${emailKey}`);

export const memberByDhis2Id = (tx: AccountTransaction, dhis2Id: string) =>
  tx.maybe<{ userId: string }>(tx.sql`
    SELECT m.user_id AS "userId"
    FROM identity.membership m
    JOIN identity.viewer_rights r ON r.account_id = ${tx.account} AND r.user_id = m.user_id
    WHERE m.account_id = ${tx.account} AND m.dhis2_id = ${dhis2Id}`);

export const isMember = (tx: AccountTransaction, userId: string) =>
  tx.maybe<{ userId: string }>(tx.sql`
    SELECT r.user_id AS "userId" FROM identity.viewer_rights r
    WHERE r.account_id = ${tx.account} AND r.user_id = ${userId}`);

/** Somebody else before, when that member has left: the address says who it is now. */
export const keepSubject = (tx: AccountTransaction, providerId: string, subject: string, userId: string) =>
  tx.execute(tx.sql`
    INSERT INTO identity.sign_in_subject AS s (account_id, provider_id, subject, user_id)
    VALUES (${tx.account}, ${providerId}, ${subject}, ${userId})
    ON CONFLICT (account_id, provider_id, subject) DO UPDATE SET user_id = EXCLUDED.user_id, created_at = now()`);

/** Whoever has the address, and whether they were ever in any account but this one; nobody knows who was deactivated. */
export const personOfAddress = (tx: SystemTransaction, accountId: string, emailKey: string) =>
  tx.maybe<{ userId: string; ours: boolean }>(tx.sql`
    SELECT u.id AS "userId", u.deactivated_at IS NULL
             AND EXISTS (SELECT 1 FROM identity.membership m WHERE m.account_id = ${accountId} AND m.user_id = u.id)
             AND NOT EXISTS (SELECT 1 FROM identity.membership m
                             WHERE m.account_id <> ${accountId} AND m.user_id = u.id) AS ours
    FROM identity."user" u
    WHERE u.email_key = ${emailKey}`);

export const writeDhis2Id = (tx: AccountTransaction, userId: string, dhis2Id: string | null) =>
  tx.execute(tx.sql`
    UPDATE identity.membership AS m
    SET dhis2_id = ${dhis2Id}::text, revision = m.revision + 1, updated_at = now()
    WHERE m.account_id = ${tx.account} AND m.user_id = ${userId} AND m.dhis2_id IS DISTINCT FROM ${dhis2Id}::text`);

export const dhis2IdOf = (tx: AccountTransaction, userId: string) =>
  tx.maybe<{ dhis2Id: string | null }>(tx.sql`
    SELECT m.dhis2_id AS "dhis2Id" FROM identity.membership m
    WHERE m.account_id = ${tx.account} AND m.user_id = ${userId} AND m.ended_at IS NULL
    FOR UPDATE`);
