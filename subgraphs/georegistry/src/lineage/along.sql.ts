/**
 * What goes along with an operation, however much it is: the units that come below another parent, with everything below
 * them, and those that are closed with the one above. Recorded first and then written from the record, each in one
 * statement, because the database checks the tree at the end of each.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import type { LineageRow } from './lineage';

export interface ChildRow {
  unitId: string;
  name: string;
  typeId: string | null;
  parentId: string;
  longitude: number | null;
  latitude: number | null;
}

/** The units right below others in the draft. One without a location is where the middle of its shape is. */
export const openChildren = (tx: AccountTransaction, source: string, parentIds: readonly string[]) =>
  tx.rows<ChildRow>(tx.sql`
    SELECT s.unit_id AS "unitId", s.name, s.type_id AS "typeId", s.parent_id AS "parentId",
      coalesce(s.longitude, h.centroid[0]) AS longitude, coalesce(s.latitude, h.centroid[1]) AS latitude
    FROM georegistry.org_unit_state s
    LEFT JOIN georegistry.shape h ON h.account_id = ${tx.account} AND h.hash = s.shape_hash
    WHERE s.account_id = ${tx.account} AND s.data_source_id = ${source} AND s.parent_id = ANY(${parentIds}::uuid[])
      AND s.to_version IS NULL
    ORDER BY s.parent_id, s.name_key, s.unit_id`);

type Operation = Pick<LineageRow, 'id' | 'dataSourceId' | 'versionNumber'>;

export interface Move {
  unitId: string;
  parentId: string | null;
}

