/** Units in whose place others are, by georegistry's contract view: what was sent from them belongs to their successors' past. */
import type { AccountDatabase } from '@iroko/database';

export interface Predecessor {
  unitId: string;
  predecessorId: string;
  /**
   * Of a unit that stands on beside the parts that were split off: only what arrived under earlier versions of its
   * source was sent from the whole. Null: all of it.
   */
  beforeVersion: number | null;
}

/** Over any number of operations; their numbers fall on the way back, so the walk ends. */
export const predecessorsOf = (db: AccountDatabase, unitIds: readonly string[]) =>
  db.rows<Predecessor>(db.sql`
    WITH RECURSIVE walk AS (
      SELECT asked.id AS asked_id, asked.id AS unit_id, 2147483647 AS number, NULL::integer AS before_version
      FROM unnest(${unitIds}::uuid[]) AS asked (id)
      UNION
      SELECT w.asked_id, v.predecessor_id, v.number,
        CASE WHEN v.ended THEN w.before_version ELSE least(w.before_version, v.version_number) END
      FROM walk w
      JOIN georegistry.unit_succession v ON v.account_id = ${db.account} AND v.successor_id = w.unit_id
        AND v.number < w.number
    )
    SELECT w.asked_id AS "unitId", w.unit_id AS "predecessorId",
      CASE WHEN bool_or(w.before_version IS NULL) THEN NULL ELSE max(w.before_version) END AS "beforeVersion"
    FROM walk w WHERE w.unit_id <> w.asked_id
    GROUP BY w.asked_id, w.unit_id`);
