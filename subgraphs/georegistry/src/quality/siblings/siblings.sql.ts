/**
 * Families of shapes: who stands beside whom, from west to east, in narrow tables of the transaction; the shapes
 * themselves are fetched piece by piece. Families are told by the parent's id, roots by one of zeros.
 */
import type { AccountTransaction } from '@iroko/database';
import type { QualityRule, Severity } from '../rules';
import type { SiblingFinding } from './sibling-shapes';

const ROOTS = '00000000-0000-0000-0000-000000000000';

/** Families larger than `positionsMax` are looked at in the finest of the lighter forms that is small enough. */
export const createFamilies = async (tx: AccountTransaction, positionsMax: number): Promise<number> => {
  const { sql } = tx;
  await tx.execute(sql`DROP TABLE IF EXISTS quality_family`);
  await tx.execute(sql`
    CREATE TEMPORARY TABLE quality_family ON COMMIT DROP AS
    SELECT f.key, f.children, p.shape_hash AS parent_shape, p.closed_date AS parent_closes,
      f.positions + coalesce(h.vertex_count, 0) AS positions, 0 AS level,
      f.positions + coalesce(h.vertex_count, 0) <= ${positionsMax} AS gaps
    FROM (
      SELECT coalesce(q.parent_id, ${ROOTS}::uuid) AS key, count(*) AS children, sum(h.vertex_count) AS positions
      FROM quality_unit q JOIN georegistry.shape h ON h.account_id = ${tx.account} AND h.hash = q.shape_hash
      GROUP BY 1
    ) f
    LEFT JOIN quality_unit p ON p.unit_id = f.key
    LEFT JOIN georegistry.shape h ON h.account_id = ${tx.account} AND h.hash = p.shape_hash
    WHERE f.children > 1 OR p.shape_hash IS NOT NULL`);
  await tx.execute(sql`ANALYZE quality_family`);
  await tx.execute(sql`
    UPDATE quality_family f SET level = x.level, gaps = x.positions <= ${positionsMax}
    FROM (
      SELECT DISTINCT ON (l.key) l.key, l.level, l.positions FROM (
        SELECT f.key, l.level, sum(l.vertex_count) AS positions
        FROM quality_family f JOIN quality_unit q ON coalesce(q.parent_id, ${ROOTS}::uuid) = f.key
        JOIN georegistry.shape_level l ON l.account_id = ${tx.account} AND l.hash = q.shape_hash
        WHERE f.positions > ${positionsMax} GROUP BY f.key, l.level
      ) l ORDER BY l.key, l.positions <= ${positionsMax} DESC,
        CASE WHEN l.positions <= ${positionsMax} THEN l.level ELSE -l.level END
    ) x WHERE x.key = f.key`);
  await tx.execute(sql`DROP TABLE IF EXISTS quality_sibling`);
  return tx.execute(sql`
    CREATE TEMPORARY TABLE quality_sibling ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY f.key, (h.bounds[1])[0], q.unit_id) AS place, f.key, q.unit_id,
      h.vertex_count AS positions
    FROM quality_family f JOIN quality_unit q ON coalesce(q.parent_id, ${ROOTS}::uuid) = f.key
    JOIN georegistry.shape h ON h.account_id = ${tx.account} AND h.hash = q.shape_hash`);
};

export interface SiblingRow {
  unitId: string;
  parentId: string | null;
  parentShape: Buffer | null;
  shape: Buffer;
  positions: number;
  level: number;
  gaps: boolean;
  opens: string | null;
  closes: string | null;
  covers: boolean;
}

/** Family by family, each from west to east. */
export const siblingRows = (tx: AccountTransaction) =>
  tx.stream<SiblingRow>(
    tx.sql`
      SELECT s.unit_id AS "unitId", nullif(f.key, ${ROOTS}::uuid) AS "parentId", f.parent_shape AS "parentShape",
        q.shape_hash AS shape, s.positions, f.level, f.gaps, q.opening_date AS opens, q.closed_date AS closes,
        (q.closed_date IS NULL OR q.closed_date >= f.parent_closes) IS TRUE AS covers
      FROM quality_sibling s JOIN quality_family f ON f.key = s.key JOIN quality_unit q ON q.unit_id = s.unit_id
      ORDER BY s.place`,
    1000,
  );

