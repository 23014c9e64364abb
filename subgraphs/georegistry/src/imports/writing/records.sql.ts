/** What units refer to, made or found before they are written: types, groups, shapes. */
import type { AccountTransaction } from '@iroko/database';
import type { Scope } from '../matching/existing.sql';

/** Types and groups that exist. Groups are named by their reference, or by their name where one group bears it. */
export const findTypesAndGroups = async (tx: AccountTransaction, scope: Scope): Promise<void> => {
  await tx.execute(tx.sql`
    UPDATE import_type i SET type_id = t.id FROM georegistry.org_unit_type t
    WHERE t.account_id = ${tx.account} AND t.name_key = i.name_key AND i.type_id IS NULL`);
  await tx.execute(tx.sql`
    UPDATE import_group i SET group_id = g.id FROM georegistry."group" g
    WHERE g.account_id = ${tx.account} AND g.data_source_id = ${scope.dataSourceId} AND i.group_id IS NULL
      AND g.reference = coalesce(i.reference, i.name)`);
  await tx.execute(tx.sql`
    UPDATE import_group i SET group_id = n.id
    FROM (SELECT g.name_key, (array_agg(g.id))[1] AS id FROM georegistry."group" g
      WHERE g.account_id = ${tx.account} AND g.data_source_id = ${scope.dataSourceId} AND g.deleted_at IS NULL
      GROUP BY g.name_key HAVING count(*) = 1) n
    WHERE i.group_id IS NULL AND i.reference IS NULL AND n.name_key = i.name_key`);
};

/** Makes the types and groups that units of the tree need and that are missing. Returns how many of each. */
export const createTypesAndGroups = async (
  tx: AccountTransaction,
  scope: Scope,
): Promise<{ types: number; groups: number }> => {
  const types = await tx.execute(tx.sql`
    INSERT INTO georegistry.org_unit_type (account_id, id, name, name_key, depth)
    SELECT ${tx.account}::uuid, platform.uuid_v7(), i.name, i.name_key, i.depth FROM import_type i
    WHERE i.type_id IS NULL AND EXISTS (
      SELECT FROM import_row r JOIN import_placed p ON p.id = r.id WHERE r.type_number = i.number)
    ON CONFLICT (account_id, name_key) DO NOTHING`);
  // What a file names by its reference is there: a deleted group comes back.
  await tx.execute(tx.sql`
    UPDATE georegistry."group" g SET deleted_at = NULL, revision = g.revision + 1, updated_at = now()
    FROM import_group i
    WHERE g.account_id = ${tx.account} AND g.id = i.group_id AND g.deleted_at IS NOT NULL
      AND (i.reference IS NOT NULL OR EXISTS (
        SELECT FROM import_row r JOIN import_placed p ON p.id = r.id WHERE r.group_numbers @> ARRAY[i.number]))`);
  const groups = await tx.execute(tx.sql`
    INSERT INTO georegistry."group" (account_id, id, data_source_id, name, name_key, reference)
    SELECT ${tx.account}::uuid, platform.uuid_v7(), ${scope.dataSourceId}::uuid, i.name, i.name_key,
      coalesce(i.reference, i.name)
    FROM import_group i
    WHERE i.group_id IS NULL AND (i.reference IS NOT NULL OR EXISTS (
      SELECT FROM import_row r JOIN import_placed p ON p.id = r.id WHERE r.group_numbers @> ARRAY[i.number]))
    ON CONFLICT (account_id, data_source_id, reference) DO NOTHING`);
  if (types > 0 || groups > 0) await findTypesAndGroups(tx, scope);
  return { types, groups };
};

/** Shapes of units that are written, once per content. */
export const createShapes = async (tx: AccountTransaction): Promise<void> => {
  await tx.execute(tx.sql`
    INSERT INTO georegistry.shape (account_id, hash, wkb, bounds, area_m2, vertex_count, valid, invalid_reason)
    SELECT DISTINCT ON (i.hash) ${tx.account}::uuid, i.hash, i.wkb, i.bounds, i.area_m2, i.vertex_count,
      i.invalid_reason IS NULL, i.invalid_reason
    FROM import_shape i
    WHERE i.level = 0 AND i.hash IN (SELECT r.shape_hash FROM import_row r JOIN import_change c ON c.id = r.id)
    ORDER BY i.hash
    ON CONFLICT DO NOTHING`);
  await tx.execute(tx.sql`
    INSERT INTO georegistry.shape_level (account_id, hash, level, tolerance, wkb, vertex_count)
    SELECT DISTINCT ON (i.hash, i.level) ${tx.account}::uuid, i.hash, i.level, i.tolerance, i.wkb, i.vertex_count
    FROM import_shape i
    JOIN georegistry.shape h ON h.account_id = ${tx.account} AND h.hash = i.hash
    WHERE i.level > 0
    ORDER BY i.hash, i.level
    ON CONFLICT DO NOTHING`);
};
