/** The rows both sides write: a type of org units and its change event, in one transaction. */
import type { Pool } from 'pg';

export const WRITE = `
  WITH made AS (
    INSERT INTO georegistry.org_unit_type (account_id, id, name, name_key)
    VALUES ($1, platform.uuid_v7(), $2, $2) RETURNING id, name
  )
  INSERT INTO platform.change_event
    (account_id, id, request_id, subject_type, subject_id, action, fields_after)
  SELECT $1, platform.uuid_v7(), 'benchmark', 'OrgUnitType', made.id::text, 'CREATE',
         jsonb_build_object('name', made.name, 'run', $3::int)
  FROM made`;

/** As a writer of ours does after its commits, at most once in some milliseconds. */
export const wake = (pool: Pool, account: string) =>
  pool.query("SELECT pg_notify('change_written', $1)", [account]);

export const unsealed = async (pool: Pool, account: string): Promise<number> => {
  const { rows } = await pool.query(
    'SELECT count(*)::int AS count FROM platform.change_event WHERE account_id = $1 AND position IS NULL',
    [account],
  );
  return rows[0].count;
};
