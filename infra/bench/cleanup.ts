/** Ends whatever a benchmark started, the last first, also after a failure or Ctrl-C. */
export class Cleanup {
  private readonly ends: (() => Promise<unknown> | unknown)[] = [];
  private running: Promise<void> | undefined;

  add(end: () => Promise<unknown> | unknown): void {
    this.ends.push(end);
  }

  /** Every end runs even when another fails; the first failure is thrown at the end. */
  run(): Promise<void> {
    this.running ??= this.runAll();
    return this.running;
  }

  private async runAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let end = this.ends.pop(); end; end = this.ends.pop()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
