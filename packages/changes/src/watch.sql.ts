import type { SystemDatabase } from '@iroko/database';

export const chainEnds = (db: SystemDatabase, accounts: readonly string[]) =>
  db.rows<{ accountId: string; position: number }>(db.sql`
    SELECT c.account_id AS "accountId", c.position
    FROM platform.change_chain c
    WHERE c.account_id = ANY (${accounts}::uuid[])`);
