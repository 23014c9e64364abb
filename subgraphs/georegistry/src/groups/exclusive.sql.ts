/** Which groups of a source stand in sets with single membership. */
import type { AccountDatabase } from '@iroko/database';

export const exclusiveGroups = (db: AccountDatabase, dataSourceId: string) =>
  db.rows<{ groupId: string; groupSetId: string }>(db.sql`
    SELECT e.group_id AS "groupId", e.group_set_id AS "groupSetId" FROM georegistry.exclusive_group e
    WHERE e.account_id = ${db.account} AND e.data_source_id = ${dataSourceId}`);
