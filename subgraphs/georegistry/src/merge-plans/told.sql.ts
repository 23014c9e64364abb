/** A version of either side in the words of the target: its units, parents and groups are the target's own. */
import type { AccountTransaction, Statement } from '@iroko/database';
import { type Sides, statesIn } from '../comparisons/pairs.sql';
import type { VersionRow } from '../versions/version';

/** Units of a version told in the target's: its own as they are, those of the source by their counterparts. */
export function told(tx: AccountTransaction, version: VersionRow, { before }: Sides): Statement {
  if (version.dataSourceId === before.dataSourceId) {
    return tx.sql`SELECT x.*, x.unit_id AS key, x.parent_id AS parent_key, x.group_ids AS groups_key
      FROM (${statesIn(tx, version)}) x`;
  }
  return tx.sql`
    SELECT x.*, coalesce(m.before_id, x.unit_id) AS key, coalesce(n.before_id, x.parent_id) AS parent_key,
      CASE WHEN x.group_ids IS NULL THEN NULL ELSE (SELECT array_agg(DISTINCT coalesce(g.before_id, i.id))
        FROM unnest(x.group_ids) AS i (id) LEFT JOIN compared_group g ON g.after_id = i.id) END AS groups_key
    FROM (${statesIn(tx, version)}) x
    LEFT JOIN compared_pair m ON m.after_id = x.unit_id
    LEFT JOIN compared_pair n ON n.after_id = x.parent_id`;
}
