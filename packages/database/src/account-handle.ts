/**
 * The account handle and the system handle over one pool.
 */
import type pg from 'pg';
import type {
  AccountDatabase,
  AccountTransaction,
  Actor,
  SystemDatabase,
  SystemTransaction,
  TransactionOptions,
} from './handle';
import { type Lend, type StatementObserver, StatementQueries } from './queries';

type Hint = (db: AccountDatabase) => void;

export class PoolAccountDatabase extends StatementQueries implements AccountDatabase {
  constructor(
    private readonly pool: pg.Pool,
    readonly actor: Actor,
    observe: StatementObserver | undefined,
  ) {
    super(poolLender(pool), observe, false);
  }

  get account(): string {
    return this.actor.accountId;
  }

  async transaction<Result>(
    work: (transaction: AccountTransaction) => Promise<Result>,
    options: TransactionOptions = {},
  ): Promise<Result> {
    const hints: Hint[] = [];
    const done = await inTransaction(this.pool, options, (client) =>
      work(new OpenAccountTransaction(client, this.actor, this.observe, hints)),
    );
    for (const hint of hints) hint(this);
    return done;
  }
}

class OpenAccountTransaction extends StatementQueries implements AccountTransaction {
  constructor(
    readonly client: pg.PoolClient,
    readonly actor: Actor,
    observe: StatementObserver | undefined,
    private readonly hints: Hint[],
  ) {
    super(clientLender(client), observe, true);
  }

  get account(): string {
    return this.actor.accountId;
  }

  transaction<Result>(work: (transaction: AccountTransaction) => Promise<Result>): Promise<Result> {
    return inSavepoint(this.client, () => work(this));
  }

  async notify(channel: string, payload: string): Promise<void> {
    await this.client.query('SELECT pg_notify($1, $2)', [channel, payload]);
  }

  afterCommit(call: Hint): void {
    this.hints.push(call);
  }
}

export class PoolSystemDatabase extends StatementQueries implements SystemDatabase {
  constructor(
    private readonly pool: pg.Pool,
    observe: StatementObserver | undefined,
    private readonly observeAccount: StatementObserver | undefined,
  ) {
    super(poolLender(pool), observe, false);
  }

  forAccount(actor: Actor): AccountDatabase {
    return new PoolAccountDatabase(this.pool, actor, this.observeAccount);
  }

  async transaction<Result>(
    work: (transaction: SystemTransaction) => Promise<Result>,
    options: TransactionOptions = {},
  ): Promise<Result> {
    const hints: (() => void)[] = [];
    const done = await inTransaction(this.pool, options, (client) =>
      work(new OpenSystemTransaction(client, this.observe, this.observeAccount, this, hints)),
    );
    for (const hint of hints) hint();
    return done;
  }
}

class OpenSystemTransaction extends StatementQueries implements SystemTransaction {
  constructor(
    readonly client: pg.PoolClient,
    observe: StatementObserver | undefined,
    private readonly observeAccount: StatementObserver | undefined,
    private readonly outside: SystemDatabase,
    private readonly hints: (() => void)[],
  ) {
    super(clientLender(client), observe, true);
  }

  forAccount(actor: Actor): AccountDatabase {
    return this.accountTransaction(actor);
  }

  accountTransaction(actor: Actor): AccountTransaction {
    const hints: Hint[] = [];
    this.hints.push(() => {
      for (const hint of hints) hint(this.outside.forAccount(actor));
    });
    return new OpenAccountTransaction(this.client, actor, this.observeAccount, hints);
  }

  transaction<Result>(work: (transaction: SystemTransaction) => Promise<Result>): Promise<Result> {
    return inSavepoint(this.client, () => work(this));
  }

  async notify(channel: string, payload: string): Promise<void> {
    await this.client.query('SELECT pg_notify($1, $2)', [channel, payload]);
  }
}

function poolLender(pool: pg.Pool): Lend {
  return async (work) => {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      broken = connectionLoss(error);
      throw error;
    } finally {
      client.release(broken);
    }
  };
}

function clientLender(client: pg.PoolClient): Lend {
  return (work) => work(client);
}

async function inTransaction<Result>(
  pool: pg.Pool,
  options: TransactionOptions,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(
      `BEGIN ISOLATION LEVEL ${options.isolation ?? 'read committed'}${options.readOnly ? ' READ ONLY' : ''}`,
    );
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A connection whose rollback fails is in an unknown state and must not be lent again.
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

let savepoints = 0;

async function inSavepoint<Result>(client: pg.PoolClient, work: () => Promise<Result>): Promise<Result> {
  const name = `savepoint_${++savepoints}`;
  await client.query(`SAVEPOINT ${name}`);
  try {
    const result = await work();
    await client.query(`RELEASE SAVEPOINT ${name}`);
    return result;
  } catch (error) {
    await client.query(`ROLLBACK TO SAVEPOINT ${name}`);
    throw error;
  }
}

/** The error itself when the connection is gone, so that the pool drops it. */
function connectionLoss(error: unknown): Error | undefined {
  const code = (error as { code?: string }).code;
  const lost = code?.startsWith('08') || code?.startsWith('57P') || code === 'ECONNRESET' || code === 'EPIPE';
  return lost && error instanceof Error ? error : undefined;
}
