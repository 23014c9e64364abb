/**
 * The comparison itself: one full join of two versions in one pass, whatever their size. Units of the later version
 * are told by the ids of their counterparts, so that a unit, a parent and a group are the same when their ids are.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import { differsIn, fieldsThat, withinLimits } from './compared-fields.sql';
import type { ComparisonCounts, ComparisonOptions } from './comparison';
import { isOneSource, type Sides, statesIn } from './pairs.sql';

export interface ComparedScope extends Sides {
  comparisonId: string;
  options: ComparisonOptions;
}

/** Writes the rows, in the order in which units were made, new ones last; answers how many units are what. */
export const writeComparison = (tx: AccountTransaction, scope: ComparedScope) =>
  tx.one<ComparisonCounts>(tx.sql`
    WITH compared AS MATERIALIZED (${comparedUnits(tx, scope)}),
    written AS (
      INSERT INTO georegistry.comparison_row
        (account_id, comparison_id, position, status, before_id, after_id, fields)
      SELECT ${tx.account}::uuid, ${scope.comparisonId}::uuid,
        row_number() OVER (ORDER BY c.before_id, c.after_id), c.status, c.before_id, c.after_id, c.fields
      FROM compared c WHERE ${scope.options.keepSame ? tx.sql`true` : tx.sql`c.status <> 'SAME'`}
    )
    SELECT count(*) FILTER (WHERE c.status = 'NEW') AS new, count(*) FILTER (WHERE c.status = 'REMOVED') AS removed,
      count(*) FILTER (WHERE c.status = 'CHANGED') AS changed, count(*) FILTER (WHERE c.status = 'SAME') AS same
    FROM compared c`);

function comparedUnits(tx: AccountTransaction, scope: ComparedScope): Statement {
  const { fields } = scope.options;
  return tx.sql`
    SELECT b.unit_id AS before_id, a.unit_id AS after_id, f.fields,
      CASE WHEN b.unit_id IS NULL THEN 'NEW' WHEN a.unit_id IS NULL THEN 'REMOVED'
        WHEN f.fields = '{}' THEN 'SAME' ELSE 'CHANGED' END AS status
    FROM (${ownStates(tx, scope.before)}) b
    FULL JOIN (${laterStates(tx, scope)}) a ON a.key = b.unit_id
    CROSS JOIN LATERAL (SELECT CASE WHEN b.unit_id IS NULL OR a.unit_id IS NULL THEN '{}'::text[]
      ELSE ${fieldsThat(tx, fields, (field) => differsIn(tx, 'b', 'a', field, scope.options))} END AS fields) f
    WHERE ${withinLimits(tx, 'b', 'a', scope, scope.options)}`;
}

const ownStates = (tx: AccountTransaction, version: Sides['before']): Statement => tx.sql`
  SELECT s.*, s.unit_id AS key, s.parent_id AS parent_key, s.group_ids AS groups_key FROM (${statesIn(tx, version)}) s`;

/** `key`, `parent_key` and `groups_key` are ids of the earlier version where there are counterparts. */
export function laterStates(tx: AccountTransaction, { before, after }: Sides): Statement {
  if (isOneSource({ before, after })) return ownStates(tx, after);
  return tx.sql`
    SELECT s.*, coalesce(m.before_id, s.unit_id) AS key, coalesce(n.before_id, s.parent_id) AS parent_key,
      coalesce(g.before_ids, s.group_ids) AS groups_key
    FROM (${statesIn(tx, after)}) s
    LEFT JOIN compared_pair m ON m.after_id = s.unit_id
    LEFT JOIN compared_pair n ON n.after_id = s.parent_id
    LEFT JOIN compared_groups g ON g.after_ids = s.group_ids`;
}
