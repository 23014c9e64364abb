/**
 * A tree of any size, written straight into the tables, so that a benchmark of reading need not import first.
 * Unit n stands below unit (n - 2) / 16 + 1: a root, and sixteen children each, which makes six levels of a
 * million. Names, places and groups come from a hash of the seed and n: the same tree every time.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';

export const FAN_OUT = 16;
export const GROUP_COUNT = 8;

export const insertSource = (db: AccountDatabase, id: string, name: string) =>
  db.execute(db.sql`
    INSERT INTO georegistry.data_source (account_id, id, name, name_key)
    VALUES (${db.account}, ${id}, ${name}, lower(${name}))`);

export const insertTypes = (db: AccountDatabase) =>
  db.execute(db.sql`
    INSERT INTO georegistry.org_unit_type (account_id, id, name, name_key, depth)
    SELECT ${db.account}::uuid, platform.uuid_v7(), 'Level ' || depth, 'level ' || depth, depth
    FROM generate_series(0, 7) depth
    -- A second tree of the account has the same types.
    ON CONFLICT DO NOTHING`);

export const insertGroups = (db: AccountDatabase, sourceId: string) =>
  db.execute(db.sql`
    INSERT INTO georegistry."group" (account_id, id, data_source_id, name, name_key, reference)
    SELECT ${db.account}::uuid, platform.uuid_v7(), ${sourceId}, 'Group ' || n, 'group ' || n, 'G' || n
    FROM generate_series(1, ${GROUP_COUNT}) n`);

export const openDraft = (db: AccountDatabase, sourceId: string, id: string, number: number) =>
  db.execute(db.sql`
    INSERT INTO georegistry.source_version (account_id, id, data_source_id, number)
    VALUES (${db.account}, ${id}, ${sourceId}, ${number})`);

export const releaseDraft = (db: AccountDatabase, id: string) =>
  db.execute(db.sql`
    UPDATE georegistry.source_version v SET status = 'RELEASED', released_at = now()
    WHERE v.account_id = ${db.account} AND v.id = ${id}`);

export const insertUnits = (db: AccountDatabase, sourceId: string, rows: number) =>
  db.execute(db.sql`
    INSERT INTO georegistry.org_unit (account_id, id, data_source_id, number, reference)
    SELECT ${db.account}::uuid, platform.uuid_v7(), ${sourceId}, n, 'R' || n
    FROM generate_series(1, ${rows}::integer) n`);

/** Everything a state needs, in a table of this transaction: the planner knows its size, unlike a query's. */
export const prepareContent = async (
  tx: AccountTransaction,
  sourceId: string,
  rows: number,
  seed: string,
) => {
  await tx.client.query('ANALYZE georegistry.org_unit');
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE bench_place ON COMMIT DROP AS
    WITH RECURSIVE place AS (
      SELECT 1 AS n, 0 AS parent, 0 AS depth, int4send(1) AS path
      UNION ALL
      SELECT child, p.n, p.depth + 1, p.path || int4send(child)
      FROM place p
      CROSS JOIN LATERAL generate_series(${FAN_OUT} * (p.n - 1) + 2, least(${FAN_OUT} * p.n + 1, ${rows})) child
    )
    SELECT * FROM place`);
  await tx.client.query('ANALYZE bench_place');
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE bench_content ON COMMIT DROP AS
    WITH grouped AS MATERIALIZED (
      SELECT array_agg(g.id ORDER BY g.reference) AS ids FROM georegistry."group" g
      WHERE g.account_id = ${tx.account} AND g.data_source_id = ${sourceId}
    )
    SELECT p.path, u.id, above.id AS parent_id, t.id AS type_id, p.depth, p.n,
      initcap(translate(substr(h.digest, 1, 6), '0123456789', 'aeiounmlrk')) || ' '
        || initcap(translate(substr(h.digest, 7, 5), '0123456789', 'aeiounmlrk')) AS name,
      ('x' || substr(h.digest, 13, 7))::bit(28)::integer / 268435456.0 AS east,
      ('x' || substr(h.digest, 20, 7))::bit(28)::integer / 268435456.0 AS north,
      grouped.ids[p.n % ${GROUP_COUNT} + 1] AS group_id
    FROM bench_place p
    CROSS JOIN LATERAL (SELECT md5(${seed}::text || p.n) AS digest) h
    CROSS JOIN grouped
    JOIN georegistry.org_unit u ON u.account_id = ${tx.account} AND u.data_source_id = ${sourceId}
      AND u.number = p.n
    LEFT JOIN georegistry.org_unit above ON above.account_id = ${tx.account}
      AND above.data_source_id = ${sourceId} AND above.number = p.parent
    JOIN georegistry.org_unit_type t ON t.account_id = ${tx.account} AND t.depth = p.depth`);
};

