/**
 * Waiting for news, for a while, or for the client to go.
 */

/** Told that something happened; whoever waits is woken, and what happened before it waited counts too. */
export class Bell {
  private rung = false;
  private waiting: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.waiting?.();
  }

  /** To be called before looking: only what happens from now on counts. */
  still(): void {
    this.rung = false;
  }

  /** True when it rang; false after the time, or at once when the signal is aborted. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<boolean> {
    if (!this.rung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          this.waiting = undefined;
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        signal.addEventListener('abort', done);
        this.waiting = done;
      });
    }
    return this.rung && !signal.aborted;
  }
}
