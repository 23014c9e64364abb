/** Statements that read rows: those at units within the scope of the handle, all of them without a limit. Values are compared in their type by expressions over the row's JSON. */
import type { AccountDatabase, Statement } from '@iroko/database';
import { inReach, unitReach } from '@iroko/viewer';
import type { FieldType } from '../cells/field-type';
import type { Comparison, RowQuery } from './row-conditions';

export interface RowRecord {
  number: number;
  /** By slot: each value as text, with every digit. */
  values: (string | null)[];
  /** By slot: what stood in the file, where it was written otherwise. */
  written: Record<string, string> | null;
  unitId: string | null;
}

export interface RowSource {
  datasetId: string;
  version: number;
}

/** A page of rows in the asked order, empty values last; `after` is the number of the last row before it. */
export const rowsPage = async (
  db: AccountDatabase,
  source: RowSource,
  query: RowQuery,
  after: number | null,
  limit: number,
) =>
  db.rows<RowRecord>(db.sql`
    SELECT r.number, r.written, r.unit_id AS "unitId",
      ARRAY(SELECT v.value FROM jsonb_array_elements_text(r.values) WITH ORDINALITY AS v (value, slot) ORDER BY v.slot)
        AS "values"
    FROM datasets.row r
    WHERE ${await matching(db, source, query)} ${after === null ? db.sql`` : db.sql`AND ${behind(db, source, query, after)}`}
    ORDER BY ${order(db, query)} LIMIT ${limit}`);

export const countRows = async (db: AccountDatabase, source: RowSource, query: RowQuery): Promise<number> =>
  (
    await db.one<{ count: number }>(
      db.sql`SELECT count(*) AS count FROM datasets.row r WHERE ${await matching(db, source, query)}`,
    )
  ).count;

async function matching(
  db: AccountDatabase,
  { datasetId, version }: RowSource,
  query: RowQuery,
): Promise<Statement> {
  const { sql } = db;
  const parts = [
    sql`r.account_id = ${db.account} AND r.dataset_id = ${datasetId} AND r.version = ${version}`,
    inReach(db, sql`r.unit_id`, await unitReach(db)),
  ];
  if (query.unitIds) parts.push(sql`r.unit_id = ANY(${query.unitIds}::uuid[])`);
  for (const comparison of query.comparisons) parts.push(comparing(db, comparison));
  return sql.join(parts, ' AND ');
}

function comparing(db: AccountDatabase, comparison: Comparison): Statement {
  const { sql } = db;
  const { slot } = comparison;
  switch (comparison.kind) {
    case 'EMPTY':
      return comparison.is
        ? sql`(r.values ->> ${slot}::int) IS NULL`
        : sql`(r.values ->> ${slot}::int) IS NOT NULL`;
    case 'IN':
      return sql`(r.keys ->> ${slot}::int) = ANY(${comparison.keys}::text[])`;
    case 'CONTAINS':
      return sql`strpos(r.keys ->> ${slot}::int, ${comparison.key}) > 0`;
    case 'STARTS_WITH':
      return sql`starts_with(r.keys ->> ${slot}::int, ${comparison.key})`;
    case 'NUMBER':
      return sql`(r.values ->> ${slot}::int)::numeric ${sql.raw(comparison.operator)} ${comparison.value}::numeric`;
    case 'BOOLEAN':
      return sql`(r.values ->> ${slot}::int)::boolean = ${comparison.value}`;
    case 'ISO':
      return sql`(r.values ->> ${slot}::int) COLLATE "C" ${sql.raw(comparison.operator)} ${comparison.value}`;
  }
}

/** The value by which rows are sorted, under an alias of the table. */
function sortValue(db: AccountDatabase, alias: 'r' | 'l', slot: number, type: FieldType): Statement {
  const { sql } = db;
  const table = sql.raw(alias);
  if (type === 'TEXT') return sql`(${table}.keys ->> ${slot}::int) COLLATE "C"`;
  if (type === 'INTEGER' || type === 'DECIMAL') return sql`(${table}.values ->> ${slot}::int)::numeric`;
  if (type === 'BOOLEAN') return sql`(${table}.values ->> ${slot}::int)::boolean`;
  return sql`(${table}.values ->> ${slot}::int) COLLATE "C"`;
}

function order(db: AccountDatabase, { sort }: RowQuery): Statement {
  if (!sort) return db.sql`r.number`;
  const direction = db.sql.raw(sort.descending ? 'DESC' : 'ASC');
  return db.sql`${sortValue(db, 'r', sort.field.slot, sort.field.type)} ${direction} NULLS LAST, r.number`;
}

/** The rows behind the last one of the page before, whose value is read from its row: a cursor stays small. */
function behind(
  db: AccountDatabase,
  { datasetId, version }: RowSource,
  { sort }: RowQuery,
  after: number,
): Statement {
  const { sql } = db;
  if (!sort) return sql`r.number > ${after}`;
  const { slot, type } = sort.field;
  const mine = sortValue(db, 'r', slot, type);
  const theirs = sql`(SELECT ${sortValue(db, 'l', slot, type)} FROM datasets.row l
    WHERE l.account_id = ${db.account} AND l.dataset_id = ${datasetId} AND l.version = ${version}
      AND l.number = ${after})`;
  return sql`CASE WHEN ${theirs} IS NULL THEN ${mine} IS NULL AND r.number > ${after}
    ELSE ${mine} IS NULL OR ${mine} ${sql.raw(sort.descending ? '<' : '>')} ${theirs}
      OR (${mine} = ${theirs} AND r.number > ${after}) END`;
}
