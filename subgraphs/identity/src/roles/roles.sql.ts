/**
 * The roles of an account.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';

export interface RoleRow {
  id: string;
  name: string;
  nameKey: string;
  permissions: string[];
  everyPermission: boolean;
  revision: number;
  createdAt: Date;
}

const columns = (db: AccountDatabase) => db.sql`
  r.id, r.name, r.name_key AS "nameKey", r.permissions, r.every_permission AS "everyPermission", r.revision,
  r.created_at AS "createdAt"`;

export const rolesByName = (
  db: AccountDatabase,
  after: { nameKey: string; id: string } | undefined,
  limit: number,
) =>
  db.rows<RoleRow>(db.sql`
    SELECT ${columns(db)}
    FROM identity.role r
    WHERE r.account_id = ${db.account}
      AND (${after?.nameKey ?? null}::text IS NULL
           OR (r.name_key COLLATE "C", r.id) > (${after?.nameKey ?? null}::text COLLATE "C", ${after?.id ?? null}::uuid))
    ORDER BY r.name_key COLLATE "C", r.id
    LIMIT ${limit}`);

export const countRoles = (db: AccountDatabase) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM identity.role r WHERE r.account_id = ${db.account}`);

export const roleById = (db: AccountDatabase, id: string) =>
  db.maybe<RoleRow>(db.sql`
    SELECT ${columns(db)} FROM identity.role r WHERE r.account_id = ${db.account} AND r.id = ${id}`);

/** Those of the ids that there are, by name. */
export const rolesByIds = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<RoleRow>(db.sql`
    SELECT ${columns(db)} FROM identity.role r
    WHERE r.account_id = ${db.account} AND r.id = ANY(${ids}::uuid[])
    ORDER BY r.name_key COLLATE "C", r.id`);

export const insertRole = (
  tx: AccountTransaction,
  role: { id: string; name: string; nameKey: string; permissions: readonly string[] },
) =>
  tx.one<RoleRow>(tx.sql`
    INSERT INTO identity.role AS r (account_id, id, name, name_key, permissions)
    VALUES (${tx.account}, ${role.id}, ${role.name}, ${role.nameKey}, ${role.permissions})
    RETURNING ${columns(tx)}`);

export const updateRoleRow = (
  tx: AccountTransaction,
  role: { id: string; name: string; nameKey: string; permissions: readonly string[] },
) =>
  tx.one<RoleRow>(tx.sql`
    UPDATE identity.role AS r
    SET name = ${role.name}, name_key = ${role.nameKey}, permissions = ${role.permissions},
        revision = r.revision + 1, updated_at = now()
    WHERE r.account_id = ${tx.account} AND r.id = ${role.id}
    RETURNING ${columns(tx)}`);

/** Takes the role from everybody and answers who had it. */
export const takeRoleFromAll = (tx: AccountTransaction, roleId: string) =>
  tx.rows<{ userId: string }>(tx.sql`
    DELETE FROM identity.membership_role AS mr
    WHERE mr.account_id = ${tx.account} AND mr.role_id = ${roleId}
    RETURNING mr.user_id AS "userId"`);

export const deleteRole = (tx: AccountTransaction, id: string) =>
  tx.execute(tx.sql`DELETE FROM identity.role AS r WHERE r.account_id = ${tx.account} AND r.id = ${id}`);
