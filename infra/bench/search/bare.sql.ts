/**
 * The baseline: the same answers in SQL written for them, with the values in place and the better of the plans that
 * are known for each: a small subtree is read whole, a large one walked by name.
 */
import type { AccountDatabase, Statement } from '@iroko/database';

export interface BareRow {
  id: string;
  name: string;
  reference: string;
  code: string;
  status: string;
  parentName: string | null;
}

export interface BareQuestion {
  sourceId: string;
  /** The root of the subtree. */
  subtree: string | null;
  /** A part of the search key, folded already. */
  text: string | null;
}

const SMALL_SUBTREE = 8000;
const VERSION = 1;

const holds = (db: AccountDatabase, alias: string): Statement => {
  const a = db.sql.raw(alias);
  return db.sql`${a}.from_version <= ${VERSION} AND (${a}.to_version IS NULL OR ${a}.to_version > ${VERSION})`;
};

export async function bareAnswer(
  db: AccountDatabase,
  { sourceId, subtree, text }: BareQuestion,
  limit: number,
): Promise<{ rows: BareRow[]; count: number }> {
  const { sql } = db;
  let paths = sql``;
  if (subtree !== null) {
    const { path, size } = await rootOf(db, sourceId, subtree);
    const below = sql`p.account_id = ${db.account} AND p.data_source_id = ${sourceId} AND p.path >= ${path}::bytea
      AND p.path < ${path}::bytea || '\\xffffffff'::bytea AND ${holds(db, 'p')}`;
    paths =
      size < SMALL_SUBTREE
        ? sql`JOIN (SELECT p.unit_id FROM georegistry.org_unit_path p WHERE ${below} OFFSET 0) p
            ON p.unit_id = s.unit_id`
        : sql`JOIN georegistry.org_unit_path p ON p.unit_id = s.unit_id AND ${below}`;
  }
  const which = sql`FROM georegistry.org_unit_state s ${paths}
    WHERE s.account_id = ${db.account} AND s.data_source_id = ${sourceId} AND ${holds(db, 's')}
      ${text === null ? sql`` : sql`AND s.search_key LIKE ${`%${text}%`}`}`;
  const rows = await db.rows<BareRow>(sql`
    SELECT s.unit_id AS id, s.name, u.reference, s.code, s.status, c.name AS "parentName"
    FROM (SELECT s.* ${which} ORDER BY s.name_key, s.unit_id LIMIT ${limit}) s
    JOIN georegistry.org_unit u ON u.account_id = ${db.account} AND u.id = s.unit_id
    LEFT JOIN georegistry.org_unit_state c ON c.account_id = ${db.account} AND c.unit_id = s.parent_id
      AND ${holds(db, 'c')}
    ORDER BY s.name_key, s.unit_id`);
  const { count } = await db.one<{ count: number }>(sql`SELECT count(*) AS count ${which}`);
  return { rows, count };
}

const rootOf = (db: AccountDatabase, sourceId: string, unitId: string) =>
  db.one<{ path: Buffer; size: number }>(db.sql`
    SELECT p.path, (SELECT count(*) FROM (
        SELECT FROM georegistry.org_unit_path q WHERE q.account_id = ${db.account}
          AND q.data_source_id = ${sourceId} AND q.path >= p.path AND q.path < p.path || '\\xffffffff'::bytea
        LIMIT ${SMALL_SUBTREE}) below) AS size
    FROM georegistry.org_unit_path p
    WHERE p.account_id = ${db.account} AND p.unit_id = ${unitId} AND ${holds(db, 'p')}`);

/** Units by number, with names to look for. */
export const unitsByNumber = (db: AccountDatabase, sourceId: string, numbers: readonly number[]) =>
  db.rows<{ number: number; id: string; nameKey: string }>(db.sql`
    SELECT u.number, u.id, s.name_key AS "nameKey" FROM georegistry.org_unit u
    JOIN georegistry.org_unit_state s ON s.account_id = ${db.account} AND s.unit_id = u.id
    WHERE u.account_id = ${db.account} AND u.data_source_id = ${sourceId} AND u.number = ANY(${numbers}::integer[])`);
