/**
 * In which fields two states differ, and which units are looked at: the same words for comparisons and for merges. The
 * states bear `parent_key` and `groups_key`, ids that mean the same on both sides.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import type { UnitField } from '../differences/difference';
import type { ComparisonLimits } from './comparison';
import type { Sides } from './pairs.sql';

type Tolerances = Pick<ComparisonLimits, 'ignoreNameStyle' | 'locationToleranceMetres' | 'areaTolerance'>;

const COLUMNS: Record<UnitField, string> = {
  NAME: '%.name',
  ALIASES: '%.aliases',
  CODE: '%.code',
  TYPE: '%.type_id',
  STATUS: '%.status',
  PARENT: '%.parent_key',
  OPENING_DATE: '%.opening_date',
  CLOSED_DATE: '%.closed_date',
  LOCATION: '(%.longitude, %.latitude, %.altitude)',
  SHAPE: '%.shape_hash',
  GROUPS: '%.groups_key',
  ATTRIBUTES: '%.attributes',
};

const column = (alias: string, field: UnitField): string => COLUMNS[field].replaceAll('%', alias);

/**
 * Whether the states of these aliases differ in the field; what is not there differs from whatever is. With a tolerance
 * of areas it expects `compared_moved`, and `one` is of the earlier version, `other` of the later one.
 */
export function differsIn(
  tx: AccountTransaction,
  one: string,
  other: string,
  field: UnitField,
  tolerances: Tolerances,
): Statement {
  if (field === 'NAME' && tolerances.ignoreNameStyle) {
    return tx.sql.raw(`${one}.name_key IS DISTINCT FROM ${other}.name_key`);
  }
  const plain = tx.sql.raw(`${column(one, field)} IS DISTINCT FROM ${column(other, field)}`);
  if (field === 'LOCATION' && tolerances.locationToleranceMetres > 0) {
    const metres = distance(tx, one, other);
    return tx.sql`(${plain} AND coalesce(${metres} > ${tolerances.locationToleranceMetres}::float8, true))`;
  }
  if (field === 'SHAPE' && tolerances.areaTolerance !== null) {
    const area = (alias: string) => tx.sql`(SELECT h.area_m2 FROM georegistry.shape h
      WHERE h.account_id = ${tx.account} AND h.hash = ${tx.sql.raw(alias)}.shape_hash)`;
    const [b, a] = [tx.sql.raw(one), tx.sql.raw(other)];
    return tx.sql`(${plain} AND (
      (SELECT coalesce(abs(x.one - x.other) > ${tolerances.areaTolerance}::float8 * greatest(x.one, x.other), true)
        FROM (SELECT ${area(one)} AS one, ${area(other)} AS other) x)
      OR EXISTS (SELECT FROM compared_moved m
        WHERE m.before_hash = ${b}.shape_hash AND m.after_hash = ${a}.shape_hash)))`;
  }
  return plain;
}

/** Those of the fields for which the condition holds, as a list. */
export function fieldsThat(
  tx: AccountTransaction,
  fields: readonly UnitField[],
  condition: (field: UnitField) => Statement,
): Statement {
  const parts = fields.map(
    (field) => tx.sql`CASE WHEN ${condition(field)} THEN ${tx.sql.raw(`'${field}'`)} END`,
  );
  return tx.sql`array_remove(ARRAY[${tx.sql.join(parts, ', ')}]::text[], NULL)`;
}

/**
 * Metres on the WGS 84 ellipsoid by the radii of curvature at the middle latitude: for the few kilometres that a
 * tolerance may span it agrees with the geodesic to better than 0.1 %. Over the 180th meridian the shorter way counts.
 */
const distance = (tx: AccountTransaction, one: string, other: string): Statement =>
  tx.sql.raw(`(SELECT sqrt(
      (m.dy * 6335439.327 / (m.w * sqrt(m.w))) ^ 2 + (m.dx * 6378137 / sqrt(m.w) * cos(m.mid)) ^ 2)
    FROM (SELECT q.dy, q.dx, q.mid, 1 - 0.00669437999014 * sin(q.mid) ^ 2 AS w
      FROM (SELECT radians(${other}.latitude - ${one}.latitude) AS dy,
        radians((${other}.latitude + ${one}.latitude) / 2) AS mid,
        radians(least(abs(${other}.longitude - ${one}.longitude), 360 - abs(${other}.longitude - ${one}.longitude)))
          AS dx) q) m)`);

/** The condition that a unit is looked at: `one` is its state in the earlier version, `other` in the later one. */
export function withinLimits(
  tx: AccountTransaction,
  one: string,
  other: string,
  { before, after }: Sides,
  limits: ComparisonLimits,
): Statement {
  const [b, a] = [tx.sql.raw(one), tx.sql.raw(other)];
  const parts = [tx.sql`true`];
  if (limits.typeIds) {
    parts.push(
      tx.sql`(${b}.type_id = ANY (${limits.typeIds}::uuid[]) OR ${a}.type_id = ANY (${limits.typeIds}::uuid[]))`,
    );
  }
  if (limits.statuses) {
    parts.push(
      tx.sql`(${b}.status = ANY (${limits.statuses}::text[]) OR ${a}.status = ANY (${limits.statuses}::text[]))`,
    );
  }
  if (limits.subtrees) {
    const below = (unitId: Statement, { number }: Sides['before']) => tx.sql`EXISTS (
      SELECT FROM georegistry.org_unit_path p JOIN compared_subtree w ON p.path >= w.path
        AND p.path < w.path || '\\xffffffff'::bytea AND w.data_source_id = p.data_source_id AND w.number = ${number}
      WHERE p.account_id = ${tx.account} AND p.unit_id = ${unitId} AND p.from_version <= ${number}
        AND (p.to_version IS NULL OR p.to_version > ${number}))`;
    parts.push(tx.sql`(${below(tx.sql`${b}.unit_id`, before)} OR ${below(tx.sql`${a}.unit_id`, after)})`);
  }
  return tx.sql.join(parts, ' AND ');
}

/** Where the wanted subtrees and their counterparts stand in either version. Answers how many were found. */
export const createSubtrees = (tx: AccountTransaction, { before, after }: Sides, ids: readonly string[]) => {
  const paths = (version: Sides['before']) => tx.sql`
    SELECT p.data_source_id, ${version.number}::integer AS number, p.path FROM georegistry.org_unit_path p
    JOIN wanted w ON w.id = p.unit_id
    WHERE p.account_id = ${tx.account} AND p.data_source_id = ${version.dataSourceId}
      AND p.from_version <= ${version.number} AND (p.to_version IS NULL OR p.to_version > ${version.number})`;
  return tx.execute(tx.sql`
    CREATE TEMPORARY TABLE compared_subtree ON COMMIT DROP AS
    WITH given AS (SELECT unnest(${ids}::uuid[]) AS id), wanted AS (
      SELECT g.id FROM given g
      UNION SELECT m.after_id FROM compared_pair m JOIN given g ON g.id = m.before_id
      UNION SELECT m.before_id FROM compared_pair m JOIN given g ON g.id = m.after_id
    )
    ${paths(before)} UNION ${paths(after)}`);
};
