/** Statements on groups of org units. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';

export interface GroupRow {
  id: string;
  dataSourceId: string;
  name: string;
  nameKey: string;
  reference: string;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

const columns = (db: AccountDatabase): Statement => db.sql`
  g.id, g.data_source_id AS "dataSourceId", g.name, g.name_key AS "nameKey", g.reference, g.revision,
  g.created_at AS "createdAt", g.updated_at AS "updatedAt"`;

export const groupsById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<GroupRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry."group" g WHERE g.account_id = ${db.account} AND g.id = ANY(${ids})`);

export const groupsByName = (
  db: AccountDatabase,
  dataSourceId: string,
  after: { nameKey: string; id: string } | undefined,
  limit: number,
) =>
  db.rows<GroupRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry."group" g
    WHERE g.account_id = ${db.account} AND g.data_source_id = ${dataSourceId}
      ${after ? db.sql`AND (g.name_key, g.id) > (${after.nameKey}, ${after.id})` : db.sql``}
    ORDER BY g.name_key, g.id LIMIT ${limit}`);

export const countGroups = (db: AccountDatabase, dataSourceId: string) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry."group" g
    WHERE g.account_id = ${db.account} AND g.data_source_id = ${dataSourceId}`);

export const insertGroup = (
  tx: AccountTransaction,
  group: Pick<GroupRow, 'id' | 'dataSourceId' | 'name' | 'nameKey' | 'reference'> & {
    referenceGenerated: boolean;
  },
) =>
  tx.one<GroupRow>(tx.sql`
    INSERT INTO georegistry."group" AS g
      (account_id, id, data_source_id, name, name_key, reference, reference_generated)
    VALUES (${tx.account}, ${group.id}, ${group.dataSourceId}, ${group.name}, ${group.nameKey},
      ${group.reference}, ${group.referenceGenerated})
    RETURNING ${columns(tx)}`);
