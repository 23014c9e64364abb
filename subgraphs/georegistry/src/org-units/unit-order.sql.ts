/**
 * The orders of lists in SQL. Each is a row of keys that ends with one no two units share, all in one direction, so
 * that a page begins exactly after the last unit of the page before it, whatever is written meanwhile.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import type { CursorKey } from '@iroko/graph';
import { rankOf, type Search } from './search/rank.sql';
import { isBackwards, OrgUnitSort } from './unit-sort';

interface Key {
  expression: Statement;
  /** The same for all units of a branch, its source: compared here, where the planner would only guess. */
  isSource?: true;
  /** The key as text, for cursors. */
  text(expression: Statement): Statement;
  /** The key from a cursor. */
  read(value: string): Statement;
}

/** What a list joins beside the state `s`: paths as `p`, types as `t`, parents' states as `c`, units as `u`. */
export type Joined = 'path' | 'type' | 'parent' | 'unit';

export interface Order {
  keys: Key[];
  joins: Joined[];
}

export function orderOf(db: AccountDatabase, sort: OrgUnitSort, searches: readonly Search[]): Order {
  const { sql } = db;
  const plain = (expression: Statement, cast = 'text'): Key => ({
    expression,
    text: (key) => sql`${key}::text`,
    read: (value) => sql`${value}::${sql.raw(cast)}`,
  });
  const name = plain(sql`s.name_key`);
  const id = plain(sql`s.unit_id`, 'uuid');
  const least = isBackwards(sort);
  const date = (column: Statement) =>
    plain(sql`coalesce(${column}, ${sql.raw(least ? "'-infinity'" : "'infinity'")}::date)`, 'date');
  // No name begins with the last character there is.
  const absent = sql.raw(least ? "''" : "U&'\\+10FFFF'");
  switch (sort) {
    case OrgUnitSort.NAME:
    case OrgUnitSort.NAME_DESC:
      return { keys: [name, id], joins: [] };
    case OrgUnitSort.TREE:
      return {
        keys: [{ ...plain(sql`p.data_source_id`, 'uuid'), isSource: true }, path(db)],
        joins: ['path'],
      };
    case OrgUnitSort.RELEVANCE:
      return { keys: [plain(rankOf(db, searches), 'integer'), name, id], joins: [] };
    case OrgUnitSort.CODE:
    case OrgUnitSort.CODE_DESC:
      return { keys: [plain(sql`s.code COLLATE "C"`), id], joins: [] };
    case OrgUnitSort.REFERENCE:
    case OrgUnitSort.REFERENCE_DESC:
      return { keys: [plain(sql`u.reference`), id], joins: ['unit'] };
    case OrgUnitSort.TYPE:
    case OrgUnitSort.TYPE_DESC:
      return { keys: [plain(sql`coalesce(t.name_key, ${absent})`), name, id], joins: ['type'] };
    case OrgUnitSort.PARENT:
    case OrgUnitSort.PARENT_DESC:
      return { keys: [plain(sql`coalesce(c.name_key, ${absent})`), name, id], joins: ['parent'] };
    case OrgUnitSort.STATUS:
    case OrgUnitSort.STATUS_DESC:
      return { keys: [plain(sql`s.status COLLATE "C"`), name, id], joins: [] };
    case OrgUnitSort.DEPTH:
    case OrgUnitSort.DEPTH_DESC:
      return { keys: [plain(sql`octet_length(p.path) / 4 - 1`, 'integer'), name, id], joins: ['path'] };
    case OrgUnitSort.OPENING_DATE:
    case OrgUnitSort.OPENING_DATE_DESC:
      return { keys: [date(sql`s.opening_date`), name, id], joins: [] };
    case OrgUnitSort.CLOSED_DATE:
    case OrgUnitSort.CLOSED_DATE_DESC:
      return { keys: [date(sql`s.closed_date`), name, id], joins: [] };
    case OrgUnitSort.CREATED_AT:
    case OrgUnitSort.CREATED_AT_DESC:
      return { keys: [moment(db, sql`u.created_at`), id], joins: ['unit'] };
    case OrgUnitSort.WRITTEN_AT:
    case OrgUnitSort.WRITTEN_AT_DESC:
      return { keys: [moment(db, sql`s.written_at`), id], joins: [] };
  }
}

const path = ({ sql }: AccountDatabase): Key => ({
  expression: sql`p.path`,
  text: (key) => sql`encode(${key}, 'hex')`,
  read: (value) => sql`decode(${value}, 'hex')`,
});

/** To the microsecond: what JavaScript reads of a time is rounded. */
const moment = ({ sql }: AccountDatabase, column: Statement): Key => ({
  expression: column,
  text: (key) => sql`(extract(epoch FROM ${key}) * 1000000)::bigint::text`,
  read: (value) => sql`'epoch'::timestamptz + ${value}::bigint * interval '1 microsecond'`,
});

/** The keys as columns k1, k2, … */
export const keyColumns = ({ sql }: AccountDatabase, { keys }: Order): Statement =>
  sql.join(
    keys.map(({ expression }, index) => sql`${expression} AS ${sql.raw(`k${index + 1}`)}`),
    ', ',
  );

/** The columns k1, k2, … under the alias, as one array of text. */
export const keyTexts = ({ sql }: AccountDatabase, { keys }: Order, alias: string): Statement => {
  const texts = keys.map(({ text }, index) => text(sql.raw(`${alias}.k${index + 1}`)));
  return sql`ARRAY[${sql.join(texts, ', ')}]`;
};

/** ORDER BY of the keys themselves, within a branch. */
export const byKeys = ({ sql }: AccountDatabase, { keys }: Order, sort: OrgUnitSort): Statement => {
  const direction = sql.raw(isBackwards(sort) ? 'DESC' : 'ASC');
  return sql.join(
    keys.map(({ expression }) => sql`${expression} ${direction}`),
    ', ',
  );
};

/** ORDER BY of the columns k1, k2, … under the alias. */
export const byKeyColumns = ({ sql }: AccountDatabase, { keys }: Order, sort: OrgUnitSort, alias: string) => {
  const direction = isBackwards(sort) ? 'DESC' : 'ASC';
  return sql.raw(keys.map((_, index) => `${alias}.k${index + 1} ${direction}`).join(', '));
};

/** Whether a row of the source comes after these keys. */
export function beyond(
  { sql }: AccountDatabase,
  order: Order,
  sort: OrgUnitSort,
  after: readonly CursorKey[],
  source: string,
): Statement {
  const [first] = order.keys;
  let given = after.map(String);
  let { keys } = order;
  if (first?.isSource) {
    const [last = ''] = given;
    if (source !== last) return source > last ? sql`true` : sql`false`;
    given = given.slice(1);
    keys = keys.slice(1);
  }
  const row = sql.join(
    keys.map(({ expression }) => expression),
    ', ',
  );
  const values = sql.join(
    keys.map(({ read }, index) => read(given[index] ?? '')),
    ', ',
  );
  return sql`(${row}) ${sql.raw(isBackwards(sort) ? '<' : '>')} (${values})`;
}
