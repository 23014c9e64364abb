/** Statements on units as such, whatever their versions. */
import type { AccountDatabase } from '@iroko/database';

export const unitSource = (db: AccountDatabase, id: string) =>
  db.maybe<{ dataSourceId: string }>(db.sql`
    SELECT u.data_source_id AS "dataSourceId" FROM georegistry.org_unit u
    WHERE u.account_id = ${db.account} AND u.id = ${id}`);
