/** What an approval tells the next merge, where a merge plan made the request; see merge-plans/merge-base.sql.ts. */
import type { AccountTransaction } from '@iroko/database';

/** A change request of a plan was approved: what it brought is left out no more, unless its draft is discarded. */
export const markMerged = (tx: AccountTransaction, requestId: string, fields: readonly string[]) =>
  tx.execute(tx.sql`
    UPDATE georegistry.merge_left_out l SET merged_fields = ${fields}::text[], merged_version_id = (
      SELECT v.id FROM georegistry.change_request r
      JOIN georegistry.data_source d ON d.account_id = ${tx.account} AND d.id = r.data_source_id
      JOIN georegistry.source_version v ON v.account_id = ${tx.account} AND v.data_source_id = d.id
        AND v.number = coalesce(d.draft_version_number, d.released_version_number)
      WHERE r.account_id = ${tx.account} AND r.id = ${requestId})
    WHERE l.account_id = ${tx.account} AND l.change_request_id = ${requestId}`);

/** The unit that a request of a plan made is a copy of the one that the plan made it from. */
export const recordApprovedOrigin = (tx: AccountTransaction, requestId: string, unitId: string) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.unit_origin (account_id, unit_id, origin_unit_id)
    SELECT DISTINCT ON (1, 2) ${tx.account}::uuid, ${unitId}::uuid, coalesce(o.origin_unit_id, l.from_unit_id)
    FROM georegistry.merge_left_out l
    LEFT JOIN georegistry.unit_origin o ON o.account_id = ${tx.account} AND o.unit_id = l.from_unit_id
    WHERE l.account_id = ${tx.account} AND l.change_request_id = ${requestId} AND l.from_unit_id IS NOT NULL
    ON CONFLICT (account_id, unit_id) DO NOTHING`);
