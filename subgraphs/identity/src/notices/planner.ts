/**
 * Finds out who is to be told. For each rule that is due, the place up to which it looked moves in the transaction
 * that asks for the mail: nothing is told twice and nothing is passed over, whichever process does it.
 */
import { readChanges, SEALED_CHANNEL } from '@iroko/changes';
import type { AccountDatabase, Database } from '@iroko/database';
import { enqueue } from '@iroko/jobs';
import type { Logger } from '@iroko/telemetry';
import { nextNotice } from './next-notice';
import { noticeJob } from './notice-job';
import { dueRules, filterOf, lockDueRule, moveRule } from './planning.sql';

/** For those that wait for their hour; changes wake us themselves. */
const POLL_MS = 10_000;
/** How long what was sealed waits for more of it. */
const GATHER_MS = 50;
const BATCH = 100;

export class NoticePlanner {
  private timer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private unlisten: (() => Promise<void>) | undefined;
  private running: Promise<unknown> | undefined;
  private again = false;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    this.unlisten = await this.database.listen(SEALED_CHANNEL, () => this.wakeSoon());
    this.timer = setInterval(() => this.wake(), POLL_MS);
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    clearTimeout(this.soon);
    await this.unlisten?.();
    await this.running;
  }

  /** Asks for every mail that is due now; answers how many. */
  async planDue(now = new Date()): Promise<number> {
    let planned = 0;
    for (;;) {
      const due = await dueRules(this.database.system, BATCH);
      let moved = 0;
      for (const { accountId, id } of due) {
        if (this.stopped) return planned;
        const db = this.database.forAccount({ accountId, requestId: `notice-${id}` });
        const outcome = await planRule(db, id, now);
        if (outcome !== 'TAKEN') moved++;
        if (outcome === 'ASKED') planned++;
      }
      // Rules that another process holds are its own.
      if (moved === 0 || due.length < BATCH) return planned;
    }
  }

  /** Behind those who read along, and once for all that is sealed meanwhile. */
  private wakeSoon(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.wake();
    }, GATHER_MS);
  }

  private wake(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.planDue()
      .catch((error: unknown) => this.log.warn({ err: error }, 'notices cannot be planned'))
      .finally(() => {
        this.running = undefined;
        if (!this.again) return;
        this.again = false;
        this.wake();
      });
  }
}

function planRule(db: AccountDatabase, id: string, now: Date): Promise<'ASKED' | 'NOTHING' | 'TAKEN'> {
  return db.transaction(async (tx) => {
    const rule = await lockDueRule(tx, id);
    if (!rule) return 'TAKEN';
    const [first] = await readChanges(tx, rule.position, 1, filterOf(rule));
    const hasNews = first !== undefined && first.position <= rule.end;
    const waits = hasNews || rule.frequency !== 'IMMEDIATE';
    await moveRule(tx, id, rule.end, waits ? nextNotice(rule, rule.timeZone, now) : null);
    if (!hasNews) return 'NOTHING';
    const span = { ruleId: id, after: first.position - 1, through: rule.end };
    await enqueue(tx, noticeJob, span, { idempotencyKey: `notice ${id} ${rule.end}` });
    return 'ASKED';
  });
}
