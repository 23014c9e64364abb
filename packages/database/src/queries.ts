/**
 * Statements run on a pool (one connection each) or on the one connection of a transaction.
 */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Queries } from './handle';
import { createSqlTag, type Statement } from './statement';

/** Sees each statement before it runs; tests use it to refuse one that does not name the account. */
export type StatementObserver = (text: string) => void;

/** Lends a connection for as long as the work takes. */
export type Lend = <Result>(work: (client: pg.PoolClient) => Promise<Result>) => Promise<Result>;

const DEFAULT_BATCH = 1000;

/** Names of kept statements by their text, of which there are as many as stand in the code. */
const keptNames = new Map<string, string>();

function queryOf({ text, values, kept }: Statement): pg.QueryConfig {
  if (!kept) return { text, values: [...values] };
  const name = keptNames.get(text) ?? `kept_${keptNames.size + 1}`;
  keptNames.set(text, name);
  return { name, text, values: [...values] };
}

export class StatementQueries implements Queries {
  readonly sql = createSqlTag();

  constructor(
    protected readonly lend: Lend,
    protected readonly observe: StatementObserver | undefined,
    /** A cursor lives in a transaction; on a pool it needs one of its own. */
    private readonly inTransaction: boolean,
  ) {}

  async rows<Row>(statement: Statement): Promise<Row[]> {
    return (await this.run(statement)).rows as Row[];
  }

  async one<Row>(statement: Statement): Promise<Row> {
    const row = await this.maybe<Row>(statement);
    if (row === undefined)
      throw new Error(`One row was expected, none came: ${statement.text.slice(0, 200)}`);
    return row;
  }

  async maybe<Row>(statement: Statement): Promise<Row | undefined> {
    const rows = await this.rows<Row>(statement);
    if (rows.length > 1)
      throw new Error(`${rows.length} rows came, one was expected: ${statement.text.slice(0, 200)}`);
    return rows[0];
  }

  async execute(statement: Statement): Promise<number> {
    return (await this.run(statement)).rowCount ?? 0;
  }

  async *stream<Row>(statement: Statement, batchSize = DEFAULT_BATCH): AsyncGenerator<Row[]> {
    const lease = await this.lease();
    const cursor = `stream_${Math.random().toString(36).slice(2)}`;
    let failed = true;
    try {
      this.observe?.(statement.text);
      if (!this.inTransaction) await lease.client.query('BEGIN');
      await lease.client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${statement.text}`, [
        ...statement.values,
      ]);
      for (;;) {
        const { rows } = await lease.client.query(`FETCH ${batchSize} FROM ${cursor}`);
        if (rows.length > 0) yield rows as Row[];
        if (rows.length < batchSize) break;
      }
      await lease.client.query(`CLOSE ${cursor}`);
      failed = false;
    } finally {
      if (!this.inTransaction)
        await lease.client.query(failed ? 'ROLLBACK' : 'COMMIT').catch(() => undefined);
      else if (failed) await lease.client.query(`CLOSE ${cursor}`).catch(() => undefined);
      lease.release();
    }
  }

  async copyIn(statement: Statement, source: Readable): Promise<number> {
    this.observe?.(statement.text);
    return this.lend(async (client) => {
      const sink = client.query(copyFrom(statement.text));
      await pipeline(source, sink);
      return sink.rowCount ?? 0;
    });
  }

  async copyOut(statement: Statement): Promise<Readable> {
    this.observe?.(statement.text);
    const lease = await this.lease();
    const stream = lease.client.query(copyTo(statement.text));
    stream.once('close', () => lease.release());
    return stream;
  }

  private run(statement: Statement): Promise<pg.QueryResult> {
    this.observe?.(statement.text);
    return this.lend((client) => client.query(queryOf(statement)));
  }

  /** A connection that outlives one call: the lender gets it back at `release`. */
  private lease(): Promise<{ client: pg.PoolClient; release: () => void }> {
    return new Promise((resolve, reject) => {
      this.lend((client) => new Promise<void>((release) => resolve({ client, release }))).catch(reject);
    });
  }
}
