/**
 * The account handle: the only way from a request or a job to data.
 *
 * It is made for one actor in one account, carries the tag that builds statements, and knows the account's id, so
 * that every statement can name it.
 */
import type { Readable } from 'node:stream';
import type pg from 'pg';
import type { SqlTag, Statement } from './statement';

/** How far somebody reaches within their account. What lies outside is, to them, what never was. */
export interface Scope {
  /**
   * Sets of org units. A unit is in scope when each set has one at or above it: a token has the set of its member and
   * one of its own. No set: every unit.
   */
  readonly units: readonly (readonly string[])[];
  /** Ids of projects; null: all. */
  readonly projects: readonly string[] | null;
  /** Ids of the types of org units that may be edited; null: all, and units without a type. */
  readonly writableTypes: readonly string[] | null;
}

/** On whose behalf something is done; what is written says so in its change event. */
export interface Actor {
  readonly accountId: string;
  readonly userId?: string;
  readonly tokenId?: string;
  readonly jobId?: string;
  /** The user for whom a service token or an administrator acts. */
  readonly onBehalfOf?: string;
  /** Ties together what one request did, also in the jobs it asked for. */
  readonly requestId: string;
  /** How far reads and edits through the handle reach; the whole account without it. */
  readonly scope?: Scope;
  /** Nobody in particular, who reads what is marked public. */
  readonly anonymous?: boolean;
}

/** What can be done with statements, with or without an account. */
export interface Queries {
  readonly sql: SqlTag;
  rows<Row>(statement: Statement): Promise<Row[]>;
  /** Exactly one row; more or none is a defect and throws. */
  one<Row>(statement: Statement): Promise<Row>;
  /** One row or none; more is a defect and throws. */
  maybe<Row>(statement: Statement): Promise<Row | undefined>;
  /** The number of rows written. */
  execute(statement: Statement): Promise<number>;
  /** Rows in batches through a server-side cursor: memory does not grow with their number. */
  stream<Row>(statement: Statement, batchSize?: number): AsyncGenerator<Row[]>;
  /** `COPY … FROM STDIN`; the statement takes no values. Returns the number of rows. */
  copyIn(statement: Statement, source: Readable): Promise<number>;
  /** `COPY … TO STDOUT`, to be consumed or destroyed by the caller; the statement takes no values. */
  copyOut(statement: Statement): Promise<Readable>;
}

export interface TransactionOptions {
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
  readOnly?: boolean;
}

export interface AccountDatabase extends Queries {
  readonly account: string;
  readonly actor: Actor;
  /** Commits when the work resolves and rolls back when it throws; within a transaction it is a savepoint. */
  transaction<Result>(
    work: (transaction: AccountTransaction) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
}

export interface AccountTransaction extends AccountDatabase {
  readonly client: pg.PoolClient;
  /** Tells listeners of the channel when, and only when, the transaction commits. At most 8,000 bytes. */
  notify(channel: string, payload: string): Promise<void>;
  /**
   * Calls after the commit, with a handle that is no longer in the transaction; not after a rollback. For hints
   * only: a process may end between commit and call. Unlike `notify` it makes no committing writer wait.
   */
  afterCommit(call: (db: AccountDatabase) => void): void;
}

/** The handle without an account: for persons and credentials, the sealer and the relay, and nothing else. */
export interface SystemDatabase extends Queries {
  transaction<Result>(
    work: (transaction: SystemTransaction) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
  /** The handle of one account, for work that goes through the accounts one by one. */
  forAccount(actor: Actor): AccountDatabase;
}

export interface SystemTransaction extends SystemDatabase {
  readonly client: pg.PoolClient;
  /** The account's handle within this transaction. */
  accountTransaction(actor: Actor): AccountTransaction;
  notify(channel: string, payload: string): Promise<void>;
}
