/** Writes down what a merge leaves out, so that the next one takes the right ancestor for it; see merge-base.sql.ts. */
import type { AccountTransaction } from '@iroko/database';
import { type ThreeWay, threeWay } from './three-way.sql';

export interface LeftOutScope extends ThreeWay {
  planId: string;
  originId: string;
  /** Whether the plan becomes change requests: then nothing is merged yet. `merge_proposed` has the requests. */
  isProposed: boolean;
}

/** Whether a plan of every field and unit has rows or fields that are not taken over, and were not decided against. */
export const leavesAnythingOut = (tx: AccountTransaction, planId: string) =>
  tx.one<{ leaves: boolean }>(tx.sql`
    SELECT EXISTS (SELECT FROM georegistry.merge_plan_row r
      WHERE r.account_id = ${tx.account} AND r.plan_id = ${planId}
        AND ((NOT r.chosen AND NOT (r.removal_conflict AND r.decided)) OR NOT r.fields <@ (r.taken || r.conflicts))
    ) AS leaves`);

/**
 * What of all that a merge could have done it does not do. A conflict that was decided for the target is done with; a
 * row that is not applied, a field that is not taken, and what lies outside of the plan is left out. Expects the tables
 * of `threeWay` and `merge_exception`.
 */
export const insertLeftOut = (tx: AccountTransaction, scope: LeftOutScope) => {
  const { sql } = tx;
  const done = sql`coalesce(r.chosen, false) AND NOT ${scope.isProposed}::boolean`;
  const without = (fields: string, ...others: string[]) =>
    sql.raw(
      `ARRAY(SELECT unnest(${fields})${others.map((other) => ` EXCEPT SELECT unnest(${other})`).join('')})`,
    );
  const columns = sql.raw('l.source_unit_id, l.target_unit_id, l.is_whole');
  const baseId = scope.base?.id ?? null;
  return tx.execute(sql`
    WITH difference AS (
      SELECT d.source_unit_id, d.target_unit_id, d.key, d.action, d.is_known, d.fields, d.silent, r.position,
        ${done} AS is_done, r.removal_conflict AND r.decided AND NOT r.chosen AS is_settled,
        CASE WHEN ${done} THEN r.taken ELSE '{}' END AS taken,
        CASE WHEN r.decided AND r.chosen THEN r.conflicts ELSE '{}' END AS settled
      FROM (${threeWay(tx, scope)}) d
      LEFT JOIN georegistry.merge_plan_row r ON r.account_id = ${tx.account} AND r.plan_id = ${scope.planId}
        AND coalesce(r.source_unit_id, r.target_unit_id) = coalesce(d.source_unit_id, d.target_unit_id)
      WHERE NOT d.is_nothing AND (d.action <> 'UPDATE' OR d.fields <> '{}')
    ), left_out AS MATERIALIZED (
      SELECT d.source_unit_id, d.target_unit_id, d.key, d.position, d.action <> 'UPDATE' AND NOT d.is_done AS is_whole,
        CASE d.action WHEN 'REMOVE' THEN '{}'
          WHEN 'CREATE' THEN CASE WHEN d.is_done
            THEN ${without('d.fields', 'd.taken', `d.silent || '{NAME,PARENT}'`)} ELSE d.fields END
          ELSE ${without('d.fields', 'd.taken', 'd.settled', `CASE WHEN d.is_known THEN '{}' ELSE d.silent END`)}
        END AS fields
      FROM difference d
      WHERE NOT coalesce(d.is_settled, false) AND NOT (d.action = 'REMOVE' AND (d.is_done OR NOT d.is_known))
    ), told AS (
      SELECT ${columns}, l.position, ${sql.raw(`ARRAY(SELECT unnest(l.fields) INTERSECT SELECT unnest(e.fields))`)} AS fields,
        e.base_version_id
      FROM left_out l JOIN merge_exception e ON e.key = l.key AND l.fields && e.fields WHERE NOT l.is_whole
      UNION ALL
      SELECT ${columns}, l.position, ARRAY(SELECT unnest(l.fields) EXCEPT
        SELECT unnest(e.fields) FROM merge_exception e WHERE e.key = l.key), ${baseId}::uuid
      FROM left_out l WHERE NOT l.is_whole
      UNION ALL
      SELECT ${columns}, l.position, l.fields, CASE WHEN e.key IS NULL THEN ${baseId}::uuid ELSE e.base_version_id END
      FROM left_out l LEFT JOIN (SELECT DISTINCT ON (x.key) x.* FROM merge_exception x WHERE x.is_whole ORDER BY x.key) e
        ON e.key = l.key
      WHERE l.is_whole
    )
    INSERT INTO georegistry.merge_left_out (account_id, origin_id, position, from_unit_id, into_unit_id, is_whole, fields,
      base_version_id, change_request_id)
    SELECT ${tx.account}::uuid, ${scope.originId}::uuid, row_number() OVER (), l.source_unit_id, l.target_unit_id,
      l.is_whole, l.fields, l.base_version_id, ${scope.isProposed ? sql`p.request_id` : sql`NULL::uuid`}
    FROM told l ${scope.isProposed ? sql`LEFT JOIN merge_proposed p ON p.position = l.position` : sql``}
    WHERE l.is_whole OR l.fields <> '{}'`);
};
