/**
 * Statements that read states: the place of a unit in a version, by id, by number, above and below. A unit that the
 * handle does not reach is one that is not there.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import { inSubtrees } from '@iroko/viewer';
import { reachIn, reachNow, standsWithin } from '../scope/reach.sql';
import type { StateRow } from './state';

/** Columns of a StateRow from the aliases `s` (state) and `u` (unit). */
export const stateColumns = (db: AccountDatabase, version: Statement): Statement => db.sql`
  s.unit_id AS "unitId", s.data_source_id AS "dataSourceId", u.reference, ${version} AS "versionNumber",
  s.from_version AS "fromVersion", s.revision, s.name, s.name_key AS "nameKey", s.aliases, s.code,
  s.type_id AS "typeId", s.parent_id AS "parentId", s.status, s.longitude, s.latitude, s.altitude,
  s.shape_hash AS "shapeHash", s.opening_date AS "openingDate", s.closed_date AS "closedDate",
  s.group_ids AS "groupIds", s.attributes, s.written_at AS "writtenAt",
  u.created_at AS "createdAt"`;

/** Whether the row under this alias holds in the version of that number. */
export const holdsIn = (db: AccountDatabase, alias: 's' | 'p' | 'c', number: number): Statement => {
  const a = db.sql.raw(alias);
  return db.sql`${a}.from_version <= ${number} AND (${a}.to_version IS NULL OR ${a}.to_version > ${number})`;
};

/** Units by id, each as the current version of its source has it; the draft counts where none is released. */
export const currentStates = async (db: AccountDatabase, ids: readonly string[], withDrafts: boolean) => {
  const reach = await reachNow(db, withDrafts);
  return db.rows<StateRow>(db.sql`
    SELECT ${stateColumns(db, db.sql`v.number`)}
    FROM georegistry.org_unit u
    JOIN georegistry.data_source d ON d.account_id = ${db.account} AND d.id = u.data_source_id
      AND d.deleted_at IS NULL
    CROSS JOIN LATERAL (SELECT coalesce(d.chosen_version_number, d.released_version_number,
      CASE WHEN ${withDrafts}::boolean THEN d.draft_version_number END) AS number OFFSET 0) v
    JOIN georegistry.org_unit_state s ON s.account_id = ${db.account} AND s.unit_id = u.id
      AND s.from_version <= v.number AND (s.to_version IS NULL OR s.to_version > v.number)
    WHERE u.account_id = ${db.account} AND u.id = ANY(${ids}::uuid[])
      AND ${standsWithin(db, db.sql`u.id`, db.sql`v.number`, reach)}`);
};

/**
 * Units that the current version of their source holds no more, each as the last version before had it. A unit that no
 * earlier version had is not there, nor one that came later.
 */
export const lastStates = async (db: AccountDatabase, ids: readonly string[], withDrafts: boolean) => {
  const reach = await reachNow(db, withDrafts);
  return db.rows<StateRow>(db.sql`
    SELECT ${stateColumns(db, db.sql`(s.to_version - 1)`)}
    FROM georegistry.org_unit u
    JOIN georegistry.data_source d ON d.account_id = ${db.account} AND d.id = u.data_source_id
      AND d.deleted_at IS NULL
    CROSS JOIN LATERAL (SELECT coalesce(d.chosen_version_number, d.released_version_number,
      CASE WHEN ${withDrafts}::boolean THEN d.draft_version_number END) AS number OFFSET 0) v
    CROSS JOIN LATERAL (
      SELECT x.* FROM georegistry.org_unit_state x
      WHERE x.account_id = ${db.account} AND x.unit_id = u.id AND x.from_version <= v.number
      ORDER BY x.from_version DESC LIMIT 1
    ) s
    WHERE u.account_id = ${db.account} AND u.id = ANY(${ids}::uuid[]) AND s.to_version <= v.number
      AND ${standsWithin(db, db.sql`u.id`, db.sql`(s.to_version - 1)`, reach)}`);
};

export const statesInVersion = async (
  db: AccountDatabase,
  ids: readonly string[],
  source: string,
  number: number,
) => {
  const reach = await reachIn(db, source, number);
  return db.rows<StateRow>(db.sql`
    SELECT ${stateColumns(db, db.sql`${number}::integer`)}
    FROM georegistry.org_unit_state s
    JOIN georegistry.org_unit u ON u.account_id = ${db.account} AND u.id = s.unit_id
    WHERE s.account_id = ${db.account} AND s.unit_id = ANY(${ids}::uuid[])
      AND u.data_source_id = ${source} AND ${holdsIn(db, 's', number)}
      AND ${standsWithin(db, db.sql`u.id`, db.sql`${number}::integer`, reach)}`);
};

/** Units by their number in paths. */
export const statesByNumber = async (
  db: AccountDatabase,
  numbers: readonly number[],
  source: string,
  version: number,
) => {
  const reach = await reachIn(db, source, version);
  return db.rows<StateRow & { unitNumber: number }>(db.sql`
    SELECT u.number AS "unitNumber", ${stateColumns(db, db.sql`${version}::integer`)}
    FROM georegistry.org_unit u
    JOIN georegistry.org_unit_state s ON s.account_id = ${db.account} AND s.unit_id = u.id
    WHERE u.account_id = ${db.account} AND u.data_source_id = ${source}
      AND u.number = ANY(${numbers}::integer[]) AND ${holdsIn(db, 's', version)}
      AND ${standsWithin(db, db.sql`u.id`, db.sql`${version}::integer`, reach)}`);
};

