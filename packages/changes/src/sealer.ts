/**
 * The sealer gives committed events their position and hash, so that a reader who goes by position misses nothing:
 * an event whose transaction commits late is simply sealed late.
 *
 * Any process may run one, and each that writes does. Per account an advisory lock lets one of them work at a time; it
 * ends with the statement, so a process that dies leaves nothing behind.
 */
import type { Database, SystemDatabase } from '@iroko/database';
import { counter, durationHistogram, type Logger } from '@iroko/telemetry';
import { accountsWithUnsealed, sealChanges } from './sealer.sql';
import { SEALED_CHANNEL, sealsHere, WRITTEN_CHANNEL } from './wake';

/** Large enough that a batch is dominated by its rows, small enough to be sealed in some tens of milliseconds. */
const BATCH = 1000;
/** How long a lost notification can delay an event. */
const POLL_MS = 1000;
/**
 * It begins no oftener than this. A lone change is sealed at once; those that come faster are sealed together, and their
 * writers keep most of the machine.
 */
const EVERY_MS = 20;

const sealedEvents = counter('changes_sealed_total', 'Change events that were given a position.');
const sealDelay = durationHistogram(
  'change_seal_delay',
  'From the writing of the oldest change event of a batch to its position.',
);

export class Sealer {
  private readonly waiting = new Set<string>();
  private running: Promise<void> | undefined;
  private poll: NodeJS.Timeout | undefined;
  private unlisten: (() => Promise<void>) | undefined;
  private leave: (() => void) | undefined;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly log: Logger,
    private readonly pollMs = POLL_MS,
  ) {}

  async start(): Promise<void> {
    this.leave = sealsHere((accountId) => this.wake(accountId));
    this.unlisten = await this.database.listen(WRITTEN_CHANNEL, (accountId) =>
      accountId ? this.wake(accountId) : this.look(),
    );
    this.poll = setInterval(() => this.look(), this.pollMs);
    this.look();
  }

  /** Resolves when the batch at hand is committed. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.leave?.();
    clearInterval(this.poll);
    await this.unlisten?.();
    await this.running;
  }

  private look(): void {
    if (this.stopped) return;
    accountsWithUnsealed(this.database.system)
      .then((accounts) => {
        for (const { accountId } of accounts) this.wake(accountId);
      })
      .catch((error: unknown) => this.log.warn({ err: error }, 'the sealer cannot look for events'));
  }

  private wake(accountId: string): void {
    if (this.stopped) return;
    this.waiting.add(accountId);
    this.running ??= this.sealWaiting().finally(() => {
      this.running = undefined;
      for (const account of this.waiting) this.wake(account);
    });
  }

  private async sealWaiting(): Promise<void> {
    while (this.waiting.size > 0 && !this.stopped) {
      const next = performance.now() + EVERY_MS;
      const accounts = [...this.waiting];
      this.waiting.clear();
      for (const accountId of accounts) {
        if (this.stopped) return;
        let sealed = BATCH;
        while (sealed === BATCH && !this.stopped) sealed = await this.seal(accountId);
      }
      await pause(next - performance.now());
    }
  }

  /** What failed is tried again by the next look. */
  private seal(accountId: string): Promise<number> {
    return sealBatch(this.database.system, accountId).catch((error: unknown) => {
      this.log.warn({ err: error, accountId }, 'the sealer cannot seal');
      return 0;
    });
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, milliseconds));
  });
}

/** Seals at most one batch of an account; returns how many. */
export async function sealBatch(system: SystemDatabase, accountId: string): Promise<number> {
  const { sealed, oldest } = await sealChanges(system, accountId, BATCH, SEALED_CHANNEL);
  sealedEvents.inc(sealed);
  if (oldest) sealDelay.observe(Math.max(0, Date.now() - oldest.getTime()) / 1000);
  return sealed;
}

/** Seals everything that is committed now, in this process; for tests and commands. */
export async function sealAll(system: SystemDatabase, accountId: string): Promise<void> {
  while ((await sealBatch(system, accountId)) > 0);
}
