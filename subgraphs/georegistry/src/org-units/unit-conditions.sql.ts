/** What a filter says, as conditions on a state `s`, and on its path `p` where the tree is asked. */
import { type AccountDatabase, isId, type Statement } from '@iroko/database';
import { inSubtrees, projectInScope } from '@iroko/viewer';
import type { Reach } from '../scope/reach.sql';
import type { BoundingBoxInput } from '../shapes/shape-type';
import { byAttribute } from './attribute-conditions.sql';
import { textPattern } from './search/like-text';
import { fitsSearch, type Search } from './search/rank.sql';
import type { OrgUnitFilter } from './unit-filter';
import type { DayRangeInput } from './unit-filter-parts';
import { byLinks, bySubmissions } from './unit-relations.sql';

/**
 * Below so many units a subtree is read whole and sorted, above it the list is walked in its order until the page is
 * full: at a million units and pages of fifty both cost the same here, the root of their product. The planner cannot
 * tell: it takes every subtree for five thousandths of the tree.
 */
export const SMALL_SUBTREE = 8000;

/** A filter whose ids of subtrees and misspelt words were looked up. */
export interface ResolvedFilter {
  filter: OrgUnitFilter;
  /** Paths, of which the unit's begins with one. */
  within: Buffer[] | undefined;
  /** Whether those have fewer units than SMALL_SUBTREE. */
  isSmall: boolean;
  /** Paths, of which the unit's begins with none. */
  without: Buffer[];
  search: Search | undefined;
  /** Which units the viewer may be told a link to; undefined: all. */
  linked: Reach;
}

export const asksOfTheTree = ({ filter, within, without }: ResolvedFilter): boolean =>
  within !== undefined || without.length > 0 || filter.depths != null;

export interface ConditionsOf {
  dataSourceId: string;
  roots: readonly Buffer[] | undefined;
}

export function conditions(
  db: AccountDatabase,
  { dataSourceId: source, roots }: ConditionsOf,
  resolved: ResolvedFilter,
): Statement[] {
  const { filter, within, without, search, linked } = resolved;
  const { sql } = db;
  const parts: Statement[] = [];
  const keep = (part: Statement) => parts.push(part);
  if (filter.ids) keep(sql`s.unit_id = ANY(${ids(filter.ids)}::uuid[])`);
  if (filter.excludedIds?.length) keep(sql`s.unit_id <> ALL(${ids(filter.excludedIds)}::uuid[])`);
  if (within) keep(inSubtrees(db, sql`p.path`, within));
  if (without.length > 0) keep(sql`NOT (${inSubtrees(db, sql`p.path`, without)})`);
  if (filter.parent != null) keep(sql`s.parent_id = ANY(${ids([filter.parent])}::uuid[])`);
  if (filter.isRoot === true) keep(isRoot(db, roots));
  // What is above a root of the scope is not there for its viewer, not even by its children.
  if (filter.isRoot === false || (filter.parent != null && roots)) keep(sql`NOT (${isRoot(db, roots)})`);
  if (filter.depths) keep(sql`octet_length(p.path) = ANY(${lengthsOf(filter.depths)}::integer[])`);
  if (filter.types) keep(sql`s.type_id = ANY(${ids(filter.types)}::uuid[])`);
  if (filter.categories) keep(byCategory(db, filter.categories));
  if (filter.projects) keep(byProject(db, filter.projects));
  if (filter.statuses) keep(sql`s.status = ANY(${filter.statuses}::text[])`);
  if (filter.groups) keep(sql`s.group_ids && ${ids(filter.groups)}::uuid[]`);
  if (filter.references) keep(byReference(db, source, filter.references));
  if (filter.codes) keep(sql`s.code COLLATE "C" = ANY(${filter.codes.map(withoutZero)}::text[])`);
  for (const condition of filter.attributes ?? []) keep(byAttribute(db, condition));
  parts.push(...ofGeometry(db, filter), ...ofDates(db, filter));
  const pattern = textPattern(filter.text);
  if (pattern !== undefined) keep(sql`s.search_key LIKE ${pattern}`);
  if (search) keep(fitsSearch(db, search));
  if (filter.submissions) keep(bySubmissions(db, filter.submissions));
  if (filter.links) keep(byLinks(db, source, filter.links, linked));
  return parts;
}

const ids = (values: readonly string[]): string[] => values.filter(isId);
const withoutZero = (text: string): string => text.replaceAll('\0', '');

