/**
 * The statements of the sealer, the one part of the log that looks across accounts.
 */
import type { SystemDatabase } from '@iroko/database';

export const accountsWithUnsealed = (db: SystemDatabase) =>
  db.rows<{ accountId: string }>(db.sql`
    SELECT DISTINCT e.account_id AS "accountId" FROM platform.change_event e WHERE e.position IS NULL`);

/**
 * Seals, moves the end of the chain and tells of it, all in one way to the database: a reader waits for each. Waits for
 * whoever is sealing this account.
 */
export const sealChanges = (db: SystemDatabase, accountId: string, most: number, channel: string) =>
  db.one<{ sealed: number; oldest: Date | null }>(
    db.sql.kept`
    SELECT s.sealed, s.oldest
    FROM platform.seal_changes(${accountId}::uuid, ${most}::integer, ${channel}::text) s`,
  );