/** Of units that are known to be within reach: read their states first. */
export const pathsInVersion = (db: AccountDatabase, ids: readonly string[], number: number) =>
  db.rows<{ unitId: string; path: Buffer }>(db.sql`
    SELECT p.unit_id AS "unitId", p.path FROM georegistry.org_unit_path p
    WHERE p.account_id = ${db.account} AND p.unit_id = ANY(${ids}::uuid[]) AND ${holdsIn(db, 'p', number)}`);

/**
 * Where units stand in those versions that hold them, and how many units are there and below, counted up to
 * `countMax` over all versions, which the index alone answers.
 */
export const subtreesInVersions = (
  db: AccountDatabase,
  ids: readonly string[],
  versions: readonly { dataSourceId: string; number: number }[],
  countMax: number,
) =>
  db.rows<{ unitId: string; dataSourceId: string; path: Buffer; size: number }>(db.sql`
    SELECT p.unit_id AS "unitId", p.data_source_id AS "dataSourceId", p.path, b.size
    FROM unnest(${versions.map((v) => v.dataSourceId)}::uuid[], ${versions.map((v) => v.number)}::integer[])
      AS v (data_source_id, number)
    JOIN georegistry.org_unit_path p ON p.account_id = ${db.account} AND p.data_source_id = v.data_source_id
      AND p.from_version <= v.number AND (p.to_version IS NULL OR p.to_version > v.number)
    CROSS JOIN LATERAL (
      SELECT count(*) AS size FROM (
        SELECT FROM georegistry.org_unit_path q
        WHERE q.account_id = ${db.account} AND q.data_source_id = p.data_source_id AND q.path >= p.path
          AND q.path < p.path || '\\xffffffff'::bytea
        LIMIT ${countMax}
      ) counted
    ) b
    WHERE p.unit_id = ANY(${ids}::uuid[])`);

/** How many units stand in the subtrees, counted up to `countMax` over all versions. */
export const subtreeSize = async (
  db: AccountDatabase,
  source: string,
  paths: readonly Buffer[],
  countMax: number,
): Promise<number> => {
  const { size } = await db.one<{ size: number }>(db.sql`
    SELECT count(*) AS size FROM (
      SELECT FROM georegistry.org_unit_path q
      WHERE q.account_id = ${db.account} AND q.data_source_id = ${source}
        AND ${inSubtrees(db, db.sql`q.path`, paths)}
      LIMIT ${countMax}
    ) counted`);
  return size;
};

export const childCounts = (db: AccountDatabase, ids: readonly string[], source: string, number: number) =>
  db.rows<{ parentId: string; count: number }>(db.sql`
    SELECT c.parent_id AS "parentId", count(*) AS count FROM georegistry.org_unit_state c
    WHERE c.account_id = ${db.account} AND c.data_source_id = ${source} AND c.parent_id = ANY(${ids}::uuid[])
      AND ${holdsIn(db, 'c', number)}
    GROUP BY c.parent_id`);

/** Those of the units that have children, each looked at until the first child. */
export const unitsWithChildren = (
  db: AccountDatabase,
  ids: readonly string[],
  source: string,
  number: number,
) =>
  db.rows<{ unitId: string }>(db.sql`
    SELECT wanted.id AS "unitId" FROM unnest(${ids}::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
      SELECT 1 FROM georegistry.org_unit_state c
      WHERE c.account_id = ${db.account} AND c.data_source_id = ${source} AND c.parent_id = wanted.id
        AND ${holdsIn(db, 'c', number)}
      LIMIT 1
    ) child`);

/** How many units an open subtree has, its root included. */
export const openUnitsBelow = (db: AccountDatabase, source: string, path: Buffer) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.org_unit_path p
    WHERE p.account_id = ${db.account} AND p.data_source_id = ${source} AND p.to_version IS NULL
      AND ${inSubtrees(db, db.sql`p.path`, [path])}`);

/** The types of the units in an open subtree, its root included. */
export const typesBelow = (db: AccountDatabase, source: string, path: Buffer) =>
  db.rows<{ typeId: string | null }>(db.sql`
    SELECT DISTINCT s.type_id AS "typeId"
    FROM georegistry.org_unit_path p
    JOIN georegistry.org_unit_state s ON s.account_id = ${db.account} AND s.unit_id = p.unit_id
      AND s.to_version IS NULL
    WHERE p.account_id = ${db.account} AND p.data_source_id = ${source} AND p.to_version IS NULL
      AND ${inSubtrees(db, db.sql`p.path`, [path])}`);

/** The revision that the unit had when it was last in a version; 0 when it never was. */
export const lastRevision = async (db: AccountDatabase, unitId: string): Promise<number> =>
  (
    await db.one<{ revision: number }>(db.sql`
      SELECT coalesce(max(s.revision), 0) AS revision FROM georegistry.org_unit_state s
      WHERE s.account_id = ${db.account} AND s.unit_id = ${unitId}`)
  ).revision;

/** The label of the unit in paths. */
export const unitNumber = async (db: AccountDatabase, unitId: string): Promise<number | undefined> =>
  (
    await db.maybe<{ number: number }>(db.sql`
      SELECT u.number FROM georegistry.org_unit u WHERE u.account_id = ${db.account} AND u.id = ${unitId}`)
  )?.number;
