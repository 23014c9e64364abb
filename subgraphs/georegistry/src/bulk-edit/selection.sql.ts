/**
 * What a bulk edit would do, in two tables of its transaction: the units selected, and for each its content afterwards
 * or the reason why it stays. Everything is one statement over the set, whatever its size.
 */
import { type AccountTransaction, isId, type Statement } from '@iroko/database';
import { holding, type ListBranch, tables } from '../org-units/unit-list.sql';
import type { BulkChanges } from './bulk-changes';

export interface BulkScope {
  dataSourceId: string;
  /** The path that the moved units come below; empty for roots, undefined when nothing moves. */
  parentPath: Buffer | undefined;
  /** The types that the editor may write; null for all. */
  writableTypes: readonly string[] | null;
}

export const selectUnits = async (
  tx: AccountTransaction,
  branches: readonly ListBranch[],
): Promise<number> => {
  const { sql } = tx;
  const selected = sql.join(
    branches.map(
      (branch) => sql`SELECT s.unit_id FROM ${tables(tx, branch, [])} WHERE ${holding(tx, branch)}`,
    ),
    ' UNION ',
    'SELECT NULL::uuid AS unit_id WHERE false',
  );
  await tx.execute(sql`CREATE TEMPORARY TABLE bulk_unit ON COMMIT DROP AS ${selected}`);
  await tx.execute(sql`ANALYZE bulk_unit`);
  return (await tx.one<{ count: number }>(sql`SELECT count(*) AS count FROM bulk_unit`)).count;
};

/** The point for each shape or unit that gets one, to be filled before the changes are made. */
export const createPlaces = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    CREATE TEMPORARY TABLE bulk_place (unit_id uuid PRIMARY KEY, longitude float8, latitude float8) ON COMMIT DROP`);

/** Where the submissions of the units were made: the middle of their points on the globe, so the 180th meridian is no border. */
export const placesFromSubmissions = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    INSERT INTO bulk_place (unit_id, longitude, latitude)
    SELECT m.unit_id, round(atan2d(m.y, m.x)::numeric, 7), round(atan2d(m.z, sqrt(m.x * m.x + m.y * m.y))::numeric, 7)
    FROM (
      SELECT x.org_unit_id AS unit_id, avg(cosd(x.latitude) * cosd(x.longitude)) AS x,
        avg(cosd(x.latitude) * sind(x.longitude)) AS y, avg(sind(x.latitude)) AS z
      FROM submissions.unit_submission x
      WHERE x.account_id = ${tx.account} AND x.longitude IS NOT NULL
        AND x.org_unit_id IN (SELECT b.unit_id FROM bulk_unit b)
      GROUP BY x.org_unit_id
    ) m`);

/** Shapes of selected units, for their centres. */
export const selectedShapes = (tx: AccountTransaction, dataSourceId: string) =>
  tx.stream<{ hash: Buffer; wkb: Buffer }>(
    tx.sql`
    SELECT h.hash, h.wkb FROM georegistry.shape h
    WHERE h.account_id = ${tx.account} AND h.hash IN (
      SELECT s.shape_hash FROM bulk_unit b
      JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = b.unit_id
        AND s.data_source_id = ${dataSourceId} AND s.to_version IS NULL)`,
    200,
  );

export const placesFromShapes = (
  tx: AccountTransaction,
  places: readonly { hash: Buffer; longitude: number; latitude: number }[],
) =>
  tx.execute(tx.sql`
    INSERT INTO bulk_place (unit_id, longitude, latitude)
    SELECT s.unit_id, c.longitude, c.latitude
    FROM unnest(${places.map(({ hash }) => hash)}::bytea[], ${places.map((p) => p.longitude)}::float8[],
      ${places.map((p) => p.latitude)}::float8[]) AS c (hash, longitude, latitude)
    JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.shape_hash = c.hash AND s.to_version IS NULL
    JOIN bulk_unit b ON b.unit_id = s.unit_id`);

