/** Statements on datasets, their fields and versions. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import { inReach, unitReach } from '@iroko/viewer';
import type { FieldType } from '../cells/field-type';
import type { Reading } from '../source-files/reading';
import type { UnitMark } from '../units/resolve-units';

export interface DatasetRecord {
  id: string;
  name: string;
  nameKey: string;
  description: string | null;
  unitBy: UnitMark | null;
  unitSourceId: string | null;
  currentVersion: number | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface FieldRecord {
  id: string;
  datasetId: string;
  slot: number;
  key: string;
  heading: string;
  type: FieldType;
  isUnit: boolean;
}

export interface VersionRecord {
  datasetId: string;
  number: number;
  fileId: string;
  contentHash: Buffer;
  reading: Reading;
  /** As they were when the version landed. */
  fields: FieldRecord[];
  createdAt: Date;
}

const datasetColumns = (db: AccountDatabase): Statement => db.sql`
  d.id, d.name, d.name_key AS "nameKey", d.description, d.unit_by AS "unitBy", d.unit_source_id AS "unitSourceId",
  d.current_version AS "currentVersion", d.revision, d.created_at AS "createdAt", d.updated_at AS "updatedAt"`;

export const datasetsByIds = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<DatasetRecord>(db.sql`
    SELECT ${datasetColumns(db)} FROM datasets.dataset d
    WHERE d.account_id = ${db.account} AND d.id = ANY(${ids}::uuid[]) AND d.deleted_at IS NULL`);

export const lockDataset = (tx: AccountTransaction, id: string) =>
  tx.maybe<DatasetRecord>(tx.sql`
    SELECT ${datasetColumns(tx)} FROM datasets.dataset d
    WHERE d.account_id = ${tx.account} AND d.id = ${id} AND d.deleted_at IS NULL FOR NO KEY UPDATE`);

export const datasetNamed = (db: AccountDatabase, nameKey: string) =>
  db.maybe<{ id: string }>(db.sql`
    SELECT d.id FROM datasets.dataset d
    WHERE d.account_id = ${db.account} AND d.name_key = ${nameKey} AND d.deleted_at IS NULL`);

const matching = (db: AccountDatabase, searchKey: string | null): Statement => db.sql`
  d.account_id = ${db.account} AND d.deleted_at IS NULL
  ${searchKey === null ? db.sql`` : db.sql`AND strpos(d.name_key, ${searchKey}) > 0`}`;

/** By name; names are unique, so the name key alone is the key of the page. */
export const datasetsPage = (
  db: AccountDatabase,
  searchKey: string | null,
  after: string | null,
  limit: number,
) =>
  db.rows<DatasetRecord>(db.sql`
    SELECT ${datasetColumns(db)} FROM datasets.dataset d
    WHERE ${matching(db, searchKey)} ${after === null ? db.sql`` : db.sql`AND d.name_key > ${after}`}
    ORDER BY d.name_key LIMIT ${limit}`);

export const countDatasets = async (db: AccountDatabase, searchKey: string | null): Promise<number> =>
  (
    await db.one<{ count: number }>(
      db.sql`SELECT count(*) AS count FROM datasets.dataset d WHERE ${matching(db, searchKey)}`,
    )
  ).count;

export const insertDataset = (
  tx: AccountTransaction,
  dataset: Pick<DatasetRecord, 'id' | 'name' | 'nameKey' | 'description'>,
) =>
  tx.execute(tx.sql`
    INSERT INTO datasets.dataset (account_id, id, name, name_key, description)
    VALUES (${tx.account}, ${dataset.id}, ${dataset.name}, ${dataset.nameKey}, ${dataset.description})`);

export const updateDatasetRow = (
  tx: AccountTransaction,
  dataset: Pick<DatasetRecord, 'id' | 'name' | 'nameKey' | 'description'>,
) =>
  tx.execute(tx.sql`
    UPDATE datasets.dataset d
    SET name = ${dataset.name}, name_key = ${dataset.nameKey}, description = ${dataset.description},
        revision = d.revision + 1, updated_at = now()
    WHERE d.account_id = ${tx.account} AND d.id = ${dataset.id}`);

/** Makes a version the one that is read, with the unit column it was resolved by. */
export const publishVersion = (
  tx: AccountTransaction,
  id: string,
  version: number,
  unit: { by: UnitMark; dataSourceId: string | null } | null,
) =>
  tx.execute(tx.sql`
    UPDATE datasets.dataset d
    SET current_version = ${version}, unit_by = ${unit?.by ?? null}, unit_source_id = ${unit?.dataSourceId ?? null},
        revision = d.revision + 1, updated_at = now()
    WHERE d.account_id = ${tx.account} AND d.id = ${id}`);

