/** Statements on groups of org units. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import { listed } from '../deletion';

export interface GroupRow {
  id: string;
  dataSourceId: string;
  name: string;
  nameKey: string;
  reference: string;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

const columns = (db: AccountDatabase): Statement => db.sql`
  g.id, g.data_source_id AS "dataSourceId", g.name, g.name_key AS "nameKey", g.reference, g.revision,
  g.created_at AS "createdAt", g.updated_at AS "updatedAt", g.deleted_at AS "deletedAt"`;

/** Deleted ones too: versions of old still show them. */
export const groupsById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<GroupRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry."group" g WHERE g.account_id = ${db.account} AND g.id = ANY(${ids})`);

export const groupsByName = (
  db: AccountDatabase,
  dataSourceId: string,
  deleted: boolean,
  after: { nameKey: string; id: string } | undefined,
  limit: number,
) =>
  db.rows<GroupRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry."group" g
    WHERE g.account_id = ${db.account} AND g.data_source_id = ${dataSourceId} AND ${listed(db, 'g', deleted)}
      ${after ? db.sql`AND (g.name_key, g.id) > (${after.nameKey}, ${after.id})` : db.sql``}
    ORDER BY g.name_key, g.id LIMIT ${limit}`);

export const countGroups = (db: AccountDatabase, dataSourceId: string, deleted: boolean) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry."group" g
    WHERE g.account_id = ${db.account} AND g.data_source_id = ${dataSourceId} AND ${listed(db, 'g', deleted)}`);

/** Locks the group against edits, and against units that would enter it, until the transaction ends. */
export const groupForWriting = (tx: AccountTransaction, id: string) =>
  tx.maybe<GroupRow>(tx.sql`
    SELECT ${columns(tx)} FROM georegistry."group" g
    WHERE g.account_id = ${tx.account} AND g.id = ${id} FOR UPDATE`);

/** A reference that somebody gives is no longer a generated one. */
export const saveGroup = (
  tx: AccountTransaction,
  group: Pick<GroupRow, 'id' | 'name' | 'nameKey' | 'reference'>,
) =>
  tx.execute(tx.sql`
    UPDATE georegistry."group" g
    SET name = ${group.name}, name_key = ${group.nameKey}, reference = ${group.reference},
      reference_generated = g.reference_generated AND g.reference = ${group.reference},
      revision = g.revision + 1, updated_at = now()
    WHERE g.account_id = ${tx.account} AND g.id = ${group.id}`);

export const setGroupDeleted = (tx: AccountTransaction, id: string, deletedAt: Date | null) =>
  tx.execute(tx.sql`
    UPDATE georegistry."group" g SET deleted_at = ${deletedAt}, revision = g.revision + 1, updated_at = now()
    WHERE g.account_id = ${tx.account} AND g.id = ${id}`);

/** Whether a version that can still be read by default or edited has units in the group. */
export const groupInUse = (db: AccountDatabase, id: string) =>
  db.maybe<{ unitId: string }>(db.sql`
    SELECT s.unit_id AS "unitId" FROM georegistry.org_unit_state s
    JOIN georegistry.data_source d ON d.account_id = ${db.account} AND d.id = s.data_source_id
    WHERE s.account_id = ${db.account} AND s.group_ids @> ARRAY[${id}::uuid]
      AND (s.to_version IS NULL OR s.to_version = d.draft_version_number
        OR coalesce(d.chosen_version_number, d.released_version_number) BETWEEN s.from_version AND s.to_version - 1)
    LIMIT 1`);

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
