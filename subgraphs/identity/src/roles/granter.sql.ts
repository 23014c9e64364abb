/**
 * What a member holds at this moment, while nobody else in the account grants anything.
 */
import type { AccountTransaction } from '@iroko/database';

/** Until the transaction ends, those who grant in this account wait for one another. Grants are rare. */
export const lockGranting = (tx: AccountTransaction) =>
  tx.execute(tx.sql`SELECT pg_advisory_xact_lock(hashtextextended(${`identity granting ${tx.account}`}, 0))`);

export interface RightsRow {
  permissions: string[];
  everyPermission: boolean;
  modules: string[] | null;
  unitIds: string[] | null;
  projectIds: string[] | null;
  writableTypeIds: string[] | null;
}

export const rightsNow = (tx: AccountTransaction, userId: string) =>
  tx.maybe<RightsRow>(tx.sql`
    SELECT r.permissions, r.every_permission AS "everyPermission", r.modules, r.unit_ids AS "unitIds",
           r.project_ids AS "projectIds", r.writable_type_ids AS "writableTypeIds"
    FROM identity.viewer_rights r
    WHERE r.account_id = ${tx.account} AND r.user_id = ${userId}`);
