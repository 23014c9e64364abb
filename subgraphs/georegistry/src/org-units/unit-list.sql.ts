/**
 * Statements of lists of units. A list is made of branches, one per version and set of filters: each gives its own
 * first units in the order of the list, and the first of all of those are the page. So every branch can take the
 * index that serves it, where an OR of everything could take none. The scope of the viewer is one of the filters.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import type { CursorKey } from '@iroko/graph';
import { inSubtrees } from '@iroko/viewer';
import { isGuesswork } from './attribute-conditions.sql';
import type { Search } from './search/rank.sql';
import type { StateRow } from './state';
import { holdsIn, stateColumns } from './state.sql';
import { asksOfTheTree, conditions, type ResolvedFilter } from './unit-conditions.sql';
import {
  beyond,
  byKeyColumns,
  byKeys,
  type Joined,
  keyColumns,
  keyTexts,
  type Order,
  orderOf,
} from './unit-order.sql';
import { OrgUnitSort } from './unit-sort';

export interface ListBranch {
  dataSourceId: string;
  /** The number of the version. */
  number: number;
  /** Which of the sets of filters that are united this is; null when none are. */
  set: number | null;
  /** All of them must hold. */
  filters: ResolvedFilter[];
  /** The roots of the viewer's scope in this version, from which the tree begins; undefined for the whole account. */
  roots: readonly Buffer[] | undefined;
}

export interface UnitList {
  branches: ListBranch[];
  /** What RELEVANCE is measured by. */
  searches: Search[];
  sort: OrgUnitSort;
}

export interface ListedRow extends StateRow {
  /** Where it stands in the list, as cursors keep it. */
  listKeys: string[];
  /** The first of the united sets that holds it. */
  set: number | null;
}

export const listUnits = async (
  db: AccountDatabase,
  list: UnitList,
  after: readonly CursorKey[] | undefined,
  limit: number,
): Promise<ListedRow[]> => {
  const [branch] = list.branches;
  if (!branch) return [];
  const order = orderOf(db, list.sort, list.searches);
  if (list.branches.length === 1 && isUnforeseeable(branch) && WALKED.has(list.sort)) {
    const near = fitting(db, list, order, branch, after, firstStates(db, list, order, branch, after));
    const found = await page(db, list, order, [inOrder(db, list, order, near, limit)], limit);
    if (found.length === limit) return found;
  }
  const branches = list.branches.map((one) => {
    const which = fitting(db, list, order, one, after);
    if (!isUnforeseeable(one)) return inOrder(db, list, order, which, limit);
    // Behind the fence the planner collects what fits, however it finds it best, and sorts that.
    return db.sql`SELECT c.* FROM (${which} OFFSET 0) c
      ORDER BY ${byKeyColumns(db, order, list.sort, 'c')} LIMIT ${limit}`;
  });
  return page(db, list, order, branches, limit);
};

/**
 * Of some filters nobody can know how many units fit. Where most do, walking the list in its order fills a page at
 * once; where few do, walking all of it takes four times as long as collecting them. So a walk tries its luck on the
 * first units, and what does not fill a page there is collected (docs/decisions/0305).
 */
const isUnforeseeable = ({ filters }: ListBranch): boolean =>
  filters.some(({ filter }) => filter.attributes?.some(isGuesswork));
const WALKED_UNITS_MAX = 1000;
/** The orders that an index of the states keeps. */
const WALKED: ReadonlySet<OrgUnitSort> = new Set([
  OrgUnitSort.NAME,
  OrgUnitSort.NAME_DESC,
  OrgUnitSort.CODE,
  OrgUnitSort.CODE_DESC,
]);

function firstStates(
  db: AccountDatabase,
  list: UnitList,
  order: Order,
  branch: ListBranch,
  after: readonly CursorKey[] | undefined,
): Statement {
  const { sql } = db;
  const all = sql`SELECT s.* FROM georegistry.org_unit_state s
    WHERE ${held(db, branch)} ${startOf(db, list, order, branch, after)}`;
  return sql`(${inOrder(db, list, order, all, WALKED_UNITS_MAX)}) s`;
}

/** The units of a branch after the cursor that its filters hold, with the keys of the order. */
function fitting(
  db: AccountDatabase,
  list: UnitList,
  order: Order,
  branch: ListBranch,
  after: readonly CursorKey[] | undefined,
  base?: Statement,
): Statement {
  const { sql } = db;
  return sql`SELECT s.*, ${branch.number}::integer AS version_number, ${branch.set}::integer AS set,
      ${keyColumns(db, order)}
    FROM ${tables(db, branch, order.joins, base)}
    WHERE ${holding(db, branch)} ${startOf(db, list, order, branch, after)}`;
}

const startOf = (
  db: AccountDatabase,
  list: UnitList,
  order: Order,
  { dataSourceId }: ListBranch,
  after: readonly CursorKey[] | undefined,
): Statement => (after ? db.sql`AND ${beyond(db, order, list.sort, after, dataSourceId)}` : db.sql``);

const inOrder = (
  db: AccountDatabase,
  list: UnitList,
  order: Order,
  which: Statement,
  limit: number,
): Statement => db.sql`${which} ORDER BY ${byKeys(db, order, list.sort)} LIMIT ${limit}`;

function page(
  db: AccountDatabase,
  list: UnitList,
  order: Order,
  branches: Statement[],
  limit: number,
): Promise<ListedRow[]> {
  const { sql } = db;
  return db.rows<ListedRow>(sql`
    SELECT ${stateColumns(db, sql`s.version_number`)}, s.set, ${keyTexts(db, order, 's')} AS "listKeys"
    FROM (${united(db, list, branches, order.keys.length, limit)}) s
    JOIN georegistry.org_unit u ON u.account_id = ${db.account} AND u.id = s.unit_id
    ORDER BY ${byKeyColumns(db, order, list.sort, 's')}`);
}

