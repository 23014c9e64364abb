/** Prisma's own record of migrations, so that `prisma migrate deploy` finds what it would have written. */
import type { ClientBase } from 'pg';

export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

// The number Prisma's engine locks too: our runner and `prisma migrate deploy` wait for each other.
const prismaLock = 72_707_369;

export const lockMigrations = (client: ClientBase) =>
  client.query('SELECT pg_advisory_lock($1)', [prismaLock]);

export const unlockMigrations = (client: ClientBase) =>
  client.query('SELECT pg_advisory_unlock($1)', [prismaLock]);

export const createMigrationTable = (client: ClientBase) =>
  client.query(`
    CREATE TABLE IF NOT EXISTS public._prisma_migrations (
      id varchar(36) PRIMARY KEY NOT NULL,
      checksum varchar(64) NOT NULL,
      finished_at timestamptz,
      migration_name varchar(255) NOT NULL,
      logs text,
      rolled_back_at timestamptz,
      started_at timestamptz NOT NULL DEFAULT now(),
      applied_steps_count integer NOT NULL DEFAULT 0
    )`);

export async function appliedMigrations(client: ClientBase): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(`
    SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
    FROM public._prisma_migrations
    WHERE rolled_back_at IS NULL
    ORDER BY started_at`);
  return rows;
}

export const recordMigration = (client: ClientBase, name: string, checksum: string) =>
  client.query(
    `INSERT INTO public._prisma_migrations
       (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES (gen_random_uuid()::text, $1, $2, now(), clock_timestamp(), 1)`,
    [checksum, name],
  );

export async function serverVersion(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  return rows[0]?.version ?? 0;
}