export const createSiblingFindings = async (tx: AccountTransaction): Promise<void> => {
  await tx.execute(tx.sql`DROP TABLE IF EXISTS quality_sibling_found`);
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE quality_sibling_found (rule text NOT NULL, unit_id uuid NOT NULL, other_unit_id uuid,
      area_m2 float8, pieces integer NOT NULL, longitude float8, latitude float8, reason text NOT NULL) ON COMMIT DROP`);
};

export const addSiblingFindings = (tx: AccountTransaction, found: readonly SiblingFinding[]) =>
  tx.execute(tx.sql`
    INSERT INTO quality_sibling_found (rule, unit_id, other_unit_id, area_m2, pieces, longitude, latitude, reason)
    SELECT * FROM unnest(${found.map((f) => f.rule)}::text[], ${found.map((f) => f.unitId)}::uuid[],
      ${found.map((f) => f.otherUnitId)}::uuid[], ${found.map((f) => f.areaM2)}::float8[],
      ${found.map((f) => f.pieces)}::integer[], ${found.map((f) => f.at?.[0] ?? null)}::float8[],
      ${found.map((f) => f.at?.[1] ?? null)}::float8[], ${found.map((f) => f.reason)}::text[])`);

/** Writes the findings of a rule, the largest first. */
export const writeSiblingFindings = (
  tx: AccountTransaction,
  reportId: string,
  rule: QualityRule,
  severity: Severity,
) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.quality_issue (account_id, report_id, rule, position, severity, unit_id, unit_revision,
      other_unit_id, other_revision, area_m2, longitude, latitude, detail)
    SELECT ${tx.account}::uuid, ${reportId}::uuid, ${rule}::text,
      row_number() OVER (ORDER BY f.area_m2 DESC, q.name_key, q.unit_id, f.other_unit_id), ${severity}::text, q.unit_id,
      q.revision, o.unit_id, o.revision, f.area_m2, f.longitude, f.latitude,
      coalesce(left(o.name, 200) || ': ', '') || f.area_m2::numeric(20, 0) || ' m²'
        || coalesce(', ' || (100 * f.area_m2 / nullif(h.area_m2, 0))::numeric(20, 1) || ' %', '')
        || CASE WHEN f.pieces > 1 THEN ', in ' || f.pieces || ' pieces' ELSE '' END
    FROM quality_sibling_found f JOIN quality_unit q ON q.unit_id = f.unit_id
    LEFT JOIN quality_unit o ON o.unit_id = f.other_unit_id
    LEFT JOIN georegistry.shape h ON h.account_id = ${tx.account} AND h.hash = q.shape_hash
    WHERE f.rule = ${rule}`);

/** Writes the shapes that are not valid, and those that could not be compared although they are. */
export const writeInvalidShapes = (tx: AccountTransaction, reportId: string, severity: Severity) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.quality_issue
      (account_id, report_id, rule, position, severity, unit_id, unit_revision, detail)
    SELECT ${tx.account}::uuid, ${reportId}::uuid, 'INVALID_SHAPE', row_number() OVER (ORDER BY q.name_key, q.unit_id),
      ${severity}::text, q.unit_id, q.revision,
      left(coalesce(h.invalid_reason, 'It could not be compared with its neighbours: ' || f.reason), 300)
    FROM quality_unit q JOIN georegistry.shape h ON h.account_id = ${tx.account} AND h.hash = q.shape_hash
    LEFT JOIN (SELECT x.unit_id, min(x.reason) AS reason FROM quality_sibling_found x
      WHERE x.rule = 'INVALID_SHAPE' GROUP BY x.unit_id) f ON f.unit_id = q.unit_id
    WHERE NOT h.valid OR f.unit_id IS NOT NULL`);
