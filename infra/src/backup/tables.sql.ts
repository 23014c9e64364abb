/** The statements of backup and restore: over whole tables of all accounts, hence outside the account handle. */
import type { ClientBase } from 'pg';

export interface StoredTable {
  /** `schema.table`, quoted where needed. */
  readonly name: string;
  /** Those that hold data of their own, quoted where needed. */
  readonly columns: string[];
}

const schemas = `('identity', 'georegistry', 'submissions', 'datasets', 'platform')`;

/** One state of the database for all that is read, and no other process waits for us. */
export const beginSnapshot = (client: ClientBase) =>
  client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');

export async function storedTables(client: ClientBase): Promise<StoredTable[]> {
  const { rows } = await client.query<StoredTable>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name,
           array_agg(quote_ident(a.attname) ORDER BY a.attnum) AS columns
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ${schemas}
    GROUP BY n.nspname, c.relname
    ORDER BY n.nspname, c.relname`);
  return rows;
}

export const copyOutText = ({ name, columns }: StoredTable) =>
  `COPY (SELECT ${columns.join(', ')} FROM ${name}) TO STDOUT`;

export const copyInText = ({ name, columns }: StoredTable) =>
  `COPY ${name} (${columns.join(', ')}) FROM STDIN`;

export async function storedSequences(client: ClientBase): Promise<{ name: string; value: string }[]> {
  const { rows } = await client.query<{ name: string; value: string }>(`
    SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS value
    FROM pg_sequences
    WHERE schemaname IN ${schemas} AND last_value IS NOT NULL
    ORDER BY 1`);
  return rows;
}

export const setSequence = (client: ClientBase, name: string, value: string) =>
  client.query('SELECT setval($1::regclass, $2::bigint)', [name, value]);

export async function recordedMigrations(client: ClientBase): Promise<{ name: string; checksum: string }[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>(`
    SELECT migration_name AS name, checksum FROM public._prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`);
  return rows;
}

export async function isMigrated(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AND to_regclass('identity.account') IS NOT NULL AS there`,
  );
  return rows[0]?.there ?? false;
}

export async function holdsAccounts(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ some: boolean }>(
    'SELECT EXISTS (SELECT FROM identity.account) OR EXISTS (SELECT FROM identity."user") AS some',
  );
  return rows[0]?.some ?? false;
}

export interface StoredFile {
  readonly key: string;
  readonly size: number;
}

/** Files whose bytes have all arrived. */
export async function storedFiles(client: ClientBase): Promise<StoredFile[]> {
  const { rows } = await client.query<{ key: string; size: string }>(`
    SELECT DISTINCT storage_key AS key, size::text AS size FROM platform.file
    WHERE stored_at IS NOT NULL ORDER BY 1`);
  return rows.map(({ key, size }) => ({ key, size: Number(size) }));
}

/** Whether a file still has a row now, outside the snapshot. */
export async function fileIsThere(client: ClientBase, key: string): Promise<boolean> {
  const { rowCount } = await client.query(
    'SELECT FROM platform.file WHERE storage_key = $1 AND stored_at IS NOT NULL LIMIT 1',
    [key],
  );
  return (rowCount ?? 0) > 0;
}

interface Rebuilt {
  readonly undo: string;
  readonly redo: string;
}

/**
 * Tables refer to each other in circles and triggers watch single edits, so for loading foreign keys go and come
 * back, which checks them all, and triggers rest. Each is the way there and the way back.
 */
export async function loosened(client: ClientBase): Promise<Rebuilt[]> {
  const { rows } = await client.query<Rebuilt>(`
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname) AS undo,
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) AS redo
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid AND NOT c.relispartition
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0 AND n.nspname IN ${schemas}
    UNION ALL
    SELECT format('ALTER TABLE %s DISABLE TRIGGER USER', c.oid::regclass),
           format('ALTER TABLE %s ENABLE TRIGGER USER', c.oid::regclass)
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname IN ${schemas}
      AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)`);
  return rows;
}

export const emptyTables = (client: ClientBase, names: readonly string[]) =>
  client.query(`TRUNCATE ${names.join(', ')}`);