function united(
  db: AccountDatabase,
  list: UnitList,
  branches: Statement[],
  keys: number,
  limit: number,
): Statement {
  const { sql } = db;
  const [only] = branches;
  if (only && branches.length === 1) return only;
  const all = sql.join(
    branches.map((branch) => sql`(${branch})`),
    ' UNION ALL ',
  );
  const order = byKeyColumns(db, orderOf(db, list.sort, list.searches), list.sort, 'b');
  if (list.branches.every(({ set }) => set === null)) {
    return sql`SELECT b.* FROM (${all}) b ORDER BY ${order} LIMIT ${limit}`;
  }
  // A unit of several sets has the same keys in each: the first set is kept.
  const unique = sql.raw(Array.from({ length: keys }, (_, index) => `b.k${index + 1}`).join(', '));
  return sql`SELECT DISTINCT ON (${unique}) b.* FROM (${all}) b ORDER BY ${order}, b.set LIMIT ${limit}`;
}

/** How many units the whole list has, each once; counting ends at `atMost`. */
export const countUnits = async (
  db: AccountDatabase,
  list: Pick<UnitList, 'branches'>,
  atMost: number | null = null,
): Promise<{ count: number }> => {
  if (list.branches.length === 0) return { count: 0 };
  const { sql } = db;
  if (list.branches.length === 1 || list.branches.every(({ set }) => set === null)) {
    const counts = list.branches.map((branch) => sql`(${countOf(db, branch, atMost)})`);
    return db.one<{ count: number }>(
      sql`SELECT least(${sql.join(counts, ' + ')}, ${atMost}::bigint) AS count`,
    );
  }
  // A branch that was cut has enough units by itself.
  const all = list.branches.map(
    (branch) =>
      sql`(SELECT s.unit_id FROM ${tables(db, branch, [])} WHERE ${holding(db, branch)} LIMIT ${atMost})`,
  );
  return db.one<{ count: number }>(
    sql`SELECT least(count(*), ${atMost}::bigint) AS count FROM (${sql.join(all, ' UNION ')}) s`,
  );
};

/** How many units each branch has, in their order; counting ends at `atMost` of each. */
export const countBranches = async (
  db: AccountDatabase,
  branches: readonly ListBranch[],
  atMost: number | null,
): Promise<number[]> => {
  if (branches.length === 0) return [];
  const { sql } = db;
  const counts = branches.map((branch) => sql`(${countOf(db, branch, atMost)})`);
  const row = await db.one<{ counts: string[] }>(
    sql`SELECT ARRAY[${sql.join(counts, ', ')}]::text[] AS counts`,
  );
  return row.counts.map(Number);
};

function countOf(db: AccountDatabase, branch: ListBranch, atMost: number | null): Statement {
  const which = db.sql`FROM ${tables(db, branch, [])} WHERE ${holding(db, branch)}`;
  if (atMost === null) return db.sql`SELECT count(*) ${which}`;
  return db.sql`SELECT count(*) FROM (SELECT ${which} LIMIT ${atMost}) counted`;
}

/** Other tables take part only where the order or a filter asks for them. */
export function tables(
  db: AccountDatabase,
  branch: ListBranch,
  joins: readonly Joined[],
  base: Statement = db.sql`georegistry.org_unit_state s`,
): Statement {
  const { sql } = db;
  const parts = [base];
  if (joins.includes('path') || branch.roots || branch.filters.some(asksOfTheTree)) {
    parts.push(paths(db, branch));
  }
  if (joins.includes('type')) {
    parts.push(
      sql`LEFT JOIN georegistry.org_unit_type t ON t.account_id = ${db.account} AND t.id = s.type_id`,
    );
  }
  if (joins.includes('parent')) {
    parts.push(sql`LEFT JOIN georegistry.org_unit_state c ON c.account_id = ${db.account}
      AND c.unit_id = s.parent_id AND ${holdsIn(db, 'c', branch.number)}`);
  }
  if (joins.includes('unit')) {
    parts.push(sql`JOIN georegistry.org_unit u ON u.account_id = ${db.account} AND u.id = s.unit_id
      AND u.data_source_id = ${branch.dataSourceId}`);
  }
  return sql.join(parts, ' ');
}

/** OFFSET 0 keeps the planner from walking the whole list for a small subtree. */
function paths(db: AccountDatabase, branch: ListBranch): Statement {
  const { sql } = db;
  const ofVersion = sql`p.account_id = ${db.account} AND p.data_source_id = ${branch.dataSourceId}
    AND ${holdsIn(db, 'p', branch.number)}`;
  const small = branch.filters.find(({ isSmall }) => isSmall)?.within;
  if (!small) return sql`JOIN georegistry.org_unit_path p ON p.unit_id = s.unit_id AND ${ofVersion}`;
  return sql`JOIN (
      SELECT p.unit_id, p.path, p.data_source_id FROM georegistry.org_unit_path p
      WHERE ${ofVersion} AND ${inSubtrees(db, sql`p.path`, small)} OFFSET 0
    ) p ON p.unit_id = s.unit_id`;
}

/** The states of the branch's version that its filters hold. */
export function holding(db: AccountDatabase, branch: ListBranch): Statement {
  const parts = [held(db, branch), ...branch.filters.flatMap((filter) => conditions(db, branch, filter))];
  return db.sql.join(parts, ' AND ');
}

const held = (db: AccountDatabase, { dataSourceId, number }: ListBranch): Statement =>
  db.sql`s.account_id = ${db.account} AND s.data_source_id = ${dataSourceId} AND ${holdsIn(db, 's', number)}`;
