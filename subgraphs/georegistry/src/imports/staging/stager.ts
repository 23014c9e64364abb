/**
 * Sends what was read to the staging tables, in pieces: while the database takes one piece, the next is read. Memory
 * holds two pieces, whatever the size of the file.
 */
import type { AccountTransaction } from '@iroko/database';
import { copyDefects, copyRows, copyShapes } from './staging.sql';

/** Characters of COPY text: some 20,000 rows. */
const PIECE_MAX = 4 * 1024 * 1024;

export class Stager {
  private rows = '';
  private defects = '';
  private shapes = '';
  private pending: Promise<void> = Promise.resolve();
  private failure: unknown;

  constructor(private readonly tx: AccountTransaction) {}

  row(line: string): void {
    this.rows += line;
  }

  defect(line: string): void {
    this.defects += line;
  }

  shape(lines: string): void {
    this.shapes += lines;
  }

  /** To be called now and then; waits only when the database is a whole piece behind. */
  async breathe(): Promise<void> {
    if (this.rows.length + this.shapes.length + this.defects.length < PIECE_MAX) return;
    await this.send();
  }

  async end(): Promise<void> {
    await this.send();
    await this.settled();
  }

  private async send(): Promise<void> {
    await this.settled();
    const { rows, defects, shapes } = this;
    this.rows = '';
    this.defects = '';
    this.shapes = '';
    this.pending = this.copy(rows, defects, shapes).catch((error: unknown) => {
      this.failure = error;
    });
  }

  private async settled(): Promise<void> {
    await this.pending;
    if (this.failure !== undefined) throw this.failure;
  }

  private async copy(rows: string, defects: string, shapes: string): Promise<void> {
    if (rows !== '') await copyRows(this.tx, rows);
    if (defects !== '') await copyDefects(this.tx, defects);
    if (shapes !== '') await copyShapes(this.tx, shapes);
  }
}
