import type { SystemDatabase } from '@iroko/database';

export const accountTables = (db: SystemDatabase) =>
  db.rows<{ schema: string; name: string }>(db.sql`
    SELECT c.table_schema AS schema, c.table_name AS name
    FROM information_schema.columns c
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE c.column_name = 'account_id' AND t.table_type = 'BASE TABLE'
      AND c.table_schema NOT IN ('pg_catalog', 'information_schema')
    ORDER BY 1, 2`);

/** The names come from the catalogue, never from input. */
export const fingerprintOf = (
  db: SystemDatabase,
  schema: string,
  table: string,
  accountId: string,
  without: string,
) =>
  db.one<{ digest: string }>(db.sql`
    SELECT count(*) || ' rows, ' || coalesce(md5(string_agg(r.row, E'\n' ORDER BY r.row)), '') AS digest
    FROM (
      SELECT (to_jsonb(x) - ${without}::text)::text AS row
      FROM ${db.sql.raw(`"${schema}"."${table}"`)} x
      WHERE x.account_id = ${accountId}
    ) r`);
