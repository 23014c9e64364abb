/** What PostgreSQL knows about our tables, for the tests of their structure. */
import type { ClientBase } from 'pg';

export interface CatalogTable {
  readonly schema: string;
  readonly name: string;
  readonly primaryKey: string[];
}

export interface CatalogColumn {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** As PostgreSQL writes it: `timestamp with time zone`, `text[]`. */
  readonly type: string;
  readonly notNull: boolean;
}

export interface CatalogForeignKey {
  readonly name: string;
  readonly table: string;
  readonly columns: string[];
  readonly target: string;
  readonly targetColumns: string[];
}

export interface CatalogIndex {
  readonly table: string;
  /** Leading columns; ends before the first expression. */
  readonly columns: string[];
  readonly unique: boolean;
  /** Which rows it holds; null when all. */
  readonly predicate: string | null;
}

// Partitions repeat their parent.
const ourTables = `c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY ($1)`;

export async function tables(client: ClientBase, schemas: readonly string[]): Promise<CatalogTable[]> {
  const { rows } = await client.query<CatalogTable>(
    `SELECT n.nspname AS schema, c.relname AS name,
            ARRAY(SELECT a.attname::text
                  FROM pg_index i
                  CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY AS k (attnum, place)
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                  WHERE i.indrelid = c.oid AND i.indisprimary
                  ORDER BY k.place) AS "primaryKey"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${ourTables}
     ORDER BY 1, 2`,
    [schemas],
  );
  return rows;
}

export async function columns(client: ClientBase, schemas: readonly string[]): Promise<CatalogColumn[]> {
  const { rows } = await client.query<CatalogColumn>(
    `SELECT n.nspname AS schema, c.relname AS table, a.attname AS name,
            format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull"
     FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE ${ourTables}
     ORDER BY 1, 2, a.attnum`,
    [schemas],
  );
  return rows;
}

export async function foreignKeys(
  client: ClientBase,
  schemas: readonly string[],
): Promise<CatalogForeignKey[]> {
  const names = (key: string, table: string) => `
    ARRAY(SELECT a.attname::text
          FROM unnest(f.${key}) WITH ORDINALITY AS k (attnum, place)
          JOIN pg_attribute a ON a.attrelid = f.${table} AND a.attnum = k.attnum
          ORDER BY k.place)`;
  const { rows } = await client.query<CatalogForeignKey>(
    `SELECT f.conname AS name, n.nspname || '.' || c.relname AS table, ${names('conkey', 'conrelid')} AS columns,
            tn.nspname || '.' || t.relname AS target, ${names('confkey', 'confrelid')} AS "targetColumns"
     FROM pg_constraint f
     JOIN pg_class c ON c.oid = f.conrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_class t ON t.oid = f.confrelid
     JOIN pg_namespace tn ON tn.oid = t.relnamespace
     WHERE f.contype = 'f' AND ${ourTables}
     ORDER BY 2, 1`,
    [schemas],
  );
  return rows;
}

export async function indexes(client: ClientBase, schemas: readonly string[]): Promise<CatalogIndex[]> {
  const { rows } = await client.query<CatalogIndex>(
    `SELECT n.nspname || '.' || c.relname AS table, i.indisunique AS unique,
            pg_get_expr(i.indpred, i.indrelid) AS predicate,
            ARRAY(SELECT a.attname::text
                  FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k (attnum, place)
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                  WHERE k.place <= i.indnkeyatts
                    AND NOT EXISTS (SELECT 1 FROM unnest(i.indkey::int[]) WITH ORDINALITY AS e (attnum, place)
                                    WHERE e.attnum = 0 AND e.place < k.place)
                  ORDER BY k.place) AS columns
     FROM pg_index i
     JOIN pg_class c ON c.oid = i.indrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE i.indisvalid AND ${ourTables}`,
    [schemas],
  );
  return rows;
}
