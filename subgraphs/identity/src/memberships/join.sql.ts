/**
 * Becoming a member. Whoever comes back after their membership ended begins anew.
 */
import type { AccountTransaction } from '@iroko/database';
import type { MemberScope } from '../scope/member-scope.sql';

/** Returns 0 for somebody who is a member. */
export const insertJoining = (
  tx: AccountTransaction,
  userId: string,
  permissions: readonly string[],
  { unitIds, projectIds, writableTypeIds }: MemberScope,
) =>
  tx.execute(tx.sql`
    INSERT INTO identity.membership AS m
      (account_id, user_id, permissions, unit_ids, project_ids, writable_type_ids)
    VALUES (${tx.account}, ${userId}, ${permissions}, ${unitIds}::uuid[], ${projectIds}::uuid[],
            ${writableTypeIds}::uuid[])
    ON CONFLICT (account_id, user_id) DO UPDATE
    SET ended_at = NULL, permissions = excluded.permissions, unit_ids = excluded.unit_ids,
        project_ids = excluded.project_ids, writable_type_ids = excluded.writable_type_ids,
        revision = m.revision + 1, updated_at = now()
    WHERE m.ended_at IS NOT NULL`);
