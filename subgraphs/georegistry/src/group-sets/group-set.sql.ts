/** Statements on sets of groups. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import { listed } from '../deletion';

export type Membership = 'SINGLE' | 'MULTIPLE';

export interface GroupSetRow {
  id: string;
  dataSourceId: string;
  name: string;
  nameKey: string;
  reference: string;
  membership: Membership;
  /** Sorted. */
  groupIds: string[];
  revision: number;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

const columns = (db: AccountDatabase): Statement => db.sql`
  t.id, t.data_source_id AS "dataSourceId", t.name, t.name_key AS "nameKey", t.reference, t.membership,
  ARRAY(SELECT m.group_id FROM georegistry.group_set_group m
    WHERE m.account_id = ${db.account} AND m.group_set_id = t.id ORDER BY 1) AS "groupIds",
  t.revision, t.created_at AS "createdAt", t.updated_at AS "updatedAt", t.deleted_at AS "deletedAt"`;

export const groupSetsById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<GroupSetRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.group_set t WHERE t.account_id = ${db.account} AND t.id = ANY (${ids})`);

export const groupSetsByName = (
  db: AccountDatabase,
  dataSourceId: string,
  deleted: boolean,
  after: { nameKey: string; id: string } | undefined,
  limit: number,
) =>
  db.rows<GroupSetRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.group_set t
    WHERE t.account_id = ${db.account} AND t.data_source_id = ${dataSourceId} AND ${listed(db, 't', deleted)}
      ${after ? db.sql`AND (t.name_key, t.id) > (${after.nameKey}, ${after.id})` : db.sql``}
    ORDER BY t.name_key, t.id LIMIT ${limit}`);

export const countGroupSets = (db: AccountDatabase, dataSourceId: string, deleted: boolean) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.group_set t
    WHERE t.account_id = ${db.account} AND t.data_source_id = ${dataSourceId} AND ${listed(db, 't', deleted)}`);

export type WrittenSet = Pick<
  GroupSetRow,
  'id' | 'dataSourceId' | 'name' | 'nameKey' | 'reference' | 'membership'
>;

export const insertGroupSet = (tx: AccountTransaction, set: WrittenSet, referenceGenerated: boolean) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.group_set
      (account_id, id, data_source_id, name, name_key, reference, reference_generated, membership)
    VALUES (${tx.account}, ${set.id}, ${set.dataSourceId}, ${set.name}, ${set.nameKey}, ${set.reference},
      ${referenceGenerated}, ${set.membership})`);

/** The database refuses SINGLE while units are in several of the groups. */
export const saveGroupSet = (tx: AccountTransaction, set: WrittenSet) =>
  tx.execute(tx.sql`
    UPDATE georegistry.group_set t
    SET name = ${set.name}, name_key = ${set.nameKey}, reference = ${set.reference}, membership = ${set.membership},
      reference_generated = t.reference_generated AND t.reference = ${set.reference},
      revision = t.revision + 1, updated_at = now()
    WHERE t.account_id = ${tx.account} AND t.id = ${set.id}`);

export const removeOtherGroups = (tx: AccountTransaction, id: string, groupIds: readonly string[]) =>
  tx.execute(tx.sql`
    DELETE FROM georegistry.group_set_group m
    WHERE m.account_id = ${tx.account} AND m.group_set_id = ${id} AND m.group_id <> ALL (${groupIds}::uuid[])`);

export const addGroups = (tx: AccountTransaction, id: string, groupIds: readonly string[]) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.group_set_group (account_id, group_set_id, group_id)
    SELECT ${tx.account}::uuid, ${id}::uuid, g.id FROM unnest(${groupIds}::uuid[]) AS g (id)
    ON CONFLICT DO NOTHING`);

export const setGroupSetDeleted = (tx: AccountTransaction, id: string, deletedAt: Date | null) =>
  tx.execute(tx.sql`
    UPDATE georegistry.group_set t SET deleted_at = ${deletedAt}, revision = t.revision + 1, updated_at = now()
    WHERE t.account_id = ${tx.account} AND t.id = ${id}`);
