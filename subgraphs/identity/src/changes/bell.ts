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

  /** Resolves when it has rung, or after the time. */
  async wait(milliseconds: number): Promise<void> {
    if (this.rung) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.waiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.waiting = undefined;
  }
}
