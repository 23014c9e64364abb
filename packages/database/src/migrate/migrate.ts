/**
 * Brings a database up to the migrations on disk. Prisma's own command downloads an engine, which not every
 * machine can; this does the same from the same files and leaves the same record.
 */
import { Client } from 'pg';
import { OperatorError } from '../operator-error';
import { type Migration, readMigrations } from './migrations';
import {
  type AppliedMigration,
  appliedMigrations,
  createMigrationTable,
  lockMigrations,
  recordMigration,
  serverVersion,
  unlockMigrations,
} from './prisma-table.sql';

export interface MigrateOptions {
  readonly url: string;
  /** Those of this checkout when absent. */
  readonly migrations?: readonly Migration[];
  /** Called before each migration that has to run. */
  readonly onMigration?: (name: string) => void;
}

// PostgreSQL 15: NULLS NOT DISTINCT, MERGE, security invoker views.
const oldestServer = 150_000;

/** Applies what is missing, each file in a transaction of its own. Answers the names of those applied. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const migrations = options.migrations ?? readMigrations();
  const client = new Client({ connectionString: options.url, application_name: 'iroko migrate' });
  await client.connect().catch((error: Error) => {
    throw unreachable(options.url, error);
  });
  try {
    await refuseOldServer(client);
    // Held by the session, over all transactions: of two processes that start at once, one waits.
    await lockMigrations(client);
    try {
      await createMigrationTable(client);
      const missing = missingMigrations(migrations, await appliedMigrations(client));
      for (const migration of missing) {
        options.onMigration?.(migration.name);
        await apply(client, migration);
      }
      return missing.map(({ name }) => name);
    } finally {
      await unlockMigrations(client);
    }
  } finally {
    await client.end();
  }
}

/** What is on disk and not yet applied. Migrations that only the database knows are of a newer Iroko: left alone. */
export function missingMigrations(
  onDisk: readonly Migration[],
  applied: readonly AppliedMigration[],
): Migration[] {
  const known = new Map(applied.map((record) => [record.name, record]));
  return onDisk.filter(({ name, checksum }) => {
    const record = known.get(name);
    if (!record) return true;
    if (!record.finished) throw halfApplied(name);
    if (record.checksum !== checksum) throw changed(name);
    return false;
  });
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await recordMigration(client, name, checksum);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new OperatorError(`Migration ${name} failed and was rolled back: ${describe(error, sql)}`, [
      'The database is as it was before this migration.',
    ]);
  }
}

/** PostgreSQL names the place of a fault by the number of the character; a person needs the line. */
function describe(error: unknown, sql: string): string {
  const { message, position, detail } = error as { message: string; position?: string; detail?: string };
  const line = position ? ` (line ${sql.slice(0, Number(position)).split('\n').length})` : '';
  return `${message}${line}${detail ? `. ${detail}` : ''}`;
}

async function refuseOldServer(client: Client): Promise<void> {
  const version = await serverVersion(client);
  if (version >= oldestServer) return;
  throw new OperatorError(
    `The database server is PostgreSQL ${Math.floor(version / 10_000)}; 15 is the oldest.`,
    ['Name a newer server in DATABASE_URL, or unset it to use the embedded one.'],
  );
}

function unreachable(url: string, error: Error): OperatorError {
  const { host, pathname } = new URL(url);
  return new OperatorError(`The database ${pathname.slice(1)} at ${host} does not answer: ${error.message}`, [
    'Check DATABASE_URL: host, port, user, password and the name of the database.',
    'Or unset it to use the embedded PostgreSQL.',
  ]);
}

function changed(name: string): OperatorError {
  return new OperatorError(
    `Migration ${name} was applied to this database in another form: its file has changed since.`,
    [
      'Put the file back as it was and write a new migration for the change.',
      'Or use an empty database: set DATA_DIR to another folder, or DATABASE_URL to another database.',
    ],
  );
}

function halfApplied(name: string): OperatorError {
  return new OperatorError(`Migration ${name} was begun by prisma migrate and did not end.`, [
    `Undo what it did, then: npx prisma migrate resolve --rolled-back ${name}`,
  ]);
}
