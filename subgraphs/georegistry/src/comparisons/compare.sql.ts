/**
 * The comparison itself: one full join of two versions in one pass, whatever their size. Units of the later version
 * are told by the ids of their counterparts, so that a unit, a parent and a group are the same when their ids are.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import type { UnitField } from '../differences/difference';
import type { ComparisonCounts, ComparisonOptions } from './comparison';
import { isOneSource, type Sides, statesIn } from './pairs.sql';

export interface ComparedScope extends Sides {
  comparisonId: string;
  options: ComparisonOptions;
}

/** Writes the rows, in the order in which units were made, new ones last; answers how many units are what. */
export const writeComparison = (tx: AccountTransaction, scope: ComparedScope) =>
  tx.one<ComparisonCounts>(tx.sql`
    WITH compared AS MATERIALIZED (${comparedUnits(tx, scope)}),
    written AS (
      INSERT INTO georegistry.comparison_row
        (account_id, comparison_id, position, status, before_id, after_id, fields)
      SELECT ${tx.account}::uuid, ${scope.comparisonId}::uuid,
        row_number() OVER (ORDER BY c.before_id, c.after_id), c.status, c.before_id, c.after_id, c.fields
      FROM compared c WHERE ${scope.options.keepSame ? tx.sql`true` : tx.sql`c.status <> 'SAME'`}
    )
    SELECT count(*) FILTER (WHERE c.status = 'NEW') AS new, count(*) FILTER (WHERE c.status = 'REMOVED') AS removed,
      count(*) FILTER (WHERE c.status = 'CHANGED') AS changed, count(*) FILTER (WHERE c.status = 'SAME') AS same
    FROM compared c`);

function comparedUnits(tx: AccountTransaction, scope: ComparedScope): Statement {
  return tx.sql`
    SELECT b.unit_id AS before_id, a.unit_id AS after_id, f.fields,
      CASE WHEN b.unit_id IS NULL THEN 'NEW' WHEN a.unit_id IS NULL THEN 'REMOVED'
        WHEN f.fields = '{}' THEN 'SAME' ELSE 'CHANGED' END AS status
    FROM (${statesIn(tx, scope.before)}) b
    FULL JOIN (${laterStates(tx, scope)}) a ON a.key = b.unit_id
    CROSS JOIN LATERAL (SELECT CASE WHEN b.unit_id IS NULL OR a.unit_id IS NULL THEN '{}'::text[]
      ELSE ${changedFields(tx, scope.options)} END AS fields) f
    WHERE ${conditions(tx, scope)}`;
}

/** `key`, `parent_key` and `groups_key` are ids of the earlier version where there are counterparts. */
export function laterStates(tx: AccountTransaction, { before, after }: Sides): Statement {
  if (isOneSource({ before, after })) {
    return tx.sql`
      SELECT s.*, s.unit_id AS key, s.parent_id AS parent_key, s.group_ids AS groups_key
      FROM (${statesIn(tx, after)}) s`;
  }
  return tx.sql`
    SELECT s.*, coalesce(m.before_id, s.unit_id) AS key, coalesce(n.before_id, s.parent_id) AS parent_key,
      coalesce(g.before_ids, s.group_ids) AS groups_key
    FROM (${statesIn(tx, after)}) s
    LEFT JOIN compared_pair m ON m.after_id = s.unit_id
    LEFT JOIN compared_pair n ON n.after_id = s.parent_id
    LEFT JOIN compared_groups g ON g.after_ids = s.group_ids`;
}

const DIFFERS: Record<UnitField, string> = {
  NAME: 'b.name <> a.name',
  ALIASES: 'b.aliases <> a.aliases',
  CODE: 'b.code <> a.code',
  TYPE: 'b.type_id IS DISTINCT FROM a.type_id',
  STATUS: 'b.status <> a.status',
  PARENT: 'b.parent_id IS DISTINCT FROM a.parent_key',
  OPENING_DATE: 'b.opening_date IS DISTINCT FROM a.opening_date',
  CLOSED_DATE: 'b.closed_date IS DISTINCT FROM a.closed_date',
  LOCATION: '(b.longitude, b.latitude, b.altitude) IS DISTINCT FROM (a.longitude, a.latitude, a.altitude)',
  SHAPE: 'b.shape_hash IS DISTINCT FROM a.shape_hash',
  GROUPS: 'b.group_ids IS DISTINCT FROM a.groups_key',
  ATTRIBUTES: 'b.attributes IS DISTINCT FROM a.attributes',
};

