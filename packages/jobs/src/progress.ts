/**
 * Progress as a person watches it: twice a second is enough, and the last word always arrives.
 */
import type { Progress } from './lease.sql';

const INTERVAL_MS = 500;

export class ProgressWriter {
  private waiting: Progress | undefined;
  private writing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writtenAt = Number.NEGATIVE_INFINITY;

  constructor(
    /** Never rejects: a handler does not fail because its progress could not be shown. */
    private readonly write: (progress: Progress) => Promise<void>,
    private readonly intervalMs = INTERVAL_MS,
  ) {}

  report(progress: Progress): void {
    this.waiting = progress;
    if (this.writing || this.timer) return;
    const wait = this.writtenAt + this.intervalMs - performance.now();
    if (wait <= 0) this.writeWaiting();
    else this.timer = setTimeout(() => this.writeWaiting(), wait);
  }

  /** Writes what still waits. */
  async flush(): Promise<void> {
    await this.writing;
    if (this.waiting) this.writeWaiting();
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.writing;
  }

  private writeWaiting(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const progress = this.waiting;
    if (!progress) return;
    this.waiting = undefined;
    this.writtenAt = performance.now();
    this.writing = this.write(progress).finally(() => {
      this.writing = undefined;
      if (this.waiting && !this.timer) {
        const wait = Math.max(0, this.writtenAt + this.intervalMs - performance.now());
        this.timer = setTimeout(() => this.writeWaiting(), wait);
      }
    });
  }
}
