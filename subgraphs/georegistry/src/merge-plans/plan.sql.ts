/**
 * The rows of a merge plan, worked out in one statement from three trees. What only the target changed is no row: it
 * stays.
 */
import type { AccountTransaction } from '@iroko/database';
import { NO_LIMITS } from '../comparisons/comparison';
import { type Sides, statesIn } from '../comparisons/pairs.sql';
import type { VersionRow } from '../versions/version';
import type { MergeOptions } from './merge-plan';
import { threeWay } from './three-way.sql';

export interface PlanScope {
  planId: string;
  /** `before` is the target, `after` the source. */
  sides: Sides;
  base: VersionRow | null;
  options: MergeOptions;
}

export const writePlanRows = (tx: AccountTransaction, scope: PlanScope) => {
  const { sides, base, options } = scope;
  const { fields, limits = NO_LIMITS } = options;
  const isThreeWay = base !== null;
  return tx.execute(tx.sql`
    WITH kept AS MATERIALIZED (
      SELECT p.*, row_number() OVER (ORDER BY p.action <> 'UPDATE', p.source_unit_id, p.target_unit_id)::integer AS position
      FROM (${threeWay(tx, { sides, base, fields, limits })}) p
      WHERE NOT p.is_nothing AND (p.action <> 'UPDATE' OR p.fields <> '{}')
    ), placed AS (
      SELECT k.*, k.action = 'CREATE' OR 'PARENT' = ANY (k.fields) AS is_placed,
        CASE WHEN EXISTS (SELECT FROM (${statesIn(tx, sides.before)}) h WHERE h.unit_id = k.parent_key)
          THEN k.parent_key END AS parent_unit_id,
        q.position AS parent_position
      FROM kept k LEFT JOIN kept q ON q.action = 'CREATE' AND q.source_unit_id = k.source_parent_id
    )
    INSERT INTO georegistry.merge_plan_row (account_id, plan_id, position, action, source_unit_id, target_unit_id,
      source_revision, target_revision, fields, conflicts, taken, removal_conflict, chosen, parent_unit_id,
      parent_position, parent_open, older_bases)
    SELECT ${tx.account}::uuid, ${scope.planId}::uuid, k.position, k.action, k.source_unit_id, k.target_unit_id,
      k.source_revision, k.target_revision, k.fields, k.conflicts, k.taken,
      k.removal_conflict AND NOT k.is_clean_removal,
      CASE WHEN k.action = 'REMOVE' AND NOT ${isThreeWay}::boolean THEN ${options.absentUnits === 'REMOVE'}::boolean
        ELSE NOT k.removal_conflict OR k.is_clean_removal END,
      CASE WHEN k.is_placed THEN k.parent_unit_id END,
      CASE WHEN k.is_placed AND k.parent_unit_id IS NULL THEN k.parent_position END,
      k.is_placed AND k.parent_unit_id IS NULL AND k.parent_position IS NULL
        AND NOT (k.source_parent_id IS NULL AND NOT EXISTS (SELECT FROM (${statesIn(tx, sides.before)}) h)),
      (SELECT jsonb_object_agg(f.name, e.base_version_id) FROM merge_exception e
        CROSS JOIN LATERAL unnest(CASE WHEN e.is_whole THEN ${fields}::text[] ELSE e.fields END) AS f (name)
        WHERE e.key = k.key)
    FROM placed k`);
};
