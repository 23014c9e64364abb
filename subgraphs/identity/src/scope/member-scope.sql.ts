/** What a scope may name, and the scopes of members. */
import type { AccountDatabase, SystemDatabase } from '@iroko/database';

/** Null is no limit; an empty list reaches nothing. */
export interface MemberScope {
  unitIds: string[] | null;
  projectIds: string[] | null;
  writableTypeIds: string[] | null;
}

export const knownProjects = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ id: string }>(db.sql`
    SELECT p.id FROM identity.project p
    WHERE p.account_id = ${db.account} AND p.id = ANY(${ids}::uuid[]) AND p.deleted_at IS NULL`);

export const knownTypes = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ id: string }>(db.sql`
    SELECT t.type_id AS id FROM georegistry.known_org_unit_type t
    WHERE t.account_id = ${db.account} AND t.type_id = ANY(${ids}::uuid[])`);

/** Of memberships of any account: whoever sees a membership sees its scope. */
export const scopesOfMemberships = (
  db: SystemDatabase,
  keys: readonly { accountId: string; userId: string }[],
) =>
  db.rows<MemberScope & { accountId: string; userId: string }>(db.sql`
    SELECT m.account_id AS "accountId", m.user_id AS "userId", m.unit_ids AS "unitIds",
           m.project_ids AS "projectIds", m.writable_type_ids AS "writableTypeIds"
    FROM identity.membership m
    JOIN unnest(${keys.map(({ accountId }) => accountId)}::uuid[], ${keys.map(({ userId }) => userId)}::uuid[])
      AS k (account_id, user_id) ON k.account_id = m.account_id AND k.user_id = m.user_id`);
