/**
 * What the copy of a subtree leaves out of its version: every other unit has the ancestor it had before, or none; see
 * merge-plans/merge-base.sql.ts.
 */
import type { AccountTransaction } from '@iroko/database';
import { type Sides, statesIn } from '../comparisons/pairs.sql';
import { UNIT_FIELDS } from '../differences/difference';
import type { VersionRow } from '../versions/version';

export interface CopyOrigin {
  originId: string;
  /** The merge or copy before, with the version that was the ancestor then. */
  earlier: { originId: string; base: VersionRow } | undefined;
}

/** Expects `copied`. What an earlier merge left out of those units stays left out. */
export async function insertLeftOutOfCopy(
  tx: AccountTransaction,
  { before }: Sides,
  { originId, earlier }: CopyOrigin,
): Promise<void> {
  const base = earlier?.base;
  const isOwn = base !== undefined && base.dataSourceId === before.dataSourceId;
  // A unit that is as it was in the ancestor has that ancestor anyway.
  const old = isOwn
    ? tx.sql`FULL JOIN (${statesIn(tx, base)}) b ON b.unit_id = s.unit_id`
    : tx.sql`LEFT JOIN (SELECT NULL::uuid AS unit_id, NULL::integer AS revision) b ON b.unit_id = s.unit_id`;
  await tx.execute(tx.sql`
    WITH kept AS (
      SELECT CASE WHEN v.data_source_id = ${before.dataSourceId} THEN l.into_unit_id ELSE l.from_unit_id END AS unit_id,
        CASE WHEN v.data_source_id = ${before.dataSourceId} THEN l.from_unit_id ELSE l.into_unit_id END AS other_id,
        l.is_whole, l.fields, l.base_version_id, l.change_request_id, l.merged_version_id, l.merged_fields
      FROM georegistry.merge_left_out l
      JOIN georegistry.version_origin o ON o.account_id = ${tx.account} AND o.id = l.origin_id
      JOIN georegistry.source_version v ON v.account_id = ${tx.account} AND v.id = o.version_id
      WHERE l.account_id = ${tx.account} AND l.origin_id = ${earlier?.originId ?? null}::uuid
    ), left_out AS (
      SELECT coalesce(s.unit_id, b.unit_id) AS unit_id, NULL::uuid AS other_id, true AS is_whole,
        ${[...UNIT_FIELDS]}::text[] AS fields, ${base?.id ?? null}::uuid AS base_version_id,
        NULL::uuid AS change_request_id, NULL::uuid AS merged_version_id, NULL::text[] AS merged_fields
      FROM (${statesIn(tx, before)}) s ${old}
      WHERE s.revision IS DISTINCT FROM b.revision
        AND NOT EXISTS (SELECT FROM kept k WHERE k.unit_id = coalesce(s.unit_id, b.unit_id))
      UNION ALL SELECT k.* FROM kept k
    )
    INSERT INTO georegistry.merge_left_out (account_id, origin_id, position, from_unit_id, into_unit_id, is_whole, fields,
      base_version_id, change_request_id, merged_version_id, merged_fields)
    SELECT ${tx.account}::uuid, ${originId}::uuid, row_number() OVER (), l.unit_id, l.other_id, l.is_whole, l.fields,
      l.base_version_id, l.change_request_id, l.merged_version_id, l.merged_fields
    FROM left_out l WHERE NOT EXISTS (SELECT FROM copied c WHERE c.from_id = l.unit_id)`);
}