/** How long paths of those depths are; what is no depth has none. */
const lengthsOf = (depths: readonly number[]): number[] =>
  depths.filter((depth) => depth >= 0 && depth < 64).map((depth) => (depth + 1) * 4);

/** A tree that is seen in part begins at the roots of the scope. */
const isRoot = (db: AccountDatabase, roots: readonly Buffer[] | undefined): Statement =>
  roots ? db.sql`p.path = ANY(${roots}::bytea[])` : db.sql`s.parent_id IS NULL`;

const byCategory = (db: AccountDatabase, categories: readonly string[]): Statement => db.sql`
  s.type_id = ANY(ARRAY(
    SELECT k.id FROM georegistry.org_unit_type k
    WHERE k.account_id = ${db.account} AND k.category = ANY(${categories}::text[])))`;

/** A project out of the viewer's scope is none that they can ask for. */
const byProject = (db: AccountDatabase, projects: readonly string[]): Statement => {
  const asked = ids(projects).filter((id) => projectInScope(db.actor.scope, id.toLowerCase()));
  return db.sql`s.type_id = ANY(ARRAY(
    SELECT k.id FROM georegistry.org_unit_type k
    JOIN identity.known_project o ON o.account_id = ${db.account} AND o.project_id = ANY(${asked}::uuid[])
      AND (k.project_ids IS NULL OR o.project_id = ANY(k.project_ids))
    WHERE k.account_id = ${db.account}))`;
};

const byReference = (db: AccountDatabase, source: string, references: readonly string[]): Statement => db.sql`
  s.unit_id = ANY(ARRAY(
    SELECT r.id FROM georegistry.org_unit r
    WHERE r.account_id = ${db.account} AND r.data_source_id = ${source}
      AND r.reference = ANY(${references.map(withoutZero)}::text[])))`;

function ofGeometry(db: AccountDatabase, filter: OrgUnitFilter): Statement[] {
  const { sql } = db;
  const isThere = (column: Statement, wanted: boolean | null | undefined): Statement[] =>
    wanted == null ? [] : [wanted ? sql`${column} IS NOT NULL` : sql`${column} IS NULL`];
  const either = sql`(s.longitude IS NOT NULL OR s.shape_hash IS NOT NULL)`;
  const neither = sql`s.longitude IS NULL AND s.shape_hash IS NULL`;
  return [
    ...isThere(sql`s.longitude`, filter.hasLocation),
    ...isThere(sql`s.shape_hash`, filter.hasShape),
    ...(filter.hasGeometry == null ? [] : [filter.hasGeometry ? either : neither]),
    ...(filter.boundingBox ? [inBox(db, filter.boundingBox)] : []),
  ];
}

/** A unit is open from the day it opens until the day before the one on which it closes. */
function ofDates(db: AccountDatabase, { openOn, opened, closed }: OrgUnitFilter): Statement[] {
  const { sql } = db;
  const inRange = (column: Statement, range: DayRangeInput | null | undefined): Statement[] => [
    ...(range ? [sql`${column} IS NOT NULL`] : []),
    ...(range?.from == null ? [] : [sql`${column} >= ${range.from}::date`]),
    ...(range?.until == null ? [] : [sql`${column} <= ${range.until}::date`]),
  ];
  const isOpen = sql`(s.opening_date IS NULL OR s.opening_date <= ${openOn ?? null}::date)
    AND (s.closed_date IS NULL OR s.closed_date > ${openOn ?? null}::date)`;
  return [
    ...(openOn == null ? [] : [isOpen]),
    ...inRange(sql`s.opening_date`, opened),
    ...inRange(sql`s.closed_date`, closed),
  ];
}

/** A box over the 180th meridian is two. */
function inBox(db: AccountDatabase, box: BoundingBoxInput): Statement {
  const { west, south, east, north } = box;
  const halves =
    west <= east
      ? [boxOf(db, west, south, east, north)]
      : [boxOf(db, west, south, 180, north), boxOf(db, -180, south, east, north)];
  const parts = halves.map(
    (half) => db.sql`point(s.longitude, s.latitude) <@ ${half}
      OR s.shape_hash = ANY(ARRAY(
        SELECT h.hash FROM georegistry.shape h WHERE h.account_id = ${db.account} AND h.bounds && ${half}))`,
  );
  return db.sql`(${db.sql.join(parts, ' OR ')})`;
}

const boxOf = (db: AccountDatabase, west: number, south: number, east: number, north: number): Statement =>
  db.sql`box(point(${west}::float8, ${south}::float8), point(${east}::float8, ${north}::float8))`;
