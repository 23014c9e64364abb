/**
 * Three trees side by side, told in the target's units: the target, the source, and what both began from. One relation
 * tells of each unit what a merge may do with it; plans keep the part that they are limited to, and what a merge left
 * out is found in the whole of it.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import { differsIn, fieldsThat, withinLimits } from '../comparisons/compared-fields.sql';
import type { ComparisonLimits } from '../comparisons/comparison';
import type { Sides } from '../comparisons/pairs.sql';
import type { UnitField } from '../differences/difference';
import type { VersionRow } from '../versions/version';
import { MERGE_BASE_COLUMNS } from './merge-base.sql';
import { told } from './told.sql';

export interface ThreeWay {
  /** `before` is the target, `after` the source. */
  sides: Sides;
  base: VersionRow | null;
  fields: readonly UnitField[];
  limits: ComparisonLimits;
}

/** What a source says nothing of; without an ancestor nothing tells whether it was taken away or never known. */
const EMPTY: Partial<Record<UnitField, string>> = {
  ALIASES: `s.aliases = '{}'`,
  CODE: `s.code = ''`,
  TYPE: 's.type_id IS NULL',
  PARENT: 's.parent_key IS NULL',
  OPENING_DATE: 's.opening_date IS NULL',
  CLOSED_DATE: 's.closed_date IS NULL',
  LOCATION: 's.longitude IS NULL',
  SHAPE: 's.shape_hash IS NULL',
  GROUPS: 's.groups_key IS NULL',
  ATTRIBUTES: 's.attributes IS NULL',
};

/** What both began from: a version, but for the units that `merge_base_unit` tells otherwise. */
function baseUnits(tx: AccountTransaction, { base, sides }: ThreeWay): Statement {
  const columns = tx.sql.raw(`x.key, ${MERGE_BASE_COLUMNS.map((name) => `x.${name}`).join(', ')}`);
  if (!base) return tx.sql`SELECT ${columns} FROM merge_base_unit x WHERE false`;
  return tx.sql`
    SELECT ${columns} FROM (${told(tx, base, sides)}) x
    WHERE NOT EXISTS (SELECT FROM merge_base_unit e WHERE e.key = x.key)
    UNION ALL SELECT ${columns} FROM merge_base_unit x WHERE x.is_there`;
}

/**
 * One row per unit that either side holds and the limits let through. `fields` are those that the source has otherwise
 * and the target did not just keep, `conflicts` those that both changed to different values, `taken` the proposal.
 * Expects `compared_pair`, `compared_group` and `merge_base_unit`, and `compared_subtree` where subtrees are limited.
 */
export function threeWay(tx: AccountTransaction, scope: ThreeWay): Statement {
  const { sides, base, fields, limits } = scope;
  const { sql } = tx;
  // Which shapes moved is known of the two sides alone; with the ancestor they are compared point by point.
  const differs = (one: 't' | 'b', other: 't' | 's', field: UnitField) =>
    differsIn(tx, one, other, field, one === 'b' ? { ...limits, areaTolerance: null } : limits);
  const any = (one: 't' | 'b', other: 't' | 's') =>
    sql`(${sql.join(
      fields.map((field) => differs(one, other, field)),
      ' OR ',
    )})`;
  const isThreeWay = base !== null;
  const known = sql.raw('b.key IS NOT NULL');
  // Where both sides added the unit there is no ancestor to ask, and whatever differs is a conflict.
  const conflict = (field: UnitField) =>
    isThreeWay
      ? sql`(${differs('t', 's', field)} AND (NOT (${known}) OR (${differs('b', 's', field)} AND ${differs('b', 't', field)})))`
      : sql`false`;
  const wanted = (field: UnitField) =>
    sql`(${differs('t', 's', field)} AND (NOT (${known}) OR ${differs('b', 's', field)}))`;
  const says = (field: UnitField) => (isThreeWay ? sql`true` : sql.raw(`NOT (${EMPTY[field] ?? 'false'})`));
  const taken = (field: UnitField) => sql`${wanted(field)} AND NOT ${conflict(field)} AND ${says(field)}`;
  const list = (condition: (field: UnitField) => Statement) => fieldsThat(tx, fields, condition);
  const isOnOneSide = sql.raw('(t.unit_id IS NULL OR s.unit_id IS NULL)');
  return sql`
    SELECT s.unit_id AS source_unit_id, s.parent_id AS source_parent_id, s.parent_key,
      CASE WHEN t.unit_id IS NOT NULL THEN t.unit_id
        WHEN EXISTS (SELECT FROM georegistry.org_unit u WHERE u.account_id = ${tx.account} AND u.id = s.key
          AND u.data_source_id = ${sides.before.dataSourceId}) THEN s.key END AS target_unit_id,
      coalesce(t.unit_id, s.key) AS key, ${known} AS is_known,
      s.revision AS source_revision, t.revision AS target_revision,
      CASE WHEN t.unit_id IS NULL THEN 'CREATE' WHEN s.unit_id IS NULL THEN 'REMOVE' ELSE 'UPDATE' END AS action,
      CASE WHEN t.unit_id IS NULL THEN ${fields}::text[] WHEN s.unit_id IS NULL THEN '{}'
        ELSE ${list(wanted)} END AS fields,
      CASE WHEN ${isOnOneSide} THEN '{}' ELSE ${list(conflict)} END AS conflicts,
      CASE WHEN t.unit_id IS NULL THEN ${fields}::text[] WHEN s.unit_id IS NULL THEN '{}'
        ELSE ${list(taken)} END AS taken,
      -- Of these the source tells nothing, so that nothing is lost when they are left out.
      ${list((field) => sql.raw(EMPTY[field] ?? 'false'))} AS silent,
      ${known} AND ${isOnOneSide} AS removal_conflict,
      CASE WHEN t.unit_id IS NULL THEN ${known} AND NOT ${any('b', 's')}
        WHEN s.unit_id IS NULL THEN ${isThreeWay ? sql`NOT (${known})` : sql`false`}
        ELSE false END AS is_nothing,
      s.unit_id IS NULL AND ${known} AND NOT ${any('b', 't')} AS is_clean_removal
    FROM (${told(tx, sides.before, sides)}) t
    FULL JOIN (${told(tx, sides.after, sides)}) s ON s.key = t.unit_id
    LEFT JOIN (${baseUnits(tx, scope)}) b ON b.key = coalesce(t.unit_id, s.key)
    WHERE ${withinLimits(tx, 't', 's', sides, limits)}`;
}
