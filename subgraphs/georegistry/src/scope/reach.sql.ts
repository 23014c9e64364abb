/**
 * How far a handle reaches in the tree of a version. Outside of the registry a unit is in scope by its newest place;
 * here each version is read by itself: a unit is in scope where that version has it at or below one of the roots.
 *
 * How a list uses it, next to `listUnits`, which does so already:
 *
 *   const reach = await reachIn(db, dataSourceId, number);       // undefined: the whole account
 *   db.sql`… WHERE … AND ${standsWithin(db, db.sql`s.unit_id`, db.sql`${number}::integer`, reach)}`
 *
 * or, where the path is joined already, `inSubtrees(db, db.sql`p.path`, paths)` of packages/viewer.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import { inSubtrees, reachOf, type SourceReach, seesEveryUnit } from '@iroko/viewer';

export type Reach = readonly SourceReach[] | undefined;

interface RootPlace {
  unitId: string;
  dataSourceId: string;
  path: Buffer;
}

/** What the handle reaches in one version; undefined: all of it, and no statement is run. */
export async function reachIn(db: AccountDatabase, source: string, number: number): Promise<Reach> {
  const { scope } = db.actor;
  if (scope === undefined || seesEveryUnit(scope)) return undefined;
  const places = await db.rows<RootPlace>(db.sql`
    SELECT p.unit_id AS "unitId", p.data_source_id AS "dataSourceId", p.path
    FROM georegistry.org_unit_path p
    WHERE p.account_id = ${db.account} AND p.unit_id = ANY(${scope.units.flat()}::uuid[])
      AND p.data_source_id = ${source} AND p.from_version <= ${number}
      AND (p.to_version IS NULL OR p.to_version > ${number})`);
  return reachOf(scope.units, places);
}

/** What the handle reaches in the current versions of all sources. */
export async function reachNow(db: AccountDatabase, withDrafts: boolean): Promise<Reach> {
  const { scope } = db.actor;
  if (scope === undefined || seesEveryUnit(scope)) return undefined;
  const places = await db.rows<RootPlace>(db.sql`
    SELECT p.unit_id AS "unitId", p.data_source_id AS "dataSourceId", p.path
    FROM georegistry.org_unit_path p
    JOIN georegistry.data_source d ON d.account_id = ${db.account} AND d.id = p.data_source_id
    CROSS JOIN LATERAL (SELECT coalesce(d.chosen_version_number, d.released_version_number,
      CASE WHEN ${withDrafts}::boolean THEN d.draft_version_number END) AS number OFFSET 0) v
    WHERE p.account_id = ${db.account} AND p.unit_id = ANY(${scope.units.flat()}::uuid[])
      AND p.from_version <= v.number AND (p.to_version IS NULL OR p.to_version > v.number)`);
  return reachOf(scope.units, places);
}

/** A condition: the version of that number has the unit within the reach. */
export function standsWithin(
  db: AccountDatabase,
  unitId: Statement,
  number: Statement,
  reach: Reach,
): Statement {
  if (reach === undefined) return db.sql`true`;
  if (reach.length === 0) return db.sql`false`;
  const { sql } = db;
  const subtrees = reach.map(
    ({ dataSourceId, paths }) =>
      sql`place.data_source_id = ${dataSourceId} AND ${inSubtrees(db, sql.raw('place.path'), paths)}`,
  );
  return sql`EXISTS (SELECT FROM georegistry.org_unit_path place
    WHERE place.account_id = ${db.account} AND place.unit_id = ${unitId} AND place.from_version <= ${number}
      AND (place.to_version IS NULL OR place.to_version > ${number}) AND (${sql.join(subtrees, ' OR ')}))`;
}

/** The paths of a reach in one source. */
export function pathsOf(reach: Reach, source: string): readonly Buffer[] | undefined {
  if (reach === undefined) return undefined;
  return reach.find(({ dataSourceId }) => dataSourceId === source)?.paths ?? [];
}
