/** Fills `draft_unit` with the content of another version, told in the target's own parents and groups. */
import type { AccountTransaction } from '@iroko/database';
import { inSubtrees } from '@iroko/viewer';
import { pairedGroups, type Sides, statesIn } from '../comparisons/pairs.sql';
import { CONTENT_COLUMNS } from '../draft-writing/draft-unit.sql';

/** Each unit that is copied with what it is, or becomes, in the target. `path` limits the copy to a subtree. */
export const createCopied = async (
  tx: AccountTransaction,
  { before }: Sides,
  path: Buffer | undefined,
): Promise<void> => {
  const within = path
    ? tx.sql`AND EXISTS (SELECT FROM georegistry.org_unit_path p
        WHERE p.account_id = ${tx.account} AND p.unit_id = s.unit_id AND p.from_version <= ${before.number}
          AND (p.to_version IS NULL OR p.to_version > ${before.number}) AND ${inSubtrees(tx, tx.sql`p.path`, [path])})`
    : tx.sql``;
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE copied ON COMMIT DROP AS
    SELECT s.unit_id AS from_id, coalesce(m.after_id, platform.uuid_v7()) AS to_id, m.after_id IS NULL AS is_new
    FROM (${statesIn(tx, before)}) s LEFT JOIN compared_pair m ON m.before_id = s.unit_id
    WHERE true ${within}`);
  await tx.execute(tx.sql`ANALYZE copied`);
};

/** Groups of copied units that the target lacks are made there; `taken_group` says which group is which. */
export const takeGroups = async (
  tx: AccountTransaction,
  { before, after }: Sides,
  unitIds: string,
): Promise<number> => {
  const used = tx.sql`SELECT DISTINCT unnest(s.group_ids) AS id FROM (${statesIn(tx, before)}) s
    WHERE s.group_ids IS NOT NULL AND s.unit_id IN (${tx.sql.raw(unitIds)})`;
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE taken_group ON COMMIT DROP AS
    SELECT p.other_id AS from_id, coalesce(p.own_id, platform.uuid_v7()) AS to_id, p.own_id IS NULL AS is_new
    FROM (${used}) u
    JOIN (${pairedGroups(tx, after.dataSourceId, before.dataSourceId)}) p ON p.other_id = u.id`);
  return tx.execute(tx.sql`
    INSERT INTO georegistry."group" (account_id, id, data_source_id, name, name_key, reference, reference_generated)
    SELECT ${tx.account}::uuid, t.to_id, ${after.dataSourceId}::uuid, g.name, g.name_key,
      CASE WHEN k.id IS NULL THEN g.reference ELSE t.to_id::text END, k.id IS NOT NULL OR g.reference_generated
    FROM taken_group t JOIN georegistry."group" g ON g.account_id = ${tx.account} AND g.id = t.from_id
    -- A group that was deleted still bears its reference: it may be restored.
    LEFT JOIN georegistry."group" k ON k.account_id = ${tx.account} AND k.data_source_id = ${after.dataSourceId}
      AND k.reference = g.reference
    WHERE t.is_new`);
};

/** `root` stands for the parent of the uppermost copied unit, which itself is not copied. */
export const fillCopied = (tx: AccountTransaction, { before, after }: Sides, root: string | null) => {
  const columns = (alias: string) => tx.sql.raw(CONTENT_COLUMNS.map((name) => `${alias}.${name}`).join(', '));
  const content = tx.sql`
    SELECT s.unit_id, coalesce(q.to_id, ${root}::uuid) AS parent_id,
      s.type_id, s.longitude, s.latitude, s.altitude, s.opening_date, s.closed_date, s.status, s.name, s.code,
      s.aliases, CASE WHEN s.group_ids IS NULL THEN NULL ELSE (
        SELECT array_agg(DISTINCT t.to_id) FROM taken_group t WHERE t.from_id = ANY (s.group_ids)) END AS group_ids,
      s.shape_hash, s.attributes, s.name_key, s.search_key
    FROM (${statesIn(tx, before)}) s LEFT JOIN copied q ON q.from_id = s.parent_id`;
  return tx.execute(tx.sql`
    INSERT INTO draft_unit (unit_id, is_new, is_removed, reference, reference_generated,
      ${tx.sql.raw(CONTENT_COLUMNS.join(', '))}, name_key, search_key)
    SELECT c.to_id, c.is_new, false, u.reference, u.reference_generated, ${columns('x')}, x.name_key,
      -- The reference is a part of the key; where the target calls the unit otherwise the key is made anew.
      CASE WHEN c.is_new OR k.reference = u.reference THEN x.search_key END
    FROM copied c
    JOIN (${content}) x ON x.unit_id = c.from_id
    JOIN georegistry.org_unit u ON u.account_id = ${tx.account} AND u.id = c.from_id
    LEFT JOIN georegistry.org_unit k ON k.account_id = ${tx.account} AND k.id = c.to_id
    LEFT JOIN georegistry.org_unit_state o ON o.account_id = ${tx.account} AND o.unit_id = c.to_id
      AND o.to_version IS NULL AND o.data_source_id = ${after.dataSourceId}
    WHERE o.unit_id IS NULL OR (${columns('x')}) IS DISTINCT FROM (${columns('o')})`);
};

/** Units of the target that the copied version does not hold. */
export const fillAbsent = (tx: AccountTransaction, { after }: Sides) =>
  tx.execute(tx.sql`
    INSERT INTO draft_unit (unit_id, is_new, is_removed)
    SELECT o.unit_id, false, true FROM georegistry.org_unit_state o
    WHERE o.account_id = ${tx.account} AND o.data_source_id = ${after.dataSourceId} AND o.to_version IS NULL
      AND NOT EXISTS (SELECT FROM copied c WHERE c.to_id = o.unit_id)`);

export const recordUnitOrigins = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.unit_origin (account_id, unit_id, origin_unit_id)
    SELECT ${tx.account}::uuid, c.to_id, coalesce(o.origin_unit_id, c.from_id) FROM copied c
    LEFT JOIN georegistry.unit_origin o ON o.account_id = ${tx.account} AND o.unit_id = c.from_id
    WHERE c.is_new ON CONFLICT (account_id, unit_id) DO NOTHING`);

export const recordVersionOrigin = (
  tx: AccountTransaction,
  row: { id: string; versionId: string; fromVersionId: string; kind: 'COPY' | 'MERGE' },
) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.version_origin (account_id, id, version_id, from_version_id, kind)
    VALUES (${tx.account}, ${row.id}, ${row.versionId}, ${row.fromVersionId}, ${row.kind})`);
