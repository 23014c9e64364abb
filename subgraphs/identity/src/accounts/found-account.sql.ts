/**
 * Writing an account with its first member. The account is new here, so most of it is written through its handle.
 */
import type { AccountTransaction, SystemDatabase, SystemTransaction } from '@iroko/database';
import { searchKeyOf } from '../users/search-key';

export interface AccountInsert {
  id: string;
  slug: string;
  name: string;
  timeZone: string;
  language: string;
  foundingKey: string;
}

/** Returns 0 when the founding key was used before; waits for whoever is using it now. */
export const insertAccount = (tx: SystemTransaction, account: AccountInsert) =>
  tx.execute(tx.sql`
    INSERT INTO identity.account (id, slug, name, time_zone, language, founding_key)
    VALUES (${account.id}, ${account.slug}, ${account.name}, ${account.timeZone}, ${account.language},
            ${account.foundingKey})
    ON CONFLICT (founding_key) DO NOTHING`);

export interface FoundedRow {
  accountId: string;
  slug: string;
  administratorId: string | null;
}

/** The account founded under this key, with its first member. */
export const accountByFoundingKey = (db: SystemDatabase, foundingKey: string) =>
  db.maybe<FoundedRow>(db.sql`
    SELECT a.id AS "accountId", a.slug, m.user_id AS "administratorId"
    FROM identity.account a
    LEFT JOIN identity.membership m ON m.account_id = a.id
    WHERE a.founding_key = ${foundingKey}
    ORDER BY m.created_at, m.user_id
    LIMIT 1`);

export interface PersonInsert {
  id: string;
  email: string;
  emailKey: string;
  passwordHash: string | null;
  firstName: string;
  lastName: string;
  language: string | null;
}

/** Returns 0 when the address has a person already. */
export const insertPerson = (tx: SystemTransaction, person: PersonInsert) =>
  tx.execute(tx.sql`
    INSERT INTO identity."user"
      (id, email, email_key, password_hash, password_changed_at, first_name, last_name, search_key, language)
    VALUES (${person.id}, ${person.email}, ${person.emailKey}, ${person.passwordHash}::text,
            CASE WHEN ${person.passwordHash}::text IS NOT NULL THEN now() END,
            ${person.firstName}, ${person.lastName}, ${searchKeyOf(person)}, ${person.language})
    ON CONFLICT (email_key) DO NOTHING`);

export const personIdByEmail = (tx: SystemTransaction, emailKey: string) =>
  tx.one<{ id: string }>(tx.sql`SELECT u.id FROM identity."user" u WHERE u.email_key = ${emailKey}`);

export const insertMembership = (tx: AccountTransaction, userId: string) =>
  tx.execute(tx.sql`
    INSERT INTO identity.membership (account_id, user_id) VALUES (${tx.account}, ${userId})`);

export const insertRole = (
  tx: AccountTransaction,
  role: { id: string; name: string; nameKey: string; permissions: string[]; everyPermission: boolean },
) =>
  tx.execute(tx.sql`
    INSERT INTO identity.role (account_id, id, name, name_key, permissions, every_permission)
    VALUES (${tx.account}, ${role.id}, ${role.name}, ${role.nameKey}, ${role.permissions}, ${role.everyPermission})`);

export const giveRole = (tx: AccountTransaction, userId: string, roleId: string) =>
  tx.execute(tx.sql`
    INSERT INTO identity.membership_role (account_id, user_id, role_id)
    VALUES (${tx.account}, ${userId}, ${roleId})`);