const recordMoves = (tx: AccountTransaction, { id, dataSourceId }: Operation, moves: readonly Move[]) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.lineage_unit (account_id, lineage_id, unit_id, data_source_id, role, position, ended, name,
      revision, parent_before, parent_after)
    SELECT ${tx.account}::uuid, ${id}::uuid, m.unit_id, ${dataSourceId}::uuid, 'MOVED', m.position - 1, false, s.name,
      s.revision + 1, s.parent_id, m.parent_id
    FROM unnest(${moves.map(({ unitId }) => unitId)}::uuid[], ${moves.map(({ parentId }) => parentId)}::uuid[])
      WITH ORDINALITY AS m (unit_id, parent_id, position)
    JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = m.unit_id AND s.to_version IS NULL`);

/** Moves units, none of which stands below another of them, with everything below them; the record says so. */
export async function moveAlong(
  tx: AccountTransaction,
  operation: Operation,
  moves: readonly Move[],
): Promise<void> {
  if (moves.length === 0) return;
  await recordMoves(tx, operation, moves);
  await movePlaces(tx, operation, tx.sql.raw('n.parent_after'));
}

/** Takes the moves of an operation back. */
export const moveBack = (tx: AccountTransaction, operation: Operation) =>
  movePlaces(tx, operation, tx.sql.raw('n.parent_before'));

/** How many units would move with these, themselves included, counted up to `countMax`. */
export const sizeOfMoves = async (
  tx: AccountTransaction,
  source: string,
  unitIds: readonly string[],
  countMax: number,
): Promise<number> => {
  const { size } = await tx.one<{ size: number }>(tx.sql`
    SELECT count(*) AS size FROM (
      SELECT FROM unnest(${unitIds}::uuid[]) AS m (id)
      JOIN georegistry.org_unit_path p ON p.account_id = ${tx.account} AND p.unit_id = m.id AND p.to_version IS NULL
      JOIN georegistry.org_unit_path q ON q.account_id = ${tx.account} AND q.data_source_id = ${source}
        AND q.path >= p.path AND q.path < p.path || '\\xffffffff'::bytea AND q.to_version IS NULL
      LIMIT ${countMax}
    ) counted`);
  return size;
};

/** Units that undoing an operation would write, and that changed, went or came back since. */
export const changedAlong = (tx: AccountTransaction, { id }: Operation, limit: number) =>
  tx.rows<{ unitId: string; name: string }>(tx.sql`
    SELECT n.unit_id AS "unitId", coalesce(s.name, n.name) AS name FROM georegistry.lineage_unit n
    JOIN georegistry.lineage l ON l.account_id = ${tx.account} AND l.id = n.lineage_id
    LEFT JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = n.unit_id
      AND s.to_version IS NULL
    WHERE n.account_id = ${tx.account} AND n.lineage_id = ${id} AND CASE
      WHEN n.role = 'MOVED' THEN s.parent_id IS DISTINCT FROM n.parent_after
      WHEN n.role = 'PREDECESSOR' AND l.ending = 'REMOVED' THEN s.unit_id IS NOT NULL
      WHEN n.role = 'PREDECESSOR' AND l.ending = 'KEPT' THEN false
      WHEN n.role = 'SUCCESSOR' AND l.kind = 'SPLIT' AND NOT n.is_new THEN false
      ELSE s.revision IS DISTINCT FROM n.revision END
    ORDER BY n.role, n.position LIMIT ${limit}`);

const CONTENT = `type_id, longitude, latitude, altitude, opening_date, status, name, name_key, search_key, code, aliases,
  group_ids, shape_hash, attributes`;
const content = (alias: string) =>
  CONTENT.split(/,\s*/)
    .map((name) => `${alias}.${name}`)
    .join(', ');

const movePlaces = (tx: AccountTransaction, { id, dataSourceId, versionNumber }: Operation, to: Statement) =>
  tx.execute(tx.sql`
    WITH move AS MATERIALIZED (
      SELECT n.unit_id, ${to} AS parent_id, s.from_version, p.path, coalesce(q.path, '\\x'::bytea) AS above
      FROM georegistry.lineage_unit n
      JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = n.unit_id
        AND s.to_version IS NULL
      JOIN georegistry.org_unit_path p ON p.account_id = ${tx.account} AND p.unit_id = n.unit_id
        AND p.to_version IS NULL
      LEFT JOIN georegistry.org_unit_path q ON q.account_id = ${tx.account} AND q.unit_id = ${to}
        AND q.to_version IS NULL
      WHERE n.account_id = ${tx.account} AND n.lineage_id = ${id} AND n.role = 'MOVED'
    ), moved AS MATERIALIZED (
      SELECT p.unit_id, p.from_version, m.above || substr(p.path, octet_length(m.path) - 3) AS path
      FROM move m
      JOIN georegistry.org_unit_path p ON p.account_id = ${tx.account} AND p.data_source_id = ${dataSourceId}
        AND p.path >= m.path AND p.path < m.path || '\\xffffffff'::bytea AND p.to_version IS NULL
    ), rewritten_paths AS (
      UPDATE georegistry.org_unit_path p SET path = m.path FROM moved m
      WHERE p.account_id = ${tx.account} AND p.unit_id = m.unit_id AND p.from_version = ${versionNumber}
        AND m.from_version = ${versionNumber}
    ), closed_paths AS (
      UPDATE georegistry.org_unit_path p SET to_version = ${versionNumber} FROM moved m
      WHERE p.account_id = ${tx.account} AND p.unit_id = m.unit_id AND p.from_version = m.from_version
        AND m.from_version < ${versionNumber}
    ), new_paths AS (
      INSERT INTO georegistry.org_unit_path (account_id, data_source_id, unit_id, from_version, path)
      SELECT ${tx.account}::uuid, ${dataSourceId}::uuid, m.unit_id, ${versionNumber}::integer, m.path
      FROM moved m WHERE m.from_version < ${versionNumber}
    ), edited AS (
      UPDATE georegistry.org_unit_state s SET parent_id = m.parent_id, revision = s.revision + 1, written_at = now()
      FROM move m WHERE s.account_id = ${tx.account} AND s.unit_id = m.unit_id AND s.from_version = ${versionNumber}
        AND m.from_version = ${versionNumber}
    ), closed AS (
      UPDATE georegistry.org_unit_state s SET to_version = ${versionNumber} FROM move m
      WHERE s.account_id = ${tx.account} AND s.unit_id = m.unit_id AND s.from_version = m.from_version
        AND m.from_version < ${versionNumber}
    )
    INSERT INTO georegistry.org_unit_state (account_id, data_source_id, unit_id, from_version, parent_id, revision,
      closed_date, ${tx.sql.raw(CONTENT)})
    SELECT ${tx.account}::uuid, ${dataSourceId}::uuid, m.unit_id, ${versionNumber}::integer, m.parent_id,
      s.revision + 1, s.closed_date, ${tx.sql.raw(content('s'))}
    FROM move m JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = m.unit_id
      AND s.from_version = m.from_version
    WHERE m.from_version < ${versionNumber}`);

/** Open units below a path that opened on the day of closing or later. */
export const openedAfter = (
  tx: AccountTransaction,
  source: string,
  path: Buffer,
  day: string,
  limit: number,
) =>
  tx.rows<{ unitId: string; name: string; openingDate: string }>(tx.sql`
    SELECT s.unit_id AS "unitId", s.name, s.opening_date AS "openingDate" FROM georegistry.org_unit_path p
    JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = p.unit_id AND s.to_version IS NULL
    WHERE ${isBelow(tx, source, path)} AND s.closed_date IS NULL AND s.opening_date >= ${day}::date
    ORDER BY p.path LIMIT ${limit}`);

const isBelow = (tx: AccountTransaction, source: string, path: Buffer): Statement => tx.sql`
  p.account_id = ${tx.account} AND p.data_source_id = ${source} AND p.path > ${path}::bytea
    AND p.path < ${path}::bytea || '\\xffffffff'::bytea AND p.to_version IS NULL`;

/** How many units below a path are not closed. */
export const openBelow = async (tx: AccountTransaction, source: string, path: Buffer): Promise<number> => {
  const { count } = await tx.one<{ count: number }>(tx.sql`
    SELECT count(*) AS count FROM georegistry.org_unit_path p
    JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = p.unit_id AND s.to_version IS NULL
    WHERE ${isBelow(tx, source, path)} AND s.closed_date IS NULL`);
  return count;
};

/** Records what is open below a path as closed along, and answers how many there are. */
export const recordClosedAlong = (tx: AccountTransaction, { id, dataSourceId }: Operation, path: Buffer) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.lineage_unit (account_id, lineage_id, unit_id, data_source_id, role, position, ended, name,
      revision)
    SELECT ${tx.account}::uuid, ${id}::uuid, s.unit_id, ${dataSourceId}::uuid, 'CLOSED_ALONG',
      row_number() OVER (ORDER BY p.path) - 1, true, s.name, s.revision + 1
    FROM georegistry.org_unit_path p
    JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = p.unit_id AND s.to_version IS NULL
    WHERE ${isBelow(tx, dataSourceId, path)} AND s.closed_date IS NULL`);

