/**
 * One pool of connections, and the handles over it. A process opens one Database per subgraph it hosts, so that
 * each subgraph can connect with a role that writes only its own schema.
 */
import pg from 'pg';
import { PoolAccountDatabase, PoolSystemDatabase } from './account-handle';
import type { AccountDatabase, Actor, SystemDatabase } from './handle';
import { Listener } from './listener';
import { PublicAccountDatabase } from './public/public-handle';
import type { StatementObserver } from './queries';

export interface DatabaseOptions {
  url: string;
  /** Stands in `pg_stat_activity`, so that an operator sees whose connection it is. */
  name: string;
  /** Connections at most. */
  maxConnections?: number;
  /** A role to act as; the connecting user must be a member of it. */
  role?: string;
  /** Called with every statement of account handles before it runs. */
  observeAccountStatements?: StatementObserver;
}

export class Database {
  readonly pool: pg.Pool;
  readonly system: SystemDatabase;
  private readonly listener: Listener;
  private readonly observe: StatementObserver | undefined;

  constructor(readonly options: DatabaseOptions) {
    this.observe = options.observeAccountStatements ?? defaultObserver;
    this.pool = new pg.Pool({
      connectionString: options.url,
      application_name: `iroko ${options.name}`,
      max: options.maxConnections ?? 10,
      types: { getTypeParser },
      ...(options.role ? { options: `-c role=${options.role}` } : {}),
    });
    // Without a listener an idle connection that breaks would end the process; the pool replaces it by itself.
    this.pool.on('error', () => undefined);
    // The same for one that breaks in the middle of a transaction, between two statements: the next of them fails.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    this.system = new PoolSystemDatabase(this.pool, undefined, this.observe);
    this.listener = new Listener(options.url);
  }

  /** The account handle of an actor; that of an anonymous one reads public rows and nothing else. */
  forAccount(actor: Actor): AccountDatabase {
    const whole = new PoolAccountDatabase(this.pool, actor, this.observe);
    return actor.anonymous ? new PublicAccountDatabase(whole) : whole;
  }

  /** Calls the handler for each notification; survives a lost connection. The promise resolves to the way to stop. */
  listen(channel: string, handler: (payload: string) => void): Promise<() => Promise<void>> {
    return this.listener.listen(channel, handler);
  }

  /** Throws when the database cannot be reached. */
  async check(): Promise<void> {
    await this.pool.query('SELECT 1');
  }

  async close(): Promise<void> {
    await this.listener.close();
    await this.pool.end();
  }
}

let defaultObserver: StatementObserver | undefined;

/** Sets what every Database of this process opened from now on does with statements; for the test-suite. */
export function observeAccountStatements(observer: StatementObserver | undefined): void {
  defaultObserver = observer;
}

const INT8 = 20;
const DATE = 1082;
const INT8_ARRAY = 1016;
const DATE_ARRAY = 1182;
const NUMERIC_ARRAY = 1231;
const TEXT_ARRAY = 1009;

const parserOf = (oid: number, format?: string): ((text: string) => unknown) =>
  pg.types.getTypeParser(oid, format as 'text');

/** int8 as number (our counts stay below 2^53), date as its text, since a day has no time zone. */
const PARSERS: Record<number, (text: string) => unknown> = {
  [INT8]: Number,
  [DATE]: (text) => text,
  [INT8_ARRAY]: (text) => (parserOf(NUMERIC_ARRAY)(text) as string[]).map(Number),
  [DATE_ARRAY]: (text) => parserOf(TEXT_ARRAY)(text),
};

function getTypeParser(oid: number, format?: string): (value: string) => unknown {
  return (format !== 'binary' && PARSERS[oid]) || parserOf(oid, format);
}
