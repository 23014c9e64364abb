/** Statements on data sources. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import { listed } from '../deletion';
import type { SourceRow } from './source';

const columns = (db: AccountDatabase): Statement => db.sql`
  d.id, d.name, d.description, d.read_only AS "readOnly", d.public, d.time_zone AS "timeZone",
  d.chosen_version_number AS "chosenVersionNumber", d.released_version_number AS "releasedVersionNumber",
  d.draft_version_number AS "draftVersionNumber", d.revision, d.created_at AS "createdAt",
  d.updated_at AS "updatedAt", d.deleted_at AS "deletedAt"`;

export const sourcesById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<SourceRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.data_source d
    WHERE d.account_id = ${db.account} AND d.id = ANY(${ids}) AND d.deleted_at IS NULL`);

/** A source that was deleted, locked until the transaction ends. */
export const deletedSource = (tx: AccountTransaction, id: string) =>
  tx.maybe<SourceRow>(tx.sql`
    SELECT ${columns(tx)} FROM georegistry.data_source d
    WHERE d.account_id = ${tx.account} AND d.id = ${id} AND d.deleted_at IS NOT NULL FOR NO KEY UPDATE`);

/** Of a deletion the name becomes free, of a restoration it is taken again. */
export const setSourceDeleted = (
  tx: AccountTransaction,
  id: string,
  nameKey: string,
  deletedAt: Date | null,
) =>
  tx.execute(tx.sql`
    UPDATE georegistry.data_source d
    SET deleted_at = ${deletedAt}, name_key = ${nameKey}, revision = d.revision + 1, updated_at = now()
    WHERE d.account_id = ${tx.account} AND d.id = ${id}`);

/** Locks the source until the transaction ends: writers of one source, of its versions and units stand in line. */
export const sourceForWriting = (tx: AccountTransaction, id: string) =>
  tx.maybe<SourceRow>(tx.sql`
    SELECT ${columns(tx)} FROM georegistry.data_source d
    WHERE d.account_id = ${tx.account} AND d.id = ${id} AND d.deleted_at IS NULL FOR NO KEY UPDATE`);

export interface SourceKey {
  nameKey: string;
  id: string;
}

export const sourcesByName = (
  db: AccountDatabase,
  deleted: boolean,
  after: SourceKey | undefined,
  limit: number,
) =>
  db.rows<SourceRow & { nameKey: string }>(db.sql`
    SELECT ${columns(db)}, d.name_key AS "nameKey" FROM georegistry.data_source d
    WHERE d.account_id = ${db.account} AND ${listed(db, 'd', deleted)}
      ${after ? db.sql`AND (d.name_key, d.id) > (${after.nameKey}, ${after.id})` : db.sql``}
    ORDER BY d.name_key, d.id LIMIT ${limit}`);

export const firstSources = (db: AccountDatabase, limit: number) =>
  db.rows<SourceRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.data_source d
    WHERE d.account_id = ${db.account} AND d.deleted_at IS NULL ORDER BY d.id LIMIT ${limit}`);

export const countSources = (db: AccountDatabase, deleted: boolean) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.data_source d
    WHERE d.account_id = ${db.account} AND ${listed(db, 'd', deleted)}`);

export interface NewSource {
  id: string;
  name: string;
  nameKey: string;
  description: string;
  readOnly: boolean;
  public: boolean;
  timeZone: string | null;
}

export const insertSource = (tx: AccountTransaction, source: NewSource) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.data_source (account_id, id, name, name_key, description, read_only, public, time_zone)
    VALUES (${tx.account}, ${source.id}, ${source.name}, ${source.nameKey}, ${source.description},
      ${source.readOnly}, ${source.public}, ${source.timeZone})`);

export const saveSource = (tx: AccountTransaction, source: NewSource) =>
  tx.execute(tx.sql`
    UPDATE georegistry.data_source d
    SET name = ${source.name}, name_key = ${source.nameKey}, description = ${source.description},
      read_only = ${source.readOnly}, public = ${source.public}, time_zone = ${source.timeZone},
      revision = d.revision + 1, updated_at = now()
    WHERE d.account_id = ${tx.account} AND d.id = ${source.id}`);

export const chooseVersion = (tx: AccountTransaction, id: string, number: number | null) =>
  tx.execute(tx.sql`
    UPDATE georegistry.data_source d
    SET chosen_version_number = ${number}, revision = d.revision + 1, updated_at = now()
    WHERE d.account_id = ${tx.account} AND d.id = ${id}`);

/** Takes `count` numbers for new units; answers the first. */
export const takeUnitNumbers = async (tx: AccountTransaction, id: string, count: number): Promise<number> => {
  const { next } = await tx.one<{ next: number }>(tx.sql`
    UPDATE georegistry.data_source d SET next_unit_number = d.next_unit_number + ${count}::integer
    WHERE d.account_id = ${tx.account} AND d.id = ${id}
    RETURNING d.next_unit_number AS next`);
  return next - count;
};