function changedFields(tx: AccountTransaction, options: ComparisonOptions): Statement {
  const parts = options.fields.map(
    (field) => tx.sql`CASE WHEN ${differs(tx, field, options)} THEN ${tx.sql.raw(`'${field}'`)} END`,
  );
  return tx.sql`array_remove(ARRAY[${tx.sql.join(parts, ', ')}]::text[], NULL)`;
}

function differs(tx: AccountTransaction, field: UnitField, options: ComparisonOptions): Statement {
  const plain = tx.sql.raw(DIFFERS[field]);
  if (field === 'NAME' && options.ignoreNameStyle) return tx.sql.raw('b.name_key <> a.name_key');
  if (field === 'LOCATION' && options.locationToleranceMetres > 0) {
    return tx.sql`(${plain} AND coalesce(${distance(tx)} > ${options.locationToleranceMetres}::float8, true))`;
  }
  if (field === 'SHAPE' && options.areaTolerance !== null) {
    const area = (side: 'a' | 'b') => tx.sql`(SELECT h.area_m2 FROM georegistry.shape h
      WHERE h.account_id = ${tx.account} AND h.hash = ${tx.sql.raw(side)}.shape_hash)`;
    return tx.sql`(${plain} AND (
      (SELECT coalesce(abs(x.a - x.b) > ${options.areaTolerance}::float8 * greatest(x.a, x.b), true)
        FROM (SELECT ${area('b')} AS b, ${area('a')} AS a) x)
      OR EXISTS (SELECT FROM compared_moved m WHERE m.before_hash = b.shape_hash AND m.after_hash = a.shape_hash)))`;
  }
  return plain;
}

/**
 * Metres on the WGS 84 ellipsoid by the radii of curvature at the middle latitude: for the few kilometres that a
 * tolerance may span it agrees with the geodesic to better than 0.1 %. Over the 180th meridian the shorter way counts.
 */
const distance = (tx: AccountTransaction): Statement =>
  tx.sql.raw(`(SELECT sqrt(
      (m.dy * 6335439.327 / (m.w * sqrt(m.w))) ^ 2 + (m.dx * 6378137 / sqrt(m.w) * cos(m.mid)) ^ 2)
    FROM (SELECT q.dy, q.dx, q.mid, 1 - 0.00669437999014 * sin(q.mid) ^ 2 AS w
      FROM (SELECT radians(a.latitude - b.latitude) AS dy, radians((a.latitude + b.latitude) / 2) AS mid,
        radians(least(abs(a.longitude - b.longitude), 360 - abs(a.longitude - b.longitude))) AS dx) q) m)`);

function conditions(tx: AccountTransaction, { before, after, options }: ComparedScope): Statement {
  const parts = [tx.sql`true`];
  if (options.typeIds) {
    parts.push(
      tx.sql`(b.type_id = ANY (${options.typeIds}::uuid[]) OR a.type_id = ANY (${options.typeIds}::uuid[]))`,
    );
  }
  if (options.statuses) {
    parts.push(
      tx.sql`(b.status = ANY (${options.statuses}::text[]) OR a.status = ANY (${options.statuses}::text[]))`,
    );
  }
  if (options.subtrees) {
    const below = (unitId: Statement, { number }: Sides['before']) => tx.sql`EXISTS (
      SELECT FROM georegistry.org_unit_path p JOIN compared_subtree t ON p.path >= t.path
        AND p.path < t.path || '\\xffffffff'::bytea AND t.data_source_id = p.data_source_id AND t.number = ${number}
      WHERE p.account_id = ${tx.account} AND p.unit_id = ${unitId} AND p.from_version <= ${number}
        AND (p.to_version IS NULL OR p.to_version > ${number}))`;
    parts.push(tx.sql`(${below(tx.sql`b.unit_id`, before)} OR ${below(tx.sql`a.unit_id`, after)})`);
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
