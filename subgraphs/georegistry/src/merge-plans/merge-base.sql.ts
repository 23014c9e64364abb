/**
 * What both sides began from, unit by unit. It is the version that was merged last, but for what that merge left out:
 * there it is what it was before. `merge_exception` holds what was left out, `merge_base_unit` those units as their
 * ancestor has them; both are tables of the transaction and mostly empty.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import type { Sides } from '../comparisons/pairs.sql';
import { UNIT_FIELDS, type UnitField } from '../differences/difference';
import type { VersionRow } from '../versions/version';
import { versionsById } from '../versions/version.sql';
import { told } from './told.sql';

export interface CommonAncestor {
  /** The merge or copy that says so. */
  originId: string;
  /** A released version of either source. */
  versionId: string;
}

/**
 * What both sources hold in common most recently: one was copied from, or merged with, the version. It belongs to the
 * one source or the other.
 */
export const commonAncestor = (db: AccountDatabase, fromSourceId: string, targetSourceId: string) =>
  db.maybe<CommonAncestor>(db.sql`
    SELECT o.id AS "originId", o.from_version_id AS "versionId" FROM georegistry.version_origin o
    JOIN georegistry.source_version t ON t.account_id = ${db.account} AND t.id = o.version_id
    JOIN georegistry.source_version f ON f.account_id = ${db.account} AND f.id = o.from_version_id
    WHERE o.account_id = ${db.account}
      AND ((t.data_source_id = ${targetSourceId} AND f.data_source_id = ${fromSourceId})
        OR (t.data_source_id = ${fromSourceId} AND f.data_source_id = ${targetSourceId}))
    ORDER BY o.at DESC, o.id DESC LIMIT 1`);

const COLUMNS_OF: Record<UnitField, readonly string[]> = {
  NAME: ['name', 'name_key'],
  ALIASES: ['aliases'],
  CODE: ['code'],
  TYPE: ['type_id'],
  STATUS: ['status'],
  PARENT: ['parent_key'],
  OPENING_DATE: ['opening_date'],
  CLOSED_DATE: ['closed_date'],
  LOCATION: ['longitude', 'latitude', 'altitude'],
  SHAPE: ['shape_hash'],
  GROUPS: ['groups_key'],
  ATTRIBUTES: ['attributes'],
};
export const MERGE_BASE_COLUMNS: readonly string[] = UNIT_FIELDS.flatMap((field) => COLUMNS_OF[field]);

/** What a field is of which there is no ancestor at all: as a unit is made. */
const BLANK: Record<string, string> = { aliases: `'{}'`, code: `''`, status: `'NEW'` };

/** Makes the two tables; empty where nothing was left out. Expects `compared_pair` and `compared_group`. */
export async function createMergeBase(
  tx: AccountTransaction,
  sides: Sides,
  ancestor: { originId: string | null; base: VersionRow | null },
): Promise<void> {
  await createTables(tx);
  const { originId, base } = ancestor;
  if (originId === null || !base) return;
  const count = await fillExceptions(tx, originId, sides);
  if (count === 0) return;
  const columns = tx.sql.raw(MERGE_BASE_COLUMNS.join(', '));
  const own = tx.sql.raw(MERGE_BASE_COLUMNS.map((name) => `v.${name}`).join(', '));
  await tx.execute(tx.sql`
    INSERT INTO merge_base_unit (key, is_there, ${columns})
    SELECT e.key, v.key IS NOT NULL, ${own} FROM (SELECT DISTINCT x.key FROM merge_exception x) e
    LEFT JOIN (${told(tx, base, sides)}) v ON v.key = e.key`);
  await tx.execute(tx.sql`ANALYZE merge_base_unit`);
  const bases = await tx.rows<{ id: string | null }>(tx.sql`
    SELECT DISTINCT e.base_version_id AS id FROM merge_exception e`);
  const known = await versionsById(
    tx,
    bases.flatMap(({ id }) => (id === null ? [] : [id])),
  );
  for (const { id } of bases) {
    await overlay(tx, sides, id, known.find((version) => version.id === id) ?? null);
  }
}

async function createTables(tx: AccountTransaction): Promise<void> {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE merge_exception (
      key uuid NOT NULL, is_whole boolean NOT NULL, fields text[] NOT NULL, base_version_id uuid
    ) ON COMMIT DROP`);
  await tx.execute(tx.sql`CREATE INDEX ON merge_exception (key)`);
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE merge_base_unit (
      key uuid PRIMARY KEY, is_there boolean NOT NULL, name text, name_key text COLLATE "C", aliases text[], code text,
      type_id uuid, status text, parent_key uuid, opening_date date, closed_date date, longitude float8,
      latitude float8, altitude float8, shape_hash bytea, groups_key uuid[], attributes jsonb
    ) ON COMMIT DROP`);
}

/** What is still left out of that merge, by the target's units. Answers how much. */
async function fillExceptions(tx: AccountTransaction, originId: string, { before }: Sides): Promise<number> {
  const count = await tx.execute(tx.sql`
    INSERT INTO merge_exception (key, is_whole, fields, base_version_id)
    SELECT x.key, x.is_whole, x.fields, x.base_version_id FROM (
      SELECT coalesce(k.own, m.before_id, k.other) AS key, l.is_whole AND l.merged_version_id IS NULL AS is_whole,
        CASE WHEN l.merged_version_id IS NULL THEN l.fields
          ELSE ARRAY(SELECT unnest(l.fields) EXCEPT SELECT unnest(l.merged_fields)) END AS fields, l.base_version_id
      FROM georegistry.merge_left_out l
      JOIN georegistry.version_origin o ON o.account_id = ${tx.account} AND o.id = l.origin_id
      JOIN georegistry.source_version v ON v.account_id = ${tx.account} AND v.id = o.version_id
      CROSS JOIN LATERAL (SELECT
        CASE WHEN v.data_source_id = ${before.dataSourceId} THEN l.into_unit_id ELSE l.from_unit_id END AS own,
        CASE WHEN v.data_source_id = ${before.dataSourceId} THEN l.from_unit_id ELSE l.into_unit_id END AS other) k
      LEFT JOIN compared_pair m ON m.after_id = k.other
      WHERE l.account_id = ${tx.account} AND l.origin_id = ${originId}
    ) x WHERE x.is_whole OR x.fields <> '{}'`);
  await tx.execute(tx.sql`ANALYZE merge_exception`);
  return count;
}

/** Puts the values of an earlier version, or of none, where that is the ancestor. */
async function overlay(
  tx: AccountTransaction,
  sides: Sides,
  baseVersionId: string | null,
  version: VersionRow | null,
): Promise<void> {
  const settings = UNIT_FIELDS.flatMap((field) =>
    COLUMNS_OF[field].map((name) => {
      const value = BLANK[name] ? `coalesce(v.${name}, ${BLANK[name]})` : `v.${name}`;
      return `${name} = CASE WHEN e.is_whole OR '${field}' = ANY (e.fields) THEN ${value} ELSE l.${name} END`;
    }),
  );
  const nothing = tx.sql.raw(`SELECT x.* FROM merge_base_unit x WHERE false`);
  await tx.execute(tx.sql`
    UPDATE merge_base_unit l
    SET is_there = CASE WHEN e.is_whole THEN v.key IS NOT NULL ELSE l.is_there END, ${tx.sql.raw(settings.join(', '))}
    FROM merge_exception e LEFT JOIN (${version ? told(tx, version, sides) : nothing}) v ON v.key = e.key
    WHERE e.key = l.key AND e.base_version_id IS NOT DISTINCT FROM ${baseVersionId}::uuid`);
}
