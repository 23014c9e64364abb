/**
 * The lease of one run: renewed while the handler works, watched for a cancellation, and given up at the end.
 * It uses connections of its own, so that a handler that takes all others cannot lose it.
 */
import type { AccountDatabase } from '@iroko/database';
import type { Logger } from '@iroko/telemetry';
import { type LeaseKey, lookAtLease, renewLease } from './lease.sql';

/** Why a run has to stop. */
export type StopReason = 'CANCELLED' | 'LEASE_LOST' | 'WORKER_STOPS';

export class JobStopped extends Error {
  override name = 'JobStopped';
  constructor(readonly reason: StopReason) {
    super(
      {
        CANCELLED: 'The job was cancelled.',
        LEASE_LOST: 'The job is no longer ours: its lease ran out and another worker may run it.',
        WORKER_STOPS: 'The worker stops; the job will be run again.',
      }[reason],
    );
  }
}

/** A cancellation is seen within half a second. */
const WATCH_MS = 500;

export class Lease {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;
  private renewedAt = performance.now();

  constructor(
    /** The account handle over the leases' own connections. */
    readonly db: AccountDatabase,
    readonly key: LeaseKey,
    private readonly leaseMs: number,
    private readonly log: Logger,
  ) {
    this.timer = setInterval(
      () => {
        this.beating ??= this.beat().finally(() => {
          this.beating = undefined;
        });
      },
      Math.min(WATCH_MS, leaseMs / 4),
    );
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  stop(reason: StopReason): void {
    if (!this.signal.aborted) this.controller.abort(new JobStopped(reason));
  }

  throwIfStopped(): void {
    this.signal.throwIfAborted();
  }

  /** Stops to renew; the row is left to whoever ends the run. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
  }

  private async beat(): Promise<void> {
    const now = performance.now();
    const due = now - this.renewedAt > this.leaseMs / 3;
    try {
      const beat = due
        ? await renewLease(this.db, this.key, this.leaseMs)
        : await lookAtLease(this.db, this.key);
      if (!beat) this.stop('LEASE_LOST');
      else if (beat.cancelled) this.stop('CANCELLED');
      if (due && beat) this.renewedAt = now;
    } catch (error) {
      this.log.warn({ err: error }, 'a lease could not be renewed');
      // The database may have given the job to somebody else by now.
      if (performance.now() - this.renewedAt > this.leaseMs) this.stop('LEASE_LOST');
    }
  }
}
