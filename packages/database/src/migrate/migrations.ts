/** The migrations on disk, in Prisma's own layout: `<time>_<name>/migration.sql`. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Migration {
  /** The folder's name; migrations run in its order. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, as Prisma records it. */
  readonly checksum: string;
}

/** `prisma/migrations` of this checkout; the path is as long from `src` as from `dist`. */
export const migrationsFolder = resolve(__dirname, '../../../../prisma/migrations');

export function readMigrations(folder = migrationsFolder): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({ name, path: join(folder, name, 'migration.sql') }))
    .filter(({ path }) => existsSync(path))
    .map(({ name, path }) => readMigration(name, path));
}

function readMigration(name: string, path: string): Migration {
  const content = readFileSync(path);
  return {
    name,
    sql: content.toString('utf8'),
    checksum: createHash('sha256').update(content).digest('hex'),
  };
}

/** One value for all of them: the same migrations give the same database. */
export function migrationsHash(migrations: readonly Migration[]): string {
  const hash = createHash('sha256');
  for (const { name, checksum } of migrations) hash.update(`${name}\0${checksum}\n`);
  return hash.digest('hex');
}