/** One row per selected unit: what it is, what it becomes, and why it does not. */
export const createChanges = async (tx: AccountTransaction, scope: BulkScope, changes: BulkChanges) => {
  const { sql } = tx;
  const next = after(tx, changes);
  await tx.execute(sql`
    CREATE TEMPORARY TABLE bulk_change ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY p.path) AS at, s.ctid AS state_at, s.unit_id, s.from_version, s.name, p.path,
      s.type_id, s.parent_id, s.status, s.opening_date, s.closed_date, s.group_ids, s.attributes, s.longitude,
      s.latitude, s.altitude, s.shape_hash,
      ${next.typeId} AS new_type_id, ${next.parentId} AS new_parent_id, ${next.status} AS new_status,
      ${next.openingDate} AS new_opening_date, ${next.closedDate} AS new_closed_date,
      ${next.groupIds} AS new_group_ids, ${next.attributes} AS new_attributes, ${next.longitude} AS new_longitude,
      ${next.latitude} AS new_latitude, ${next.altitude} AS new_altitude, NULL::text AS skipped
    FROM bulk_unit b
    JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = b.unit_id
      AND s.data_source_id = ${scope.dataSourceId} AND s.to_version IS NULL
    JOIN georegistry.org_unit_path p ON p.account_id = ${tx.account} AND p.unit_id = b.unit_id
      AND p.to_version IS NULL
    ${changes.locationFrom ? sql`LEFT JOIN bulk_place l ON l.unit_id = b.unit_id` : sql``}`);
  await tx.execute(sql`CREATE INDEX ON bulk_change (unit_id)`);
  await tx.execute(sql`CREATE INDEX ON bulk_change (at)`);
  await tx.execute(sql`ANALYZE bulk_change`);
};

function after({ sql }: AccountTransaction, changes: BulkChanges) {
  const given = (value: unknown, column: string, cast: string): Statement =>
    value === undefined ? sql.raw(`s.${column}`) : sql`${value}::${sql.raw(cast)}`;
  const moves = changes.locationFrom !== undefined;
  return {
    status: given(changes.status, 'status', 'text'),
    typeId: given(changes.typeId, 'type_id', 'uuid'),
    parentId: given(changes.parentId, 'parent_id', 'uuid'),
    openingDate: given(changes.openingDate, 'opening_date', 'date'),
    closedDate: given(changes.closedDate, 'closed_date', 'date'),
    groupIds: groupsAfter({ sql }, changes),
    attributes: attributesAfter({ sql }, changes),
    longitude: moves ? sql`l.longitude` : sql`s.longitude`,
    latitude: moves ? sql`l.latitude` : sql`s.latitude`,
    altitude: moves ? sql`NULL::float8` : sql`s.altitude`,
  };
}

type Sql = Pick<AccountTransaction, 'sql'>;

function groupsAfter({ sql }: Sql, { groupIds, addGroupIds, removeGroupIds }: BulkChanges): Statement {
  if (groupIds) return sql`nullif(${[...new Set(groupIds)].sort()}::uuid[], '{}')`;
  if (!addGroupIds && !removeGroupIds) return sql`s.group_ids`;
  return sql`nullif(ARRAY(
    SELECT DISTINCT g FROM unnest(s.group_ids || ${addGroupIds ?? []}::uuid[]) g
    WHERE g <> ALL (${(removeGroupIds ?? []).filter(isId)}::uuid[]) ORDER BY g), '{}')`;
}

function attributesAfter({ sql }: Sql, { setAttributes, removeAttributes }: BulkChanges): Statement {
  if (!setAttributes && !removeAttributes) return sql`s.attributes`;
  return sql`nullif((coalesce(s.attributes, '{}') || ${JSON.stringify(setAttributes ?? {})}::jsonb)
    - ${removeAttributes ?? []}::text[], '{}')`;
}
