/**
 * What a plan proposes, read back from `draft_unit` in the order in which it can be approved: new units after those
 * above them, removals from below upwards. `merge_proposed` holds that order and the request of each row.
 */
import type { AccountTransaction } from '@iroko/database';
import type { StateRow } from '../org-units/state';
import type { MergeAction } from './merge-plan';

export interface ProposedRow
  extends Omit<
    StateRow,
    'dataSourceId' | 'fromVersion' | 'revision' | 'nameKey' | 'writtenAt' | 'createdAt'
  > {
  ordinal: number;
  position: number;
  action: MergeAction;
  referenceGenerated: boolean | null;
  /** Whether the plan makes the parent. */
  isBelowNew: boolean;
  /** Of a new unit: the nearest unit above that is there. */
  placeUnitId: string | null;
  /** The request that makes the parent, where it was written already. */
  parentRequestId: string | null;
}

/** Answers how many rows there are. */
export const createProposed = async (tx: AccountTransaction, planId: string): Promise<number> => {
  const count = await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE merge_proposed ON COMMIT DROP AS
    WITH RECURSIVE made AS (
      SELECT d.unit_id, 0 AS depth, d.parent_id AS place_id FROM merge_made m JOIN draft_unit d ON d.unit_id = m.unit_id
      WHERE NOT EXISTS (SELECT FROM merge_made p WHERE p.unit_id = d.parent_id)
      UNION ALL
      SELECT d.unit_id, a.depth + 1, a.place_id FROM made a JOIN draft_unit d ON d.parent_id = a.unit_id
      JOIN merge_made m ON m.unit_id = d.unit_id
    )
    SELECT row_number() OVER (
        ORDER BY CASE r.action WHEN 'CREATE' THEN 0 WHEN 'UPDATE' THEN 1 ELSE 2 END,
          CASE r.action WHEN 'CREATE' THEN coalesce(a.depth, 0) WHEN 'REMOVE' THEN -octet_length(p.path) END,
          r.position)::integer AS ordinal,
      r.position, r.action, d.unit_id, a.place_id, NULL::uuid AS request_id
    FROM georegistry.merge_plan_row r
    LEFT JOIN merge_made m ON m.position = r.position
    JOIN draft_unit d ON d.unit_id = coalesce(m.unit_id, r.target_unit_id)
    LEFT JOIN made a ON a.unit_id = d.unit_id
    LEFT JOIN georegistry.org_unit_path p ON p.account_id = ${tx.account} AND p.unit_id = d.unit_id
      AND p.to_version IS NULL
    WHERE r.account_id = ${tx.account} AND r.plan_id = ${planId} AND r.chosen`);
  await tx.execute(tx.sql`ALTER TABLE merge_proposed ADD PRIMARY KEY (ordinal)`);
  await tx.execute(tx.sql`CREATE INDEX ON merge_proposed (unit_id)`);
  await tx.execute(tx.sql`ANALYZE merge_proposed`);
  return count;
};

export const proposedRows = (tx: AccountTransaction, versionNumber: number, after: number, limit: number) =>
  tx.rows<ProposedRow>(tx.sql`
    SELECT o.ordinal, o.position, o.action, d.unit_id AS "unitId", d.reference,
      d.reference_generated AS "referenceGenerated",
      d.name, d.aliases, d.code, d.type_id AS "typeId", d.parent_id AS "parentId", d.status, d.longitude, d.latitude,
      d.altitude, d.shape_hash AS "shapeHash", d.opening_date AS "openingDate", d.closed_date AS "closedDate",
      d.group_ids AS "groupIds", d.attributes, ${versionNumber}::integer AS "versionNumber",
      q.ordinal IS NOT NULL AS "isBelowNew", q.request_id AS "parentRequestId", o.place_id AS "placeUnitId"
    FROM merge_proposed o JOIN draft_unit d ON d.unit_id = o.unit_id
    LEFT JOIN merge_proposed q ON q.unit_id = d.parent_id AND q.action = 'CREATE'
    WHERE o.ordinal > ${after} ORDER BY o.ordinal LIMIT ${limit}`);

export const setRequests = (
  tx: AccountTransaction,
  made: readonly { ordinal: number; requestId: string }[],
) =>
  tx.execute(tx.sql`
    UPDATE merge_proposed o SET request_id = x.request_id
    FROM unnest(${made.map(({ ordinal }) => ordinal)}::integer[], ${made.map(({ requestId }) => requestId)}::uuid[])
      AS x (ordinal, request_id)
    WHERE o.ordinal = x.ordinal`);