/** In the order of their slots. */
export const fieldsOfDatasets = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<FieldRecord>(db.sql`
    SELECT f.id, f.dataset_id AS "datasetId", f.slot, f.key, f.heading, f.type, f.is_unit AS "isUnit"
    FROM datasets.field f
    WHERE f.account_id = ${db.account} AND f.dataset_id = ANY(${ids}::uuid[])
    ORDER BY f.dataset_id, f.slot`);

/** Adds fields and changes type and unit mark of those that are there; levels stay. */
export const saveFields = async (tx: AccountTransaction, fields: readonly FieldRecord[]): Promise<void> => {
  // Two fields may swap the unit mark, of which there is one.
  await tx.execute(tx.sql`
    UPDATE datasets.field f SET is_unit = false
    WHERE f.account_id = ${tx.account} AND f.dataset_id = ${fields[0]?.datasetId ?? null} AND f.is_unit`);
  await tx.execute(tx.sql`
    INSERT INTO datasets.field (account_id, id, dataset_id, slot, key, heading, type, is_unit)
    SELECT ${tx.account}::uuid, n.id, n.dataset_id, n.slot, n.key, n.heading, n.type, n.is_unit
    FROM unnest(${fields.map(({ id }) => id)}::uuid[], ${fields.map(({ datasetId }) => datasetId)}::uuid[],
        ${fields.map(({ slot }) => slot)}::int[], ${fields.map(({ key }) => key)}::text[],
        ${fields.map(({ heading }) => heading)}::text[], ${fields.map(({ type }) => type)}::text[],
        ${fields.map(({ isUnit }) => isUnit)}::boolean[]) AS n (id, dataset_id, slot, key, heading, type, is_unit)
    ON CONFLICT (account_id, id) DO UPDATE SET type = excluded.type, is_unit = excluded.is_unit`);
};

const versionColumns = (db: AccountDatabase): Statement => db.sql`
  v.dataset_id AS "datasetId", v.number, v.file_id AS "fileId", v.content_hash AS "contentHash", v.reading,
  v.fields, v.created_at AS "createdAt"`;

export const datasetVersion = (db: AccountDatabase, datasetId: string, number: number) =>
  db.maybe<VersionRecord>(db.sql`
    SELECT ${versionColumns(db)} FROM datasets.dataset_version v
    WHERE v.account_id = ${db.account} AND v.dataset_id = ${datasetId} AND v.number = ${number}`);

/** Newest first. */
export const versionsOfDatasets = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<VersionRecord>(db.sql`
    SELECT ${versionColumns(db)} FROM datasets.dataset_version v
    WHERE v.account_id = ${db.account} AND v.dataset_id = ANY(${ids}::uuid[])
    ORDER BY v.dataset_id, v.number DESC`);

/** Answers the number of the new version. */
export const insertVersion = async (
  tx: AccountTransaction,
  version: Pick<VersionRecord, 'datasetId' | 'fileId' | 'contentHash' | 'reading' | 'fields'>,
): Promise<number> =>
  (
    await tx.one<{ number: number }>(tx.sql`
      INSERT INTO datasets.dataset_version (account_id, dataset_id, number, file_id, content_hash, reading, fields)
      SELECT ${tx.account}::uuid, ${version.datasetId}::uuid, coalesce(max(v.number), 0) + 1, ${version.fileId}::uuid,
        ${version.contentHash}::bytea, ${JSON.stringify(version.reading)}::jsonb, ${JSON.stringify(version.fields)}::jsonb
      FROM datasets.dataset_version v
      WHERE v.account_id = ${tx.account} AND v.dataset_id = ${version.datasetId}
      RETURNING number`)
  ).number;

/** Datasets whose current version has rows at these units. */
export const datasetsOfUnits = async (db: AccountDatabase, unitIds: readonly string[]) =>
  db.rows<{ unitId: string; datasetId: string }>(db.sql`
    SELECT DISTINCT r.unit_id AS "unitId", r.dataset_id AS "datasetId", d.name_key
    FROM datasets.row r
    JOIN datasets.dataset d ON d.account_id = ${db.account} AND d.id = r.dataset_id
      AND d.current_version = r.version AND d.deleted_at IS NULL
    WHERE r.account_id = ${db.account} AND r.unit_id = ANY(${unitIds}::uuid[])
      AND ${inReach(db, db.sql`r.unit_id`, await unitReach(db))}
    ORDER BY d.name_key`);
