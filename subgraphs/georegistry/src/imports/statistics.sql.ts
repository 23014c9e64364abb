/**
 * What the planner knows of the tables that imports join with. Right after an import it believes the tables to be as
 * small as before, and picks loops that take hours; a daemon corrects that within minutes, which may be too late.
 */
import type { AccountDatabase } from '@iroko/database';

/** A fifth of the rows changed since the last look, or nobody ever looked. */
const staleTables = (db: AccountDatabase) =>
  db.rows<{ name: string }>(db.sql`
    SELECT c.relname AS name FROM pg_catalog.pg_class c
    WHERE c.oid IN ('georegistry.org_unit'::regclass, 'georegistry.org_unit_state'::regclass,
        'georegistry.org_unit_path'::regclass)
      AND (c.reltuples < 0 OR pg_stat_get_mod_since_analyze(c.oid) > 500 + 0.2 * c.reltuples)`);

/** Where this role may not, the server warns and goes on. */
export const refreshStatistics = async (db: AccountDatabase): Promise<void> => {
  for (const { name } of await staleTables(db)) {
    await db.execute(db.sql`${db.sql.raw(`ANALYZE georegistry.${name}`)}`);
  }
};
