/** What the planner knows of the tree's tables. */
import type { AccountDatabase } from '@iroko/database';

export const refreshStatistics = (db: AccountDatabase) =>
  db.execute(db.sql`SELECT georegistry.refresh_statistics()`);
