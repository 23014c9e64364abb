/** Takes back what a draft changed, in one statement, so that the database's checks see only its end. */
import type { AccountTransaction } from '@iroko/database';

/**
 * Rows that begin at the draft go, rows closed at it open again. Those are found through what replaced them and
 * through the removals, since no index holds the end of a row; each by a look-up of its own (OFFSET 0), since the
 * planner takes rows closed at the draft for rare and would compare all with all.
 */
export const discardContent = (tx: AccountTransaction, dataSourceId: string, number: number) =>
  tx.one<{ states: number; removals: number }>(tx.sql`
    WITH removed AS MATERIALIZED (
      SELECT r.unit_id FROM georegistry.org_unit_removal r
      WHERE r.account_id = ${tx.account} AND r.data_source_id = ${dataSourceId} AND r.version_number = ${number}
    ), states AS (
      DELETE FROM georegistry.org_unit_state s
      WHERE s.account_id = ${tx.account} AND s.data_source_id = ${dataSourceId} AND s.from_version = ${number}
      RETURNING s.unit_id
    ), paths AS (
      DELETE FROM georegistry.org_unit_path p
      WHERE p.account_id = ${tx.account} AND p.data_source_id = ${dataSourceId} AND p.from_version = ${number}
      RETURNING p.unit_id
    ), reopened_states AS (
      UPDATE georegistry.org_unit_state s SET to_version = NULL
      FROM (
        SELECT x.unit_id, o.from_version FROM (SELECT unit_id FROM states UNION SELECT unit_id FROM removed) x
        CROSS JOIN LATERAL (
          SELECT c.from_version FROM georegistry.org_unit_state c
          WHERE c.account_id = ${tx.account} AND c.unit_id = x.unit_id AND c.to_version = ${number} OFFSET 0
        ) o
      ) y
      WHERE s.account_id = ${tx.account} AND s.unit_id = y.unit_id AND s.from_version = y.from_version
    ), reopened_paths AS (
      UPDATE georegistry.org_unit_path p SET to_version = NULL
      FROM (
        SELECT x.unit_id, o.from_version FROM (SELECT unit_id FROM paths UNION SELECT unit_id FROM removed) x
        CROSS JOIN LATERAL (
          SELECT c.from_version FROM georegistry.org_unit_path c
          WHERE c.account_id = ${tx.account} AND c.unit_id = x.unit_id AND c.to_version = ${number} OFFSET 0
        ) o
      ) y
      WHERE p.account_id = ${tx.account} AND p.unit_id = y.unit_id AND p.from_version = y.from_version
    )
    SELECT (SELECT count(*) FROM states) AS states, (SELECT count(*) FROM removed) AS removals`);

/** How many states and paths the draft wrote, and how many units it removed: the indexes alone answer. */
export const draftSize = (tx: AccountTransaction, dataSourceId: string, number: number) =>
  tx.one<{ states: number; paths: number; removals: number }>(tx.sql`
    SELECT (SELECT count(*) FROM georegistry.org_unit_state s
        WHERE s.account_id = ${tx.account} AND s.data_source_id = ${dataSourceId}
          AND s.from_version = ${number}) AS states,
      (SELECT count(*) FROM georegistry.org_unit_path p
        WHERE p.account_id = ${tx.account} AND p.data_source_id = ${dataSourceId}
          AND p.from_version = ${number}) AS paths,
      (SELECT count(*) FROM georegistry.org_unit_removal r
        WHERE r.account_id = ${tx.account} AND r.data_source_id = ${dataSourceId}
          AND r.version_number = ${number}) AS removals`);
