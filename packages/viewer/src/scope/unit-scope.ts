/**
 * The scope of a handle over org units, as a condition of statements. The one place that decides it.
 *
 * How a list uses it, for records that stand at a unit:
 *
 *   const reach = await unitReach(db);                       // undefined: the whole account
 *   db.sql`SELECT … WHERE s.account_id = ${db.account} AND ${inReach(db, db.sql`s.org_unit_id`, reach)}`
 *
 * The paths are looked up first and given as values, so that the planner sees how large the subtrees are; for a
 * viewer of the whole account the condition is `true` and no statement is added. A record at no unit, and one at a
 * unit that never stood in a tree, are in nobody's limited scope.
 *
 * Trees in a version use `reachIn` of georegistry instead, which has the paths of that version.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import { holds, intersection, topmost } from './paths';
import { type Scope, seesEveryUnit } from './scope';
import { inSubtrees, placesOfUnits, type UnitPlace } from './unit-scope.sql';

/** Subtrees of one data source. */
export interface SourceReach {
  readonly dataSourceId: string;
  readonly paths: readonly Buffer[];
}

/** What the handle, or a scope, reaches of org units by newest place; undefined: every unit. */
export async function unitReach(
  db: AccountDatabase,
  scope: Scope | undefined = db.actor.scope,
): Promise<readonly SourceReach[] | undefined> {
  if (scope === undefined || seesEveryUnit(scope)) return undefined;
  const places = await placesOfUnits(db, [...new Set(scope.units.flat())]);
  return reachOf(scope.units, places);
}

/** What sets of roots leave together, by source, when their units stand at these places. */
export function reachOf(
  sets: readonly (readonly string[])[],
  places: readonly UnitPlace[],
): readonly SourceReach[] {
  const sources = [...new Set(places.map(({ dataSourceId }) => dataSourceId))];
  return sources.flatMap((dataSourceId) => {
    const here = places.filter((place) => place.dataSourceId === dataSourceId);
    const paths = sets
      .map((ids) => topmost(here.filter(({ unitId }) => ids.includes(unitId)).map(({ path }) => path)))
      .reduce(intersection);
    return paths.length > 0 ? [{ dataSourceId, paths }] : [];
  });
}

/** A condition on the unit of a record: `unitId` is the column that holds it. */
export function inReach(
  db: AccountDatabase,
  unitId: Statement,
  reach: readonly SourceReach[] | undefined,
): Statement {
  if (reach === undefined) return db.sql`true`;
  if (reach.length === 0) return db.sql`false`;
  const { sql } = db;
  const subtrees = reach.map(
    ({ dataSourceId, paths }) =>
      sql`place.data_source_id = ${dataSourceId} AND ${inSubtrees(db, sql.raw('place.path'), paths)}`,
  );
  return sql`EXISTS (SELECT FROM georegistry.org_unit_place place
    WHERE place.account_id = ${db.account} AND place.unit_id = ${unitId} AND (${sql.join(subtrees, ' OR ')}))`;
}

/** Those of the units that stand somewhere within a scope, by newest place. One that stands in no tree does not. */
export async function reachedUnits(
  db: AccountDatabase,
  scope: Scope | undefined,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const reach = await unitReach(db, scope);
  const places = await placesOfUnits(db, ids);
  const inside = places.filter(
    ({ dataSourceId, path }) =>
      reach === undefined ||
      reach.some((source) => source.dataSourceId === dataSourceId && holds(source.paths, path)),
  );
  return new Set(inside.map(({ unitId }) => unitId));
}
