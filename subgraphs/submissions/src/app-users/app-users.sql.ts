/** Statements on app users: the phones that may fetch forms and send submissions. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';

export interface AppUserRow {
  id: string;
  name: string;
  createdAt: Date;
  revokedAt: Date | null;
}

const columns = (db: AccountDatabase): Statement =>
  db.sql`a.id, a.name, a.created_at AS "createdAt", a.revoked_at AS "revokedAt"`;

export const appUserByHash = (db: AccountDatabase, hash: Buffer) =>
  db.maybe<AppUserRow>(db.sql`
    SELECT ${columns(db)} FROM submissions.app_user a
    WHERE a.account_id = ${db.account} AND a.key_hash = ${hash}`);

export const appUsersByIds = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<AppUserRow>(db.sql`
    SELECT ${columns(db)} FROM submissions.app_user a
    WHERE a.account_id = ${db.account} AND a.id = ANY(${ids}::uuid[])`);

/** Newest first; ids are in the order of time. */
export const appUsersPage = (db: AccountDatabase, after: string | null, limit: number) =>
  db.rows<AppUserRow>(db.sql`
    SELECT ${columns(db)} FROM submissions.app_user a
    WHERE a.account_id = ${db.account} ${after === null ? db.sql`` : db.sql`AND a.id < ${after}::uuid`}
    ORDER BY a.id DESC LIMIT ${limit}`);

export const insertAppUser = (tx: AccountTransaction, user: { id: string; name: string; keyHash: Buffer }) =>
  tx.execute(tx.sql`
    INSERT INTO submissions.app_user (account_id, id, name, key_hash, created_by)
    VALUES (${tx.account}, ${user.id}, ${user.name}, ${user.keyHash}, ${tx.actor.userId ?? null})`);

/** 0 when there is none, or it is revoked already. */
export const revokeAppUserRow = (tx: AccountTransaction, id: string) =>
  tx.execute(tx.sql`
    UPDATE submissions.app_user a SET revoked_at = now()
    WHERE a.account_id = ${tx.account} AND a.id = ${id} AND a.revoked_at IS NULL`);
