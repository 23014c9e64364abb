/** What a plan proposes, read back from `draft_unit`. */
import type { AccountTransaction } from '@iroko/database';
import type { StateRow } from '../org-units/state';
import type { MergeAction } from './merge-plan';

export interface ProposedRow
  extends Omit<
    StateRow,
    'dataSourceId' | 'fromVersion' | 'revision' | 'nameKey' | 'writtenAt' | 'createdAt'
  > {
  position: number;
  action: MergeAction;
  referenceGenerated: boolean | null;
  /** Bytes of the path of a unit that is there. */
  depth: number;
}

export const proposedRows = (tx: AccountTransaction, planId: string, limit: number) =>
  tx.rows<ProposedRow>(tx.sql`
    SELECT r.position, r.action, d.unit_id AS "unitId", d.reference, d.reference_generated AS "referenceGenerated",
      d.name, d.aliases, d.code, d.type_id AS "typeId", d.parent_id AS "parentId", d.status, d.longitude, d.latitude,
      d.altitude, d.shape_hash AS "shapeHash", d.opening_date AS "openingDate", d.closed_date AS "closedDate",
      d.group_ids AS "groupIds", d.attributes, coalesce(octet_length(p.path), 0) AS depth,
      coalesce((SELECT coalesce(s.draft_version_number, s.released_version_number) FROM georegistry.data_source s
        JOIN georegistry.org_unit u ON u.account_id = ${tx.account} AND u.data_source_id = s.id AND u.id = d.unit_id
        WHERE s.account_id = ${tx.account}), 0) AS "versionNumber"
    FROM georegistry.merge_plan_row r
    LEFT JOIN merge_made m ON m.position = r.position
    JOIN draft_unit d ON d.unit_id = coalesce(m.unit_id, r.target_unit_id)
    LEFT JOIN georegistry.org_unit_path p ON p.account_id = ${tx.account} AND p.unit_id = d.unit_id
      AND p.to_version IS NULL
    WHERE r.account_id = ${tx.account} AND r.plan_id = ${planId} AND r.chosen ORDER BY r.position LIMIT ${limit}`);
