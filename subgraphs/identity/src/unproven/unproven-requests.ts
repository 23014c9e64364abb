/**
 * Looks into requests of people who have proven nothing, after they were answered. Any process may: who takes one has
 * it for some minutes, and one that dies leaves it to the next.
 *
 * They rest first. There is more to do for an address that somebody has, and right after the answer that would slow
 * whatever is asked next: so the time of the next request would tell what the answer does not.
 */
import type { Database } from '@iroko/database';
import { ApiError } from '@iroko/errors';
import type { Logger } from '@iroko/telemetry';
import {
  type DueRequest,
  endUnproven,
  postponeUnproven,
  type Rest,
  takeUnproven,
  UNPROVEN_CHANNEL,
  type UnprovenKind,
} from './unproven.sql';

/** Longer than a mail server may take. */
const LEASE_SECONDS = 180;
const AT_ONCE = 4;
const POLL_MS = 5000;
/** Nobody waits for the log; somebody may wait for a mail, which is told of and not only found. */
const REST: Rest = { failures: 10, mails: 1 };
const NO_REST: Rest = { failures: 0, mails: 0 };
/** After it was told of, so that mails have rested, and not at a moment that could be known. */
const WAKE_MIN_MS = 1000;
const WAKE_MAX_MS = 3000;
/** 5 s, 10 s, 20 s, … ten minutes at most: about an hour together, as for mails that jobs send. */
const ATTEMPTS_MAX = 11;
const FIRST_DELAY_MS = 5000;
const DELAY_MAX_MS = 600_000;

export type UnprovenAnswers = Record<UnprovenKind, (request: DueRequest) => Promise<void>>;

export class UnprovenRequests {
  private timer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private unlisten: (() => Promise<void>) | undefined;
  private running: Promise<unknown> | undefined;
  private again = false;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly answers: UnprovenAnswers,
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    this.unlisten = await this.database.listen(UNPROVEN_CHANNEL, () => this.wakeSoon());
    this.timer = setInterval(() => this.wake(), POLL_MS);
    this.wake();
  }

  /** What is under way is brought to its end. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    clearTimeout(this.soon);
    await this.unlisten?.();
    await this.running;
  }

  /** Looks into all that is due, rested or not; for tests. Returns how many there were. */
  answerDue(): Promise<number> {
    return this.answerRested(NO_REST);
  }

  private async answerRested(rest: Rest): Promise<number> {
    let answered = 0;
    while (!this.stopped) {
      const due = await takeUnproven(this.database.system, AT_ONCE, LEASE_SECONDS, rest);
      if (due.length === 0) break;
      await Promise.all(due.map((request) => this.answer(request)));
      answered += due.length;
    }
    return answered;
  }

  private wakeSoon(): void {
    if (this.stopped || this.soon) return;
    const delay = WAKE_MIN_MS + Math.random() * (WAKE_MAX_MS - WAKE_MIN_MS);
    this.soon = setTimeout(() => {
      this.soon = undefined;
      this.wake();
    }, delay);
  }

  private wake(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.answerRested(REST)
      .catch((error: unknown) =>
        this.log.warn({ err: error }, 'requests about addresses cannot be looked into'),
      )
      .finally(() => {
        this.running = undefined;
        if (!this.again) return;
        this.again = false;
        this.wake();
      });
  }

  private async answer(request: DueRequest): Promise<void> {
    const { id, kind, attempts, requestId } = request;
    try {
      await this.answers[kind](request);
    } catch (error) {
      const log = this.log.child({ requestId, kind, attempts });
      const passing = !(error instanceof ApiError) || error.code === 'UNAVAILABLE';
      if (passing && attempts < ATTEMPTS_MAX) {
        log.warn({ err: error }, 'a request about an address is tried again later');
        await postponeUnproven(this.database.system, id, delayMs(attempts));
        return;
      }
      log.error({ err: error }, 'a request about an address failed for good');
    }
    await endUnproven(this.database.system, id);
  }
}

function delayMs(attempt: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), DELAY_MAX_MS) * (0.75 + Math.random() / 2);
}