/** States and paths in one statement: each is checked against the other when it ends. */
export const insertStates = (tx: AccountTransaction, sourceId: string) =>
  tx.execute(tx.sql`
    WITH paths AS (
      INSERT INTO georegistry.org_unit_path (account_id, data_source_id, unit_id, from_version, path)
      SELECT ${tx.account}, ${sourceId}, c.id, 1, c.path FROM bench_content c ORDER BY c.path
    )
    INSERT INTO georegistry.org_unit_state (account_id, data_source_id, unit_id, parent_id, type_id, longitude,
      latitude, altitude, from_version, status, name, name_key, search_key, code, group_ids)
    SELECT ${tx.account}, ${sourceId}, c.id, c.parent_id, c.type_id,
      CASE WHEN c.depth > 2 THEN round((c.east * 20 - 10)::numeric, 6) END,
      CASE WHEN c.depth > 2 THEN round((c.north * 20 - 10)::numeric, 6) END,
      CASE WHEN c.depth > 2 THEN round(c.east * 1000) END,
      1, 'VALID', c.name, lower(c.name), lower(c.name) || E'\nc' || c.n || E'\nr' || c.n, 'C' || c.n,
      ARRAY[c.group_id]
    FROM bench_content c ORDER BY c.path`);

/** Without statistics of what was just written, the changes below are joined with it row by row. */
export const analyzeTree = async (tx: AccountTransaction) => {
  for (const table of ['org_unit', 'org_unit_state', 'org_unit_path']) {
    await tx.client.query(`ANALYZE georegistry.${table}`);
  }
};

/** Renames `changes` units, evenly spread, in the draft of this number. */
export const renameUnits = (
  db: AccountDatabase,
  sourceId: string,
  draft: number,
  every: number,
  changes: number,
) =>
  db.execute(db.sql`
    WITH chosen AS MATERIALIZED (
      SELECT u.id FROM georegistry.org_unit u
      WHERE u.account_id = ${db.account} AND u.data_source_id = ${sourceId}
        AND u.number % ${every} = 0 AND u.number / ${every} <= ${changes}
    ), closed AS (
      UPDATE georegistry.org_unit_state s SET to_version = ${draft} FROM chosen c
      WHERE s.account_id = ${db.account} AND s.unit_id = c.id AND s.to_version IS NULL
      RETURNING s.*
    )
    INSERT INTO georegistry.org_unit_state (account_id, data_source_id, unit_id, parent_id, type_id, longitude,
      latitude, altitude, from_version, revision, status, name, name_key, search_key, code, group_ids)
    SELECT s.account_id, s.data_source_id, s.unit_id, s.parent_id, s.type_id, s.longitude, s.latitude, s.altitude,
      ${draft}, s.revision + 1, s.status, s.name || ' II', s.name_key || ' ii', s.search_key || E'\nii', s.code,
      s.group_ids
    FROM closed s`);

export const setNextNumber = (db: AccountDatabase, sourceId: string, rows: number) =>
  db.execute(db.sql`
    UPDATE georegistry.data_source d SET next_unit_number = ${rows} + 1
    WHERE d.account_id = ${db.account} AND d.id = ${sourceId}`);
