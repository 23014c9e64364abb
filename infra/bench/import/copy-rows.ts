/**
 * The baseline of imports: COPY of the same final rows into the same tables, with their keys, checks and indexes, in one
 * transaction. The triggers that check the tree are off: they refuse paths and states that do not come in one statement,
 * which COPY cannot do. So the baseline does less than it might.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Database } from '@iroko/database';
import type pg from 'pg';
import { from, to } from 'pg-copy-streams';
import { COPIED_TABLES, clearTables, copyText, setTriggers } from './copy-rows.sql';

export class CopiedRows {
  constructor(
    private readonly database: Database,
    private readonly folder: string,
  ) {}

  /** Keeps what the import wrote. */
  async keep(): Promise<void> {
    await this.client(async (client) => {
      for (const table of COPIED_TABLES) {
        await pipeline(client.query(to(copyText(table, 'TO STDOUT'))), createWriteStream(this.fileOf(table)));
      }
    });
  }

  /** Seconds to put it back into empty tables. */
  async copy(): Promise<number> {
    await this.clear();
    return this.client(async (client) => {
      const started = performance.now();
      await client.query('BEGIN');
      await client.query(setTriggers('DISABLE'));
      for (const table of COPIED_TABLES) {
        await pipeline(
          createReadStream(this.fileOf(table)),
          client.query(from(copyText(table, 'FROM STDIN'))),
        );
      }
      await client.query(setTriggers('ENABLE'));
      await client.query('COMMIT');
      return (performance.now() - started) / 1000;
    });
  }

  /** Empty units, states and paths, and a checkpoint, so that each run begins alike. */
  async clear(): Promise<void> {
    await this.client(async (client) => {
      await client.query(clearTables);
      await client.query('CHECKPOINT');
    });
  }

  private fileOf(table: string): string {
    return join(this.folder, `${table}.copy`);
  }

  private async client<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.database.pool.connect();
    try {
      return await work(client);
    } finally {
      client.release();
    }
  }
}
