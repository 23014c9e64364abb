/** What goes along with the copied units: the sets of their groups, and their links to units of other sources. */
import type { AccountTransaction } from '@iroko/database';
import type { Sides } from '../comparisons/pairs.sql';

/**
 * Sets of groups that were taken over: one of the same reference gets the groups it lacks, others are made. Expects
 * `taken_group`. Answers how many were made.
 */
export async function takeGroupSets(tx: AccountTransaction, { before, after }: Sides): Promise<number> {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE taken_set ON COMMIT DROP AS
    SELECT f.id AS from_id, coalesce(o.id, platform.uuid_v7()) AS to_id, o.id IS NULL AS is_new,
      k.id IS NOT NULL AND o.id IS NULL AS is_renamed
    FROM georegistry.group_set f
    LEFT JOIN georegistry.group_set k ON k.account_id = ${tx.account} AND k.data_source_id = ${after.dataSourceId}
      AND k.reference = f.reference
    -- A set that was deleted stays deleted, and still bears its reference: it may be restored.
    LEFT JOIN georegistry.group_set o ON o.account_id = ${tx.account} AND o.id = k.id AND o.deleted_at IS NULL
    WHERE f.account_id = ${tx.account} AND f.data_source_id = ${before.dataSourceId} AND f.deleted_at IS NULL
      AND EXISTS (SELECT FROM georegistry.group_set_group m JOIN taken_group t ON t.from_id = m.group_id
        WHERE m.account_id = ${tx.account} AND m.group_set_id = f.id)`);
  const made = await tx.execute(tx.sql`
    INSERT INTO georegistry.group_set
      (account_id, id, data_source_id, name, name_key, reference, reference_generated, membership)
    SELECT ${tx.account}::uuid, t.to_id, ${after.dataSourceId}::uuid, f.name, f.name_key,
      CASE WHEN t.is_renamed THEN t.to_id::text ELSE f.reference END, t.is_renamed OR f.reference_generated, f.membership
    FROM taken_set t JOIN georegistry.group_set f ON f.account_id = ${tx.account} AND f.id = t.from_id
    WHERE t.is_new`);
  await tx.execute(tx.sql`
    INSERT INTO georegistry.group_set_group (account_id, group_set_id, group_id)
    SELECT DISTINCT ${tx.account}::uuid, s.to_id, g.to_id
    FROM taken_set s
    JOIN georegistry.group_set_group m ON m.account_id = ${tx.account} AND m.group_set_id = s.from_id
    JOIN taken_group g ON g.from_id = m.group_id
    ON CONFLICT DO NOTHING`);
  return made;
}

/**
 * What a unit is known to be elsewhere, its copy is too: accepted links to third sources. What somebody decided of the
 * copy, and another accepted link of it, stays. Expects `copied`. Answers how many links were made.
 */
export const takeLinks = (tx: AccountTransaction, { after }: Sides) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.link (account_id, id, first_source_id, second_source_id, first_unit_id, second_unit_id,
      status, score, origin, decided_by, decided_at, reason)
    SELECT ${tx.account}::uuid, platform.uuid_v7(), least(x.source_id, ${after.dataSourceId}::uuid),
      greatest(x.source_id, ${after.dataSourceId}::uuid),
      CASE WHEN x.source_id < ${after.dataSourceId}::uuid THEN x.unit_id ELSE x.copy_id END,
      CASE WHEN x.source_id < ${after.dataSourceId}::uuid THEN x.copy_id ELSE x.unit_id END,
      'ACCEPTED', x.score, x.origin, x.decided_by, x.decided_at, x.reason
    FROM (
      SELECT c.to_id AS copy_id, l.second_source_id AS source_id, l.second_unit_id AS unit_id, l.score, l.origin,
        l.decided_by, l.decided_at, l.reason
      FROM copied c JOIN georegistry.link l ON l.account_id = ${tx.account} AND l.first_unit_id = c.from_id
        AND l.status = 'ACCEPTED'
      UNION ALL
      SELECT c.to_id, l.first_source_id, l.first_unit_id, l.score, l.origin, l.decided_by, l.decided_at, l.reason
      FROM copied c JOIN georegistry.link l ON l.account_id = ${tx.account} AND l.second_unit_id = c.from_id
        AND l.status = 'ACCEPTED'
    ) x
    WHERE x.source_id <> ${after.dataSourceId}
    ORDER BY x.score DESC
    ON CONFLICT DO NOTHING`);
