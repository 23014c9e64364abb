export { accountPrisma } from './account-prisma';
export { Database, type DatabaseOptions, observeAccountStatements } from './database';
export type {
  AccountDatabase,
  AccountTransaction,
  Actor,
  Queries,
  SystemDatabase,
  SystemTransaction,
  TransactionOptions,
} from './handle';
export { isId, newId } from './ids';
export type { StatementObserver } from './queries';
export { type SqlTag, Statement } from './statement';
export { isViolation, violatedConstraint } from './violations';
