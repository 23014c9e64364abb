/** Statements of lists of units: one version, typed filters, keyset pages, and never beyond the scope of the handle. */
import { type AccountDatabase, isId, type Statement } from '@iroko/database';
import type { CursorKey } from '@iroko/graph';
import { inSubtrees, intersection } from '@iroko/viewer';
import { pathsOf, reachIn } from '../scope/reach.sql';
import type { BoundingBoxInput } from '../shapes/shape-type';
import type { StateRow } from './state';
import { holdsIn, stateColumns } from './state.sql';
import { type OrgUnitFilter, OrgUnitSort, textPattern } from './unit-list';

export interface UnitList {
  dataSourceId: string;
  number: number;
  filter: OrgUnitFilter;
  /** The path of the filter's subtree. */
  subtree: Buffer | undefined;
  sort: OrgUnitSort;
}

/** A list with the subtrees that it may show. */
interface ReachedList extends UnitList {
  /** The roots of the scope in this version; undefined for the whole account. */
  roots: readonly Buffer[] | undefined;
  /** The subtrees of the list: those of the scope, of the filter, or what is in both. Undefined: the whole tree. */
  within: readonly Buffer[] | undefined;
}

async function reached(db: AccountDatabase, list: UnitList): Promise<ReachedList> {
  const { dataSourceId, number, subtree } = list;
  const roots = pathsOf(await reachIn(db, dataSourceId, number), dataSourceId);
  if (!roots) return { ...list, roots, within: subtree && [subtree] };
  return { ...list, roots, within: subtree ? intersection(roots, [subtree]) : roots };
}

export interface ListedRow extends StateRow {
  /** Hexadecimal; in lists by tree only. */
  path: string | null;
}

export const listUnits = async (
  db: AccountDatabase,
  wanted: UnitList,
  after: readonly CursorKey[] | undefined,
  limit: number,
) => {
  const list = await reached(db, wanted);
  const { order, beyond } = ordering(db, list.sort, after);
  const path = list.sort === OrgUnitSort.TREE ? db.sql`encode(s.path, 'hex')` : db.sql`NULL`;
  const columns = list.sort === OrgUnitSort.TREE ? db.sql`s.*, p.path` : db.sql`s.*`;
  return db.rows<ListedRow>(db.sql`
    SELECT ${stateColumns(db, db.sql`${list.number}::integer`)}, ${path} AS path
    FROM (
      SELECT ${columns} FROM ${tables(db, list)}
      WHERE ${conditions(db, list)} ${beyond}
      ORDER BY ${order(list.sort === OrgUnitSort.TREE ? 'p' : 's')} LIMIT ${limit}
    ) s
    JOIN georegistry.org_unit u ON u.account_id = ${db.account} AND u.id = s.unit_id
    ORDER BY ${order('s')}`);
};

export const countUnits = async (db: AccountDatabase, wanted: UnitList) => {
  const list = await reached(db, { ...wanted, sort: OrgUnitSort.NAME });
  return db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM ${tables(db, list)} WHERE ${conditions(db, list)}`);
};

/** The keys of a row in its list. */
export function listKeys(row: ListedRow, sort: OrgUnitSort): CursorKey[] {
  return sort === OrgUnitSort.TREE ? [row.path ?? ''] : [row.nameKey, row.unitId];
}

function ordering(db: AccountDatabase, sort: OrgUnitSort, after: readonly CursorKey[] | undefined) {
  const by = (columns: (alias: 's' | 'p') => string) => (alias: 's' | 'p') => db.sql.raw(columns(alias));
  if (sort === OrgUnitSort.TREE) {
    const beyond = after ? db.sql`AND p.path > ${Buffer.from(String(after[0]), 'hex')}::bytea` : db.sql``;
    return { order: by((alias) => `${alias}.path`), beyond };
  }
  const isDown = sort === OrgUnitSort.NAME_DESC;
  const direction = isDown ? 'DESC' : 'ASC';
  const sign = db.sql.raw(isDown ? '<' : '>');
  const beyond = after
    ? db.sql`AND (s.name_key, s.unit_id) ${sign} (${after[0]}::text, ${after[1]}::uuid)`
    : db.sql``;
  return { order: by(() => `s.name_key ${direction}, s.unit_id ${direction}`), beyond };
}

/** The narrow table of paths takes part only where the list is of a subtree or in the order of the tree. */
function tables(db: AccountDatabase, list: ReachedList): Statement {
  if (!list.within && list.sort !== OrgUnitSort.TREE) return db.sql`georegistry.org_unit_state s`;
  return db.sql`georegistry.org_unit_state s
    JOIN georegistry.org_unit_path p ON p.account_id = ${db.account} AND p.unit_id = s.unit_id
      AND p.data_source_id = ${list.dataSourceId} AND ${holdsIn(db, 'p', list.number)}`;
}

function conditions(db: AccountDatabase, list: ReachedList): Statement {
  const { filter, within, roots } = list;
  const { sql } = db;
  const parts = [
    sql`s.account_id = ${db.account} AND s.data_source_id = ${list.dataSourceId}`,
    holdsIn(db, 's', list.number),
  ];
  const keep = (part: Statement) => parts.push(part);
  if (within) keep(inSubtrees(db, sql`p.path`, within));
  if (filter.parent != null) keep(sql`s.parent_id = ANY(${ids([filter.parent])}::uuid[])`);
  if (filter.isRoot === true) keep(isRoot(db, roots));
  // What is above a root of the scope is not there for its viewer, not even by its children.
  if (filter.isRoot === false || (filter.parent != null && roots)) keep(sql`NOT (${isRoot(db, roots)})`);
  if (filter.types) keep(sql`s.type_id = ANY(${ids(filter.types)}::uuid[])`);
  if (filter.statuses) keep(sql`s.status = ANY(${filter.statuses}::text[])`);
  if (filter.groups) keep(sql`s.group_ids && ${ids(filter.groups)}::uuid[]`);
  if (filter.references) keep(byReference(db, list.dataSourceId, filter.references));
  if (filter.hasLocation != null)
    keep(filter.hasLocation ? sql`s.longitude IS NOT NULL` : sql`s.longitude IS NULL`);
  if (filter.hasShape != null)
    keep(filter.hasShape ? sql`s.shape_hash IS NOT NULL` : sql`s.shape_hash IS NULL`);
  if (filter.boundingBox) keep(inBox(db, filter.boundingBox));
  const pattern = textPattern(filter.text);
  if (pattern !== undefined) keep(sql`s.search_key LIKE ${pattern}`);
  return sql.join(parts, ' AND ');
}

/** A tree that is seen in part begins at the roots of the scope. */
const isRoot = (db: AccountDatabase, roots: readonly Buffer[] | undefined): Statement =>
  roots ? db.sql`p.path = ANY(${roots}::bytea[])` : db.sql`s.parent_id IS NULL`;

const ids = (values: readonly string[]): string[] => values.filter(isId);

const byReference = (db: AccountDatabase, source: string, references: readonly string[]): Statement => db.sql`
  s.unit_id = ANY(ARRAY(
    SELECT r.id FROM georegistry.org_unit r
    WHERE r.account_id = ${db.account} AND r.data_source_id = ${source}
      AND r.reference = ANY(${references.map((text) => text.replaceAll('\0', ''))}::text[])))`;

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
