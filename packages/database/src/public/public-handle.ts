/** The handle of an anonymous request: it reads rows marked public, writes nothing, and has no transactions. */
import type { Readable } from 'node:stream';
import { unauthenticated } from '@iroko/errors';
import type { AccountDatabase, Actor } from '../handle';
import type { Statement } from '../statement';
import { publicStatement } from './public-statement';

export class PublicAccountDatabase implements AccountDatabase {
  constructor(private readonly whole: AccountDatabase) {}

  get account(): string {
    return this.whole.account;
  }

  get actor(): Actor {
    return this.whole.actor;
  }

  get sql() {
    return this.whole.sql;
  }

  async rows<Row>(statement: Statement): Promise<Row[]> {
    return this.whole.rows<Row>(publicStatement(statement));
  }

  async one<Row>(statement: Statement): Promise<Row> {
    return this.whole.one<Row>(publicStatement(statement));
  }

  async maybe<Row>(statement: Statement): Promise<Row | undefined> {
    return this.whole.maybe<Row>(publicStatement(statement));
  }

  async *stream<Row>(statement: Statement, batchSize?: number): AsyncGenerator<Row[]> {
    yield* this.whole.stream<Row>(publicStatement(statement), batchSize);
  }

  async execute(): Promise<number> {
    throw unauthenticated();
  }

  async transaction<Result>(): Promise<Result> {
    throw unauthenticated();
  }

  async copyIn(): Promise<number> {
    throw unauthenticated();
  }

  async copyOut(): Promise<Readable> {
    throw unauthenticated();
  }
}
