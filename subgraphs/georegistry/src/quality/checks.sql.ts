/**
 * One statement per rule, over a narrow table of the version's units: whatever the size, memory is the database's
 * work_mem. REJECTED units are not looked at, they should not be in the tree.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import type { VersionRow } from '../versions/version';
import type { QualityRule, Severity } from './rules';

export const createUnits = async (tx: AccountTransaction, version: VersionRow): Promise<number> => {
  const { dataSourceId, number } = version;
  await tx.execute(tx.sql`
    SELECT set_config('work_mem', '128MB', true), set_config('jit', 'off', true)`);
  await tx.execute(tx.sql`DROP TABLE IF EXISTS quality_unit`);
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE quality_unit ON COMMIT DROP AS
    SELECT s.unit_id, s.parent_id, s.type_id, s.longitude, s.latitude, s.shape_hash, s.opening_date, s.closed_date,
      s.name, s.name_key, s.code, s.revision
    FROM georegistry.org_unit_state s
    WHERE s.account_id = ${tx.account} AND s.data_source_id = ${dataSourceId} AND s.from_version <= ${number}
      AND (s.to_version IS NULL OR s.to_version > ${number}) AND s.status <> 'REJECTED'`);
  await tx.execute(tx.sql`ANALYZE quality_unit`);
  return (await tx.one<{ count: number }>(tx.sql`SELECT count(*) AS count FROM quality_unit`)).count;
};

/** Rows of unit and detail, by rule; the rules of points in shapes and of siblings' shapes are not among them. */
export const CHECKS: Partial<Record<QualityRule, (tx: AccountTransaction) => Statement>> = {
  COORDINATES_ZERO: (tx) => tx.sql`
    SELECT q.unit_id, '0, 0' AS detail FROM quality_unit q WHERE q.longitude = 0 AND q.latitude = 0`,
  MISSING_GEOMETRY: (tx) => tx.sql`
    SELECT q.unit_id, '' AS detail FROM quality_unit q WHERE q.longitude IS NULL AND q.shape_hash IS NULL`,
  DUPLICATE_NAME: (tx) => tx.sql`
    SELECT x.unit_id, x.name AS detail FROM (
      SELECT q.unit_id, q.name, count(*) OVER (PARTITION BY q.parent_id, q.name_key) AS bearers FROM quality_unit q
    ) x WHERE x.bearers > 1`,
  DUPLICATE_CODE: (tx) => tx.sql`
    SELECT x.unit_id, x.code AS detail FROM (
      SELECT q.unit_id, q.code, count(*) OVER (PARTITION BY q.code) AS bearers FROM quality_unit q WHERE q.code <> ''
    ) x WHERE x.bearers > 1`,
  OPEN_BELOW_CLOSED: (tx) => tx.sql`
    SELECT q.unit_id, p.closed_date::text AS detail
    FROM quality_unit q JOIN quality_unit p ON p.unit_id = q.parent_id
    WHERE p.closed_date IS NOT NULL AND (q.closed_date IS NULL OR q.closed_date > p.closed_date)`,
  TYPE_NOT_ALLOWED: (tx) => tx.sql`
    SELECT q.unit_id, coalesce(y.name, '') || ' < ' || t.name AS detail
    FROM quality_unit q
    JOIN quality_unit p ON p.unit_id = q.parent_id
    JOIN georegistry.org_unit_type t ON t.account_id = ${tx.account} AND t.id = p.type_id AND t.limits_sub_types
    LEFT JOIN georegistry.org_unit_type y ON y.account_id = ${tx.account} AND y.id = q.type_id
    WHERE NOT EXISTS (SELECT FROM georegistry.org_unit_sub_type e WHERE e.account_id = ${tx.account}
      AND e.parent_type_id = t.id AND e.child_type_id = q.type_id)`,
  NAME_IN_CAPITALS: (tx) => tx.sql`
    SELECT q.unit_id, q.name AS detail FROM quality_unit q
    WHERE length(q.name) > 4 AND q.name = upper(q.name) AND q.name <> lower(q.name)`,
  SUSPICIOUS_CHARACTERS: (tx) => tx.sql`
    SELECT q.unit_id, q.name AS detail FROM quality_unit q
    WHERE q.name ~ '[\\u0001-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060\\ufeff\\ufffd]|[\\u00c2\\u00c3][\\u00a0-\\u00bf]'`,
};

const insertIssues = (
  tx: AccountTransaction,
  reportId: string,
  rule: QualityRule,
  severity: Severity,
  found: Statement,
) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.quality_issue
      (account_id, report_id, rule, position, severity, unit_id, unit_revision, detail)
    SELECT ${tx.account}::uuid, ${reportId}::uuid, ${rule}::text,
      row_number() OVER (ORDER BY q.name_key, q.unit_id), ${severity}::text, f.unit_id, q.revision, left(f.detail, 300)
    FROM (${found}) f JOIN quality_unit q ON q.unit_id = f.unit_id`);

/** Runs the check of a rule and writes what it finds. */
export const runCheck = (
  tx: AccountTransaction,
  reportId: string,
  rule: QualityRule,
  severity: Severity,
): Promise<number> => {
  const check = CHECKS[rule];
  if (!check) throw new Error(`${rule} is checked elsewhere.`);
  return insertIssues(tx, reportId, rule, severity, check(tx));
};

/** Where units wait that a rule in code finds: looking each batch up among all units would take the square of them. */
export const createFound = async (tx: AccountTransaction): Promise<void> => {
  await tx.execute(tx.sql`DROP TABLE IF EXISTS quality_found`);
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE quality_found (rule text NOT NULL, unit_id uuid NOT NULL) ON COMMIT DROP`);
};

export const addFound = (tx: AccountTransaction, rule: QualityRule, unitIds: readonly string[]) =>
  tx.execute(tx.sql`
    INSERT INTO quality_found (rule, unit_id) SELECT ${rule}::text, u.id FROM unnest(${unitIds}::uuid[]) AS u (id)`);

/** Writes what waits of a rule, each with its coordinates. */
export const writeFound = (tx: AccountTransaction, reportId: string, rule: QualityRule, severity: Severity) =>
  insertIssues(
    tx,
    reportId,
    rule,
    severity,
    tx.sql`SELECT u.unit_id, o.longitude || ', ' || o.latitude AS detail
      FROM quality_found u JOIN quality_unit o ON o.unit_id = u.unit_id WHERE u.rule = ${rule}`,
  );

export interface LocatedUnit {
  unitId: string;
  longitude: number;
  latitude: number;
  /** Hexadecimal: the parent's shape. */
  shape: string;
}

/** Units with a location below a parent with a shape, those of one shape together. */
export const locatedUnits = (tx: AccountTransaction) =>
  tx.stream<LocatedUnit>(
    tx.sql`
      SELECT q.unit_id AS "unitId", q.longitude, q.latitude, encode(p.shape_hash, 'hex') AS shape
      FROM quality_unit q JOIN quality_unit p ON p.unit_id = q.parent_id
      WHERE q.longitude IS NOT NULL AND p.shape_hash IS NOT NULL ORDER BY p.shape_hash`,
    5000,
  );

export const countLocated = async (tx: AccountTransaction): Promise<number> =>
  (
    await tx.one<{ count: number }>(tx.sql`
      SELECT count(*) AS count FROM quality_unit q JOIN quality_unit p ON p.unit_id = q.parent_id
      WHERE q.longitude IS NOT NULL AND p.shape_hash IS NOT NULL`)
  ).count;
