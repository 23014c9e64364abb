/**
 * Reads of the handle's own account.
 */
import type { AccountDatabase } from '@iroko/database';
import type { AccountType } from './account-type';

export const ownAccount = (db: AccountDatabase) =>
  db.one<AccountType>(db.sql`
    SELECT a.id, a.slug, a.name, a.time_zone AS "timeZone", a.language
    FROM identity.account a
    WHERE a.id = ${db.account}`);
