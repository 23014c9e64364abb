/** Statements of exports. */
import type { AccountDatabase } from '@iroko/database';
import { reachIn, standsWithin } from '../scope/reach.sql';

/** Of units that a version holds within the reach of the handle: a parent above it has no name. */
export const referencesById = async (
  db: AccountDatabase,
  ids: readonly string[],
  { dataSourceId, number }: { dataSourceId: string; number: number },
) => {
  const reach = await reachIn(db, dataSourceId, number);
  return db.rows<{ id: string; reference: string }>(db.sql`
    SELECT u.id, u.reference FROM georegistry.org_unit u
    WHERE u.account_id = ${db.account} AND u.id = ANY(${ids}::uuid[])
      AND ${standsWithin(db, db.sql`u.id`, db.sql`${number}::integer`, reach)}`);
};
