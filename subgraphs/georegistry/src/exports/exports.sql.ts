/** Statements of exports. */
import type { AccountDatabase } from '@iroko/database';

export const referencesById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ id: string; reference: string }>(db.sql`
    SELECT u.id, u.reference FROM georegistry.org_unit u
    WHERE u.account_id = ${db.account} AND u.id = ANY(${ids}::uuid[])`);
