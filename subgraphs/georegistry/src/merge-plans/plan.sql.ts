/**
 * The rows of a merge plan, worked out in one statement from three trees: the target, the source told in the target's
 * units, and, where there is one, the version that both began from. What only the target changed is no row: it stays.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import { type Sides, statesIn } from '../comparisons/pairs.sql';
import type { UnitField } from '../differences/difference';
import type { VersionRow } from '../versions/version';
import type { MergeOptions } from './merge-plan';

export interface PlanScope {
  planId: string;
  /** `before` is the target, `after` the source. */
  sides: Sides;
  base: VersionRow | null;
  options: MergeOptions;
}

const COLUMNS: Record<UnitField, string> = {
  NAME: '%.name',
  ALIASES: '%.aliases',
  CODE: '%.code',
  TYPE: '%.type_id',
  STATUS: '%.status',
  PARENT: '%.parent_key',
  OPENING_DATE: '%.opening_date',
  CLOSED_DATE: '%.closed_date',
  LOCATION: 'ROW(%.longitude, %.latitude, %.altitude)',
  SHAPE: '%.shape_hash',
  GROUPS: '%.groups_key',
  ATTRIBUTES: '%.attributes',
};
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

type Side = 't' | 's' | 'b';
const column = (side: Side, field: UnitField) => (COLUMNS[field] as string).replaceAll('%', side);
const differs = (one: Side, other: Side, field: UnitField) =>
  `${column(one, field)} IS DISTINCT FROM ${column(other, field)}`;

const fieldList = (
  tx: AccountTransaction,
  fields: readonly UnitField[],
  when: (field: UnitField) => string,
) =>
  tx.sql.raw(
    `array_remove(ARRAY[${fields.map((field) => `CASE WHEN ${when(field)} THEN '${field}' END`).join(', ')}]::text[], NULL)`,
  );

/** Units of a version told in the target's: its own as they are, those of the source by their counterparts. */
function told(tx: AccountTransaction, version: VersionRow, isTarget: boolean): Statement {
  if (isTarget) {
    return tx.sql`SELECT x.*, x.unit_id AS key, x.parent_id AS parent_key, x.group_ids AS groups_key
      FROM (${statesIn(tx, version)}) x`;
  }
  return tx.sql`
    SELECT x.*, coalesce(m.before_id, x.unit_id) AS key, coalesce(n.before_id, x.parent_id) AS parent_key,
      CASE WHEN x.group_ids IS NULL THEN NULL ELSE (SELECT array_agg(DISTINCT coalesce(g.before_id, i.id))
        FROM unnest(x.group_ids) AS i (id) LEFT JOIN compared_group g ON g.after_id = i.id) END AS groups_key
    FROM (${statesIn(tx, version)}) x
    LEFT JOIN compared_pair m ON m.after_id = x.unit_id
    LEFT JOIN compared_pair n ON n.after_id = x.parent_id`;
}

