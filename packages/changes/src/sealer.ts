/**
 * The sealer gives committed events their position and hash, so that a reader who goes by position misses nothing:
 * an event whose transaction commits late is simply sealed late.
 *
 * Any process may run one. Per account an advisory lock lets one of them work at a time; it ends with the
 * transaction, so a process that dies leaves nothing behind.
 */
import type { Database, SystemDatabase } from '@iroko/database';
import { counter, durationHistogram, type Logger } from '@iroko/telemetry';
import { CHAIN_START, type ChainEnd, extendChain } from './chain';
import {
  accountsWithUnsealed,
  sealEvents,
  tryLockAccount,
  type UnsealedEvent,
  unsealedEvents,
} from './sealer.sql';
import { SEALED_CHANNEL, WRITTEN_CHANNEL } from './wake';

/** Large enough that a batch is dominated by its rows, small enough to be sealed in some tens of milliseconds. */
const BATCH = 1000;
/** How long a lost notification can delay an event. */
const POLL_MS = 1000;
/** After finding the account locked: its sealer may have looked before our event was committed. */
const LOCKED_RETRY_MS = 25;

const sealedEvents = counter('changes_sealed_total', 'Change events that were given a position.');
const sealDelay = durationHistogram(
  'change_seal_delay',
  'From the writing of a change event to its position.',
);

export class Sealer {
  private readonly waiting = new Set<string>();
  private running: Promise<void> | undefined;
  private poll: NodeJS.Timeout | undefined;
  private unlisten: (() => Promise<void>) | undefined;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly log: Logger,
    private readonly pollMs = POLL_MS,
  ) {}

  async start(): Promise<void> {
    this.unlisten = await this.database.listen(WRITTEN_CHANNEL, (accountId) =>
      accountId ? this.wake(accountId) : this.look(),
    );
    this.poll = setInterval(() => this.look(), this.pollMs);
    this.look();
  }

  /** Resolves when the batch at hand is committed. */
  async stop(): Promise<void> {
    this.stopped = true;
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
      if (this.waiting.size > 0) for (const account of this.waiting) this.wake(account);
    });
  }

  private async sealWaiting(): Promise<void> {
    for (const accountId of this.waiting) {
      if (this.stopped) return;
      this.waiting.delete(accountId);
      const outcome = await sealBatch(this.database.system, accountId).catch((error: unknown) => {
        this.log.warn({ err: error, accountId }, 'the sealer cannot seal');
        return 'FAILED' as const;
      });
      // What failed is tried again by the next poll.
      if (outcome === 'LOCKED') setTimeout(() => this.wake(accountId), LOCKED_RETRY_MS).unref();
      else if (outcome === BATCH) this.waiting.add(accountId);
    }
  }
}

/** Seals at most one batch of an account; returns how many, or that another sealer is at work. */
export function sealBatch(system: SystemDatabase, accountId: string): Promise<number | 'LOCKED'> {
  return system.transaction(async (tx) => {
    if (!(await tryLockAccount(tx, accountId)).locked) return 'LOCKED';
    const events = await unsealedEvents(tx, accountId, BATCH);
    const start = endBefore(events[0]);
    const ends = extendChain(
      start,
      events.map((event) => event.digest),
    );
    const last = ends.at(-1);
    if (!last) return 0;
    const seals = events.map((event, index) => ({
      id: event.id,
      ...(ends[index] ?? last),
      previousHash: (ends[index - 1] ?? start).hash,
    }));
    const { sealed } = await sealEvents(tx, accountId, seals, last, SEALED_CHANNEL);
    if (sealed !== seals.length) throw new Error(`${seals.length} events were to be sealed, ${sealed} were.`);
    sealedEvents.inc(sealed);
    for (const event of events) sealDelay.observe(Math.max(0, Date.now() - event.at.getTime()) / 1000);
    return sealed;
  });
}

function endBefore(first: UnsealedEvent | undefined): ChainEnd {
  if (!first?.endHash || first.endPosition === null) return CHAIN_START;
  return { position: first.endPosition, hash: first.endHash };
}

/** Seals everything that is committed now, in this process; for tests and commands. */
export async function sealAll(system: SystemDatabase, accountId: string): Promise<void> {
  for (;;) {
    const outcome = await sealBatch(system, accountId);
    if (outcome === 0) return;
    if (outcome === 'LOCKED') await new Promise((resolve) => setTimeout(resolve, LOCKED_RETRY_MS));
  }
}
