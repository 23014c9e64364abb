/** Which units of a bulk edit stay as they were, and why: each rule is one statement over what is left. */
import type { AccountTransaction, Statement } from '@iroko/database';
import type { BulkChanges, SkipReason } from './bulk-changes';
import type { BulkScope } from './selection.sql';

const ATTRIBUTES_MAX = 500;

export async function markSkipped(
  tx: AccountTransaction,
  scope: BulkScope,
  changes: BulkChanges,
): Promise<void> {
  const { sql } = tx;
  const skip = (reason: SkipReason, when: Statement) =>
    tx.execute(sql`UPDATE bulk_change c SET skipped = ${reason}::text WHERE c.skipped IS NULL AND (${when})`);
  if (scope.writableTypes) {
    const writable = sql`${scope.writableTypes}::uuid[]`;
    await skip(
      'TYPE_NOT_WRITABLE',
      sql`(c.type_id = ANY (${writable}) AND c.new_type_id = ANY (${writable})) IS NOT TRUE`,
    );
  }
  if (changes.locationFrom) await skipUnplaced(skip, tx, changes);
  if (changes.openingDate !== undefined || changes.closedDate !== undefined) {
    await skip('DATES_REVERSED', sql`c.new_closed_date <= c.new_opening_date`);
  }
  if (changes.setAttributes) {
    await skip(
      'TOO_MANY_ATTRIBUTES',
      sql`(SELECT count(*) FROM jsonb_object_keys(c.new_attributes)) > ${ATTRIBUTES_MAX}`,
    );
  }
  if (scope.parentPath) {
    await skip('BELOW_ITSELF', sql`substr(${scope.parentPath}::bytea, 1, octet_length(c.path)) = c.path`);
  }
  if (changes.groupIds || changes.addGroupIds) await skip('GROUP_SET', inTwoOfASet(tx, scope));
  if (changes.typeId !== undefined || scope.parentPath) await skip('TYPE_NOT_ALLOWED', misplaced(tx, scope));
}

type Skip = (reason: SkipReason, when: Statement) => Promise<number>;

async function skipUnplaced(skip: Skip, { sql }: AccountTransaction, changes: BulkChanges): Promise<void> {
  if (!changes.overwriteLocations) await skip('HAS_LOCATION', sql`c.longitude IS NOT NULL`);
  const reason = changes.locationFrom === 'SHAPE' ? 'NO_SHAPE' : 'NO_SUBMITTED_LOCATION';
  await skip(reason, sql`c.new_longitude IS NULL`);
}

const inTwoOfASet = (tx: AccountTransaction, { dataSourceId }: BulkScope): Statement => tx.sql`EXISTS (
  SELECT FROM georegistry.exclusive_group e
  WHERE e.account_id = ${tx.account} AND e.data_source_id = ${dataSourceId} AND e.group_id = ANY (c.new_group_ids)
  GROUP BY e.group_set_id HAVING count(*) > 1)`;

/** A type that lists what may stand below it allows nothing else, units without a type included. */
const misplaced = (tx: AccountTransaction, { dataSourceId }: BulkScope): Statement => {
  const { sql } = tx;
  const listed = (parent: Statement, child: Statement) => sql`EXISTS (
    SELECT FROM georegistry.org_unit_sub_type e WHERE e.account_id = ${tx.account}
      AND e.parent_type_id = ${parent} AND e.child_type_id = ${child})`;
  // The parent and the children may be among the units that change.
  return sql`
    (c.new_type_id IS DISTINCT FROM c.type_id OR c.new_parent_id IS DISTINCT FROM c.parent_id) AND EXISTS (
      SELECT FROM georegistry.org_unit_state q
      LEFT JOIN bulk_change a ON a.unit_id = q.unit_id AND a.skipped IS NULL
      JOIN georegistry.org_unit_type k ON k.account_id = ${tx.account} AND k.limits_sub_types
        AND k.id = CASE WHEN a.unit_id IS NULL THEN q.type_id ELSE a.new_type_id END
      WHERE q.account_id = ${tx.account} AND q.unit_id = c.new_parent_id AND q.to_version IS NULL
        AND NOT ${listed(sql`k.id`, sql`c.new_type_id`)})
    OR c.new_type_id IS DISTINCT FROM c.type_id AND EXISTS (
      SELECT FROM georegistry.org_unit_type k
      JOIN georegistry.org_unit_state o ON o.account_id = ${tx.account} AND o.data_source_id = ${dataSourceId}
        AND o.parent_id = c.unit_id AND o.to_version IS NULL
      LEFT JOIN bulk_change a ON a.unit_id = o.unit_id AND a.skipped IS NULL
      WHERE k.account_id = ${tx.account} AND k.id = c.new_type_id AND k.limits_sub_types
        AND (a.unit_id IS NULL OR a.new_parent_id = c.unit_id)
        AND NOT ${listed(sql`k.id`, sql`CASE WHEN a.unit_id IS NULL THEN o.type_id ELSE a.new_type_id END`)})`;
};