export const writePlanRows = (tx: AccountTransaction, scope: PlanScope) => {
  const { sides, base, options } = scope;
  const { fields } = options;
  const any = (one: Side, other: Side) => fields.map((field) => differs(one, other, field)).join(' OR ');
  const isThreeWay = base !== null;
  const b = base
    ? told(tx, base, base.dataSourceId === sides.before.dataSourceId)
    : tx.sql`SELECT x.*, x.unit_id AS key, x.parent_id AS parent_key, x.group_ids AS groups_key
        FROM (${statesIn(tx, sides.before)}) x WHERE false`;
  const known = 'b.unit_id IS NOT NULL';
  // Where both sides added the unit there is no ancestor to ask, and whatever differs is a conflict.
  const conflict = (field: UnitField) =>
    isThreeWay
      ? `${differs('t', 's', field)} AND (NOT (${known}) OR (${differs('b', 's', field)} AND ${differs('b', 't', field)}))`
      : 'false';
  const wanted = (field: UnitField) =>
    `${differs('t', 's', field)} AND (NOT (${known}) OR ${differs('b', 's', field)})`;
  const says = (field: UnitField) => (isThreeWay ? 'true' : `NOT (${EMPTY[field] ?? 'false'})`);
  const taken = (field: UnitField) => `${wanted(field)} AND NOT (${conflict(field)}) AND ${says(field)}`;
  return tx.execute(tx.sql`
    WITH planned AS (
      SELECT s.unit_id AS source_unit_id, s.parent_id AS source_parent_id, s.parent_key,
        CASE WHEN t.unit_id IS NOT NULL THEN t.unit_id
          WHEN EXISTS (SELECT FROM georegistry.org_unit u WHERE u.account_id = ${tx.account} AND u.id = s.key
            AND u.data_source_id = ${sides.before.dataSourceId}) THEN s.key END AS target_unit_id,
        s.revision AS source_revision, t.revision AS target_revision,
        CASE WHEN t.unit_id IS NULL THEN 'CREATE' WHEN s.unit_id IS NULL THEN 'REMOVE' ELSE 'UPDATE' END AS action,
        CASE WHEN t.unit_id IS NULL THEN ${tx.sql`${fields}::text[]`} WHEN s.unit_id IS NULL THEN '{}'
          ELSE ${fieldList(tx, fields, wanted)} END AS fields,
        CASE WHEN t.unit_id IS NULL OR s.unit_id IS NULL THEN '{}' ELSE ${fieldList(tx, fields, conflict)} END AS conflicts,
        CASE WHEN t.unit_id IS NULL THEN ${tx.sql`${fields}::text[]`} WHEN s.unit_id IS NULL THEN '{}'
          ELSE ${fieldList(tx, fields, taken)} END AS taken,
        ${tx.sql.raw(known)} AND (t.unit_id IS NULL OR s.unit_id IS NULL) AS removal_conflict,
        CASE WHEN t.unit_id IS NULL THEN ${tx.sql.raw(known)} AND NOT (${tx.sql.raw(any('b', 's'))})
          WHEN s.unit_id IS NULL THEN ${tx.sql.raw(isThreeWay ? `NOT (${known})` : 'false')}
          ELSE false END AS is_nothing,
        s.unit_id IS NULL AND ${tx.sql.raw(known)} AND NOT (${tx.sql.raw(any('b', 't'))}) AS is_clean_removal
      FROM (${told(tx, sides.before, true)}) t
      FULL JOIN (${told(tx, sides.after, false)}) s ON s.key = t.unit_id
      LEFT JOIN (${b}) b ON b.key = coalesce(t.unit_id, s.key)
    ), kept AS MATERIALIZED (
      SELECT p.*, row_number() OVER (ORDER BY p.action <> 'UPDATE', p.source_unit_id, p.target_unit_id)::integer AS position
      FROM planned p WHERE NOT p.is_nothing AND (p.action <> 'UPDATE' OR p.fields <> '{}')
    ), placed AS (
      SELECT k.*, k.action = 'CREATE' OR 'PARENT' = ANY (k.fields) AS is_placed,
        CASE WHEN EXISTS (SELECT FROM (${statesIn(tx, sides.before)}) h WHERE h.unit_id = k.parent_key)
          THEN k.parent_key END AS parent_unit_id,
        q.position AS parent_position
      FROM kept k LEFT JOIN kept q ON q.action = 'CREATE' AND q.source_unit_id = k.source_parent_id
    )
    INSERT INTO georegistry.merge_plan_row (account_id, plan_id, position, action, source_unit_id, target_unit_id,
      source_revision, target_revision, fields, conflicts, taken, removal_conflict, chosen, parent_unit_id,
      parent_position, parent_open)
    SELECT ${tx.account}::uuid, ${scope.planId}::uuid, k.position, k.action, k.source_unit_id, k.target_unit_id,
      k.source_revision, k.target_revision, k.fields, k.conflicts, k.taken,
      k.removal_conflict AND NOT k.is_clean_removal,
      CASE WHEN k.action = 'REMOVE' AND NOT ${isThreeWay}::boolean THEN ${options.absentUnits === 'REMOVE'}::boolean
        ELSE NOT k.removal_conflict OR k.is_clean_removal END,
      CASE WHEN k.is_placed THEN k.parent_unit_id END,
      CASE WHEN k.is_placed AND k.parent_unit_id IS NULL THEN k.parent_position END,
      k.is_placed AND k.parent_unit_id IS NULL AND k.parent_position IS NULL
        AND NOT (k.source_parent_id IS NULL AND NOT EXISTS (SELECT FROM (${statesIn(tx, sides.before)}) h))
    FROM placed k`);
};