/** Closes, or opens again, what the record says was closed along. */
export const closeAlong = (
  tx: AccountTransaction,
  { id, dataSourceId, versionNumber }: Operation,
  day: string | null,
) =>
  tx.execute(tx.sql`
    WITH due AS MATERIALIZED (
      SELECT n.unit_id, s.from_version FROM georegistry.lineage_unit n
      JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = n.unit_id
        AND s.to_version IS NULL
      WHERE n.account_id = ${tx.account} AND n.lineage_id = ${id} AND n.role = 'CLOSED_ALONG'
    ), edited AS (
      UPDATE georegistry.org_unit_state s SET closed_date = ${day}::date, revision = s.revision + 1, written_at = now()
      FROM due d WHERE s.account_id = ${tx.account} AND s.unit_id = d.unit_id AND s.from_version = ${versionNumber}
        AND d.from_version = ${versionNumber}
    ), closed AS (
      UPDATE georegistry.org_unit_state s SET to_version = ${versionNumber} FROM due d
      WHERE s.account_id = ${tx.account} AND s.unit_id = d.unit_id AND s.from_version = d.from_version
        AND d.from_version < ${versionNumber}
    )
    INSERT INTO georegistry.org_unit_state (account_id, data_source_id, unit_id, from_version, parent_id, revision,
      closed_date, ${tx.sql.raw(CONTENT)})
    SELECT ${tx.account}::uuid, ${dataSourceId}::uuid, d.unit_id, ${versionNumber}::integer, s.parent_id,
      s.revision + 1, ${day}::date, ${tx.sql.raw(content('s'))}
    FROM due d JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = d.unit_id
      AND s.from_version = d.from_version
    WHERE d.from_version < ${versionNumber}`);
