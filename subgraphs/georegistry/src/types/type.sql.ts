/** Statements on types of org units. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';

export interface TypeRow {
  id: string;
  name: string;
  nameKey: string;
  shortName: string;
  depth: number | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

const columns = (db: AccountDatabase): Statement => db.sql`
  t.id, t.name, t.name_key AS "nameKey", t.short_name AS "shortName", t.depth, t.revision,
  t.created_at AS "createdAt", t.updated_at AS "updatedAt"`;

export const typesById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<TypeRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.org_unit_type t WHERE t.account_id = ${db.account} AND t.id = ANY(${ids})`);

export const typesByName = (
  db: AccountDatabase,
  after: { nameKey: string; id: string } | undefined,
  limit: number,
) =>
  db.rows<TypeRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.org_unit_type t
    WHERE t.account_id = ${db.account}
      ${after ? db.sql`AND (t.name_key, t.id) > (${after.nameKey}, ${after.id})` : db.sql``}
    ORDER BY t.name_key, t.id LIMIT ${limit}`);

export const countTypes = (db: AccountDatabase) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.org_unit_type t WHERE t.account_id = ${db.account}`);

export const insertType = (
  tx: AccountTransaction,
  type: Pick<TypeRow, 'id' | 'name' | 'nameKey' | 'shortName' | 'depth'>,
) =>
  tx.one<TypeRow>(tx.sql`
    INSERT INTO georegistry.org_unit_type AS t (account_id, id, name, name_key, short_name, depth)
    VALUES (${tx.account}, ${type.id}, ${type.name}, ${type.nameKey}, ${type.shortName}, ${type.depth})
    RETURNING ${columns(tx)}`);
