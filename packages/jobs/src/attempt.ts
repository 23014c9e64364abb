/**
 * One attempt at a job as its handler sees it: see RunningJob for what each part promises.
 */
import { type AccountDatabase, type AccountTransaction, newId } from '@iroko/database';
import type { Logger } from '@iroko/telemetry';
import type { Viewer } from '@iroko/viewer';
import type { JobLogLevel, RunningJob } from './definition';
import { JobStopped, type Lease } from './lease';
import { insertLogLine, lockLease, succeed, writeProgress } from './lease.sql';
import { ProgressWriter } from './progress';

const MESSAGE_MAX = 10_000;

export class Attempt implements RunningJob {
  /** Whether `complete` has ended the job. */
  completed = false;
  private readonly writer: ProgressWriter;

  constructor(
    readonly id: string,
    readonly attempt: number,
    readonly viewer: Viewer,
    readonly db: AccountDatabase,
    private readonly lease: Lease,
    readonly logger: Logger,
  ) {
    this.writer = new ProgressWriter(async (progress) => {
      await writeProgress(lease.db, lease.key, progress).catch((error: unknown) =>
        logger.warn({ err: error }, 'progress could not be written'),
      );
    });
  }

  get signal(): AbortSignal {
    return this.lease.signal;
  }

  throwIfStopped(): void {
    this.lease.throwIfStopped();
  }

  async progress(done: number, total: number | null, unit: string, message?: string): Promise<void> {
    this.throwIfStopped();
    this.writer.report({
      done: Math.round(done),
      total: total === null ? null : Math.round(total),
      unit,
      message: message ?? null,
    });
  }

  async log(level: JobLogLevel, message: string): Promise<void> {
    await insertLogLine(this.lease.db, {
      id: newId(),
      jobId: this.id,
      attempt: this.attempt,
      level,
      message: message.replaceAll('\0', '').slice(0, MESSAGE_MAX),
    });
  }

  commit<Result>(work: (tx: AccountTransaction) => Promise<Result>): Promise<Result> {
    return this.db.transaction((tx) => this.whileHeld(tx, work));
  }

  async complete<Result>(work: (tx: AccountTransaction) => Promise<Result>): Promise<Result> {
    const result = await this.db.transaction(async (tx) => {
      const value = await this.whileHeld(tx, work);
      // Before the row is written here: progress goes over another connection and would wait for it.
      await this.writer.flush();
      if ((await succeed(tx, this.lease.key, resultText(value))) === 0) throw new JobStopped('LEASE_LOST');
      return value;
    });
    this.completed = true;
    return result;
  }

  /** What was reported and not yet written. */
  flush(): Promise<void> {
    return this.writer.flush();
  }

  private async whileHeld<Result>(
    tx: AccountTransaction,
    work: (tx: AccountTransaction) => Promise<Result>,
  ): Promise<Result> {
    await this.hold(tx);
    const result = await work(tx);
    // Cancelled meanwhile: then nothing of it shall stay.
    await this.hold(tx);
    return result;
  }

  private async hold(tx: AccountTransaction): Promise<void> {
    this.throwIfStopped();
    const held = await lockLease(tx, this.lease.key);
    if (!held) throw new JobStopped('LEASE_LOST');
    if (held.cancelled) throw new JobStopped('CANCELLED');
  }
}

/** JSON text of a result; null for a handler that returns nothing. */
export function resultText(result: unknown): string | null {
  return JSON.stringify(result) ?? null;
}
