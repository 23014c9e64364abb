/** Statements on units as such, whatever their versions. */
import type { AccountDatabase } from '@iroko/database';

export const unitSource = (db: AccountDatabase, id: string) =>
  db.maybe<{ dataSourceId: string }>(db.sql`
    SELECT u.data_source_id AS "dataSourceId" FROM georegistry.org_unit u
    WHERE u.account_id = ${db.account} AND u.id = ${id}`);

export const unitNames = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ id: string; dataSourceId: string; reference: string }>(db.sql`
    SELECT u.id, u.data_source_id AS "dataSourceId", u.reference FROM georegistry.org_unit u
    WHERE u.account_id = ${db.account} AND u.id = ANY(${ids}::uuid[])`);
