/**
 * Tells who follows a log that it has grown. PostgreSQL's notification only wakes: a look at the ends of the logs,
 * one statement for all that are followed, finds what a lost notification was about.
 */
import type { Database } from '@iroko/database';
import type { Logger } from '@iroko/telemetry';
import { SEALED_CHANNEL } from './wake';
import { chainEnds } from './watch.sql';

/** How long a lost notification can delay an event. */
const POLL_MS = 1000;

export class ChangeWatch {
  private readonly watchers = new Map<string, Set<() => void>>();
  private readonly ends = new Map<string, number>();
  private unlisten: Promise<() => Promise<void>> | undefined;
  private poll: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly log: Logger,
    private readonly pollMs = POLL_MS,
  ) {}

  /** Calls `wake` when the log of the account has grown, perhaps oftener. What it answers ends that. */
  watch(accountId: string, wake: () => void): () => void {
    this.start();
    const known = this.watchers.get(accountId);
    if (known) known.add(wake);
    else this.watchers.set(accountId, new Set([wake]));
    return () => {
      const left = this.watchers.get(accountId);
      left?.delete(wake);
      if (left?.size !== 0) return;
      this.watchers.delete(accountId);
      this.ends.delete(accountId);
    };
  }

  async close(): Promise<void> {
    clearInterval(this.poll);
    await (await this.unlisten?.catch(() => undefined))?.();
  }

  private start(): void {
    this.poll ??= setInterval(() => this.look(), this.pollMs).unref();
    this.unlisten ??= this.database.listen(SEALED_CHANNEL, (accountId) => {
      // An empty payload follows a lost connection.
      if (accountId) this.wake(accountId);
      else this.look();
    });
    // Without notifications the look still finds everything; the next watcher tries again.
    this.unlisten.catch(() => {
      this.unlisten = undefined;
    });
  }

  private wake(accountId: string): void {
    for (const wake of this.watchers.get(accountId) ?? []) wake();
  }

  private look(): void {
    const accounts = [...this.watchers.keys()];
    if (accounts.length === 0) return;
    chainEnds(this.database.system, accounts)
      .then((ends) => {
        for (const { accountId, position } of ends) {
          if (this.ends.get(accountId) === position) continue;
          this.ends.set(accountId, position);
          this.wake(accountId);
        }
      })
      .catch((error: unknown) => this.log.warn({ err: error }, 'the ends of logs cannot be looked at'));
  }
}
