export { accountPrisma } from './account-prisma';
export { accountSchemas, tablesWithoutAccount } from './account-rule/relations';
export { Database, type DatabaseOptions, observeAccountStatements } from './database';
export { type EmbeddedOptions, type EmbeddedServer, runningServerUrl, startEmbeddedServer } from './embedded';
export type {
  AccountDatabase,
  AccountTransaction,
  Actor,
  Queries,
  Scope,
  SystemDatabase,
  SystemTransaction,
  TransactionOptions,
} from './handle';
export { isId, newId } from './ids';
export {
  type MigrateOptions,
  type Migration,
  migrate,
  migrationsFolder,
  migrationsHash,
  readMigrations,
} from './migrate';
export { OperatorError } from './operator-error';
export { TABLES_WITH_PUBLIC_ROWS } from './public/public-statement';
export type { StatementObserver } from './queries';
export { subgraphRole, usableRoles } from './roles.sql';
export { type SqlTag, Statement } from './statement';
export { emptyDatabaseUrl, testDatabaseUrl } from './testing/test-database';
export { isViolation, violatedConstraint } from './violations';
