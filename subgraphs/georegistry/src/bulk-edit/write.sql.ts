/** Writes what a bulk edit changes: states piece by piece, each piece one statement; moves with all paths below in one. */
import type { AccountTransaction, Statement } from '@iroko/database';

export interface BulkDraft {
  dataSourceId: string;
  /** The draft's number. */
  number: number;
}

const CHANGED = [
  'type_id',
  'parent_id',
  'status',
  'opening_date',
  'closed_date',
  'group_ids',
  'attributes',
  'longitude',
  'latitude',
  'altitude',
] as const;
const columns = (alias: string, prefix = '') => CHANGED.map((name) => `${alias}.${prefix}${name}`).join(', ');

/** Keeps the rows that change, numbered anew; what is the same afterwards needs no writing. */
export const keepDiffering = async (
  tx: AccountTransaction,
): Promise<{ changed: number; unchanged: number }> => {
  const same = tx.sql.raw(`(${columns('c')}) IS NOT DISTINCT FROM (${columns('c', 'new_')})`);
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE bulk_write ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY c.at) AS place, c.*
    FROM bulk_change c WHERE c.skipped IS NULL AND NOT (${same})`);
  await tx.execute(tx.sql`CREATE INDEX ON bulk_write (place)`);
  await tx.execute(tx.sql`ANALYZE bulk_write`);
  return tx.one(tx.sql`
    SELECT (SELECT count(*) FROM bulk_write) AS changed,
      (SELECT count(*) FROM bulk_change c WHERE c.skipped IS NULL) - (SELECT count(*) FROM bulk_write) AS unchanged`);
};

export const countMoves = async (tx: AccountTransaction): Promise<number> => {
  const { count } = await tx.one<{ count: number }>(tx.sql`
    SELECT count(*) AS count FROM bulk_write w WHERE w.new_parent_id IS DISTINCT FROM w.parent_id`);
  return count;
};

/**
 * The pieces `from < place <= to`. Rows are found by where they lie: the draft is locked, so they cannot move, and the
 * planner, which knows nothing of the pieces before, would compare all with all. The names and search keys stay, so they are copied. With `parentPath` the units
 * are moved: the database checks the tree at the end of a statement, so states and paths go together.
 */
export const writePiece = (
  tx: AccountTransaction,
  draft: BulkDraft,
  from: number,
  to: number,
  parentPath: Buffer | undefined,
) => {
  const { sql } = tx;
  const kept = 'revision + 1, name, name_key, search_key, code, aliases, shape_hash';
  return tx.execute(sql`
    WITH piece AS MATERIALIZED (SELECT * FROM bulk_write w WHERE w.place > ${from} AND w.place <= ${to}),
    ${parentPath ? sql`${movedPaths(tx, draft, parentPath)},` : sql``}
    edited AS (
      UPDATE georegistry.org_unit_state s
      SET (${sql.raw(CHANGED.join(', '))}, revision, written_at) =
        ROW (${sql.raw(columns('w', 'new_'))}, s.revision + 1, now())
      FROM piece w WHERE s.account_id = ${tx.account} AND s.ctid = w.state_at AND w.from_version = ${draft.number}
    ), closed AS (
      UPDATE georegistry.org_unit_state s SET to_version = ${draft.number} FROM piece w
      WHERE s.account_id = ${tx.account} AND s.ctid = w.state_at AND w.from_version < ${draft.number}
    )
    INSERT INTO georegistry.org_unit_state (account_id, data_source_id, unit_id, from_version,
      ${sql.raw(CHANGED.join(', '))}, revision, name, name_key, search_key, code, aliases, shape_hash)
    SELECT ${tx.account}::uuid, ${draft.dataSourceId}::uuid, w.unit_id, ${draft.number}::integer,
      ${sql.raw(columns('w', 'new_'))}, ${sql.raw(
        kept
          .split(', ')
          .map((name) => `s.${name}`)
          .join(', '),
      )}
    FROM piece w JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.ctid = w.state_at
    WHERE w.from_version < ${draft.number}`);
};

/** Everything below a moved unit moves along, with the nearest moved unit above it. */
const movedPaths = (tx: AccountTransaction, draft: BulkDraft, parentPath: Buffer): Statement => tx.sql`
  moved AS MATERIALIZED (
    SELECT DISTINCT ON (p.unit_id) p.unit_id, p.from_version,
      ${parentPath}::bytea || substr(p.path, octet_length(w.path) - 3) AS path
    FROM piece w
    JOIN georegistry.org_unit_path p ON p.account_id = ${tx.account} AND p.data_source_id = ${draft.dataSourceId}
      AND p.path >= w.path AND p.path < w.path || '\\xffffffff'::bytea AND p.to_version IS NULL
    WHERE w.new_parent_id IS DISTINCT FROM w.parent_id
    ORDER BY p.unit_id, octet_length(w.path) DESC
  ), rewritten_paths AS (
    UPDATE georegistry.org_unit_path p SET path = m.path FROM moved m
    WHERE p.account_id = ${tx.account} AND p.unit_id = m.unit_id AND p.from_version = ${draft.number}
      AND m.from_version = ${draft.number}
  ), closed_paths AS (
    UPDATE georegistry.org_unit_path p SET to_version = ${draft.number} FROM moved m
    WHERE p.account_id = ${tx.account} AND p.unit_id = m.unit_id AND p.from_version = m.from_version
      AND m.from_version < ${draft.number}
  ), new_paths AS (
    INSERT INTO georegistry.org_unit_path (account_id, data_source_id, unit_id, from_version, path)
    SELECT ${tx.account}::uuid, ${draft.dataSourceId}::uuid, m.unit_id, ${draft.number}::integer, m.path
    FROM moved m WHERE m.from_version < ${draft.number}
  )`;

export interface ChangedRow {
  unitId: string;
  name: string;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

const OBJECT = [
  ['status', 'status'],
  ['typeId', 'type_id'],
  ['parentId', 'parent_id'],
  ['openingDate', 'opening_date'],
  ['closedDate', 'closed_date'],
  ['groupIds', 'group_ids'],
  ['attributes', 'attributes'],
  ['longitude', 'longitude'],
  ['latitude', 'latitude'],
] as const;
const object = (prefix: string) =>
  `jsonb_build_object(${OBJECT.map(([field, name]) => `'${field}', w.${prefix}${name}`).join(', ')})`;

/** The first units that change, in the order of the tree. */
export const firstChanges = (tx: AccountTransaction, limit: number) =>
  tx.rows<ChangedRow>(tx.sql`
    SELECT w.unit_id AS "unitId", w.name, ${tx.sql.raw(object(''))} AS before, ${tx.sql.raw(object('new_'))} AS after
    FROM bulk_write w ORDER BY w.place LIMIT ${limit}`);

export const skipCounts = (tx: AccountTransaction) =>
  tx.rows<{ reason: string; count: number }>(tx.sql`
    SELECT c.skipped AS reason, count(*) AS count FROM bulk_change c WHERE c.skipped IS NOT NULL
    GROUP BY c.skipped ORDER BY c.skipped`);

export const firstSkipped = (tx: AccountTransaction, limit: number) =>
  tx.rows<{ unitId: string; name: string; reason: string }>(tx.sql`
    SELECT c.unit_id AS "unitId", c.name, c.skipped AS reason FROM bulk_change c WHERE c.skipped IS NOT NULL
    ORDER BY c.at LIMIT ${limit}`);
