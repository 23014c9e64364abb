/** Fills `draft_unit` with what the chosen rows of a plan make of the target's units. */
import type { AccountTransaction } from '@iroko/database';
import { type Sides, statesIn } from '../comparisons/pairs.sql';
import type { UnitField } from '../differences/difference';
import { CONTENT_COLUMNS } from '../draft-writing/draft-unit.sql';

const FIELD_OF: Record<(typeof CONTENT_COLUMNS)[number], UnitField> = {
  parent_id: 'PARENT',
  type_id: 'TYPE',
  longitude: 'LOCATION',
  latitude: 'LOCATION',
  altitude: 'LOCATION',
  opening_date: 'OPENING_DATE',
  closed_date: 'CLOSED_DATE',
  status: 'STATUS',
  name: 'NAME',
  code: 'CODE',
  aliases: 'ALIASES',
  group_ids: 'GROUPS',
  shape_hash: 'SHAPE',
  attributes: 'ATTRIBUTES',
};

export interface StaleRow {
  position: number;
  name: string | null;
}

/** Chosen rows whose unit changed, came or went on either side since the plan was made. */
export const staleRows = (tx: AccountTransaction, planId: string, { before, after }: Sides, limit: number) =>
  tx.rows<StaleRow>(tx.sql`
    SELECT r.position, coalesce(t.name, s.name) AS name FROM georegistry.merge_plan_row r
    LEFT JOIN georegistry.org_unit_state t ON t.account_id = ${tx.account} AND t.unit_id = r.target_unit_id
      AND t.data_source_id = ${before.dataSourceId} AND t.to_version IS NULL
    LEFT JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = r.source_unit_id
      AND s.from_version <= ${after.number} AND (s.to_version IS NULL OR s.to_version > ${after.number})
    WHERE r.account_id = ${tx.account} AND r.plan_id = ${planId} AND r.chosen
      AND (t.revision IS DISTINCT FROM r.target_revision OR s.revision IS DISTINCT FROM r.source_revision)
    ORDER BY r.position LIMIT ${limit}`);

/** The units that rows make, by the position of the row. */
export const createMade = (tx: AccountTransaction, planId: string) =>
  tx.execute(tx.sql`
    CREATE TEMPORARY TABLE merge_made ON COMMIT DROP AS
    SELECT r.position, r.source_unit_id, coalesce(r.target_unit_id, platform.uuid_v7()) AS unit_id,
      r.target_unit_id IS NULL AS is_new
    FROM georegistry.merge_plan_row r
    WHERE r.account_id = ${tx.account} AND r.plan_id = ${planId} AND r.chosen AND r.action = 'CREATE'`);

/** Chosen rows below a unit that another row would make, which is not chosen. */
export const rowsWithoutParent = (tx: AccountTransaction, planId: string, limit: number) =>
  tx.rows<{ position: number }>(tx.sql`
    SELECT r.position FROM georegistry.merge_plan_row r
    WHERE r.account_id = ${tx.account} AND r.plan_id = ${planId} AND r.chosen AND r.parent_position IS NOT NULL
      AND (r.action = 'CREATE' OR 'PARENT' = ANY (r.taken))
      AND NOT EXISTS (SELECT FROM merge_made m WHERE m.position = r.parent_position)
    ORDER BY r.position LIMIT ${limit}`);

/** Units whose groups are taken over; see takeGroups. */
export const createGroupTakers = (tx: AccountTransaction, planId: string) =>
  tx.execute(tx.sql`
    CREATE TEMPORARY TABLE merge_taker ON COMMIT DROP AS
    SELECT r.source_unit_id AS unit_id FROM georegistry.merge_plan_row r
    WHERE r.account_id = ${tx.account} AND r.plan_id = ${planId} AND r.chosen AND 'GROUPS' = ANY (r.taken)`);

const DEFAULTS: Partial<Record<(typeof CONTENT_COLUMNS)[number], string>> = {
  status: `'NEW'`,
  code: `''`,
  aliases: `'{}'::text[]`,
  name: 's.name',
};

export const fillMerged = (tx: AccountTransaction, planId: string, { before, after }: Sides) => {
  const values = CONTENT_COLUMNS.map((column) => {
    const field = FIELD_OF[column];
    const kept = DEFAULTS[column] ? `coalesce(t.${column}, ${DEFAULTS[column]})` : `t.${column}`;
    if (column === 'parent_id') {
      return `CASE WHEN r.action = 'CREATE' OR 'PARENT' = ANY (r.taken)
        THEN coalesce(r.parent_unit_id, q.unit_id) ELSE t.parent_id END`;
    }
    const source =
      column === 'group_ids'
        ? `(SELECT array_agg(DISTINCT g.to_id) FROM taken_group g WHERE g.from_id = ANY (s.group_ids))`
        : `s.${column}`;
    return `CASE WHEN '${field}' = ANY (r.taken) THEN ${source} ELSE ${kept} END`;
  });
  return tx.execute(tx.sql`
    INSERT INTO draft_unit (unit_id, is_new, is_removed, reference, reference_generated,
      ${tx.sql.raw(CONTENT_COLUMNS.join(', '))})
    SELECT coalesce(m.unit_id, r.target_unit_id), coalesce(m.is_new, false), r.action = 'REMOVE',
      CASE WHEN m.is_new THEN CASE WHEN k.id IS NULL THEN u.reference ELSE m.unit_id::text END END,
      CASE WHEN m.is_new THEN k.id IS NOT NULL OR u.reference_generated END, ${tx.sql.raw(values.join(', '))}
    FROM georegistry.merge_plan_row r
    LEFT JOIN merge_made m ON m.position = r.position
    LEFT JOIN merge_made q ON q.position = r.parent_position
    LEFT JOIN georegistry.org_unit_state t ON t.account_id = ${tx.account} AND t.unit_id = r.target_unit_id
      AND t.data_source_id = ${before.dataSourceId} AND t.to_version IS NULL
    LEFT JOIN (${statesIn(tx, after)}) s ON s.unit_id = r.source_unit_id
    LEFT JOIN georegistry.org_unit u ON u.account_id = ${tx.account} AND u.id = r.source_unit_id
    LEFT JOIN georegistry.org_unit k ON k.account_id = ${tx.account} AND k.data_source_id = ${before.dataSourceId}
      AND k.reference = u.reference
    WHERE r.account_id = ${tx.account} AND r.plan_id = ${planId} AND r.chosen
      AND (r.action <> 'UPDATE' OR r.taken <> '{}')`);
};

export const recordMadeOrigins = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.unit_origin (account_id, unit_id, origin_unit_id)
    SELECT ${tx.account}::uuid, m.unit_id, coalesce(o.origin_unit_id, m.source_unit_id) FROM merge_made m
    LEFT JOIN georegistry.unit_origin o ON o.account_id = ${tx.account} AND o.unit_id = m.source_unit_id
    WHERE m.is_new AND coalesce(o.origin_unit_id, m.source_unit_id) <> m.unit_id
    ON CONFLICT (account_id, unit_id) DO NOTHING`);
