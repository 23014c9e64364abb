export { type MigrateOptions, migrate } from './migrate';
export { type Migration, migrationsFolder, migrationsHash, readMigrations } from './migrations';
