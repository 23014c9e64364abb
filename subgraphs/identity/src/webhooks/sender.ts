/**
 * Sends deliveries. Any process may run one: who sends for a webhook holds its lease in the row, so its deliveries
 * go out one after the other, and a process that dies leaves a lease that ends.
 *
 * A call is made outside any transaction and its outcome written afterwards. A process that dies between the two
 * sends again, under the same id: at least once.
 */
import { randomUUID } from 'node:crypto';
import { readChanges, recordChange, SEALED_CHANNEL } from '@iroko/changes';
import { type AccountDatabase, type Database, newId } from '@iroko/database';
import { type Outbound, OutboundError } from '@iroko/outbound';
import type { Seal } from '@iroko/secrets';
import type { Logger } from '@iroko/telemetry';
import { afterAttempt } from './after-attempt';
import { changeAsCloudEvent, eventMessage, pingAsCloudEvent } from './cloud-event';
import { planDeliveries } from './plan';
import {
  type AttemptRow,
  type DueDelivery,
  dueDelivery,
  endAttempt,
  heldWebhook,
  insertAttempt,
  noteHealth,
  releaseWebhook,
  type SendingWebhook,
  takeWebhooks,
} from './sending.sql';
import { signed } from './signature';
import { tellKeepers } from './tell-keepers';

/** What a receiver may take to answer; the specification advises 15 to 30 seconds. */
const CALL_TIMEOUT_MS = 15_000;
/** Longer than a call and the writing of its outcome. */
const LEASE_MS = 60_000;
/** Then others have their turn. */
const TURN_MS = 20_000;
/** Webhooks of one process that are sent to at once. */
const AT_ONCE = 8;
const POLL_MS = 1000;
/** How long what was sealed waits for more of it. */
const GATHER_MS = 50;
/** Enough of an answer to see what is wrong. */
const ANSWER_BYTES_MAX = 4096;

export interface SenderServices {
  database: Database;
  outbound: Outbound;
  seal: Seal;
  log: Logger;
}

export class WebhookSender {
  private timer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private unlisten: (() => Promise<void>) | undefined;
  private running: Promise<unknown> | undefined;
  private again = false;
  private readonly stopping = new AbortController();

  constructor(private readonly services: SenderServices) {}

  async start(): Promise<void> {
    this.unlisten = await this.services.database.listen(SEALED_CHANNEL, () => this.wakeSoon());
    this.timer = setInterval(() => this.wake(), POLL_MS);
    this.wake();
  }

  /** Calls under way are given up and made again later. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.timer);
    clearTimeout(this.soon);
    await this.unlisten?.();
    await this.running;
  }

  /** Sends all that is due now; for tests, and the body of every turn. Returns how many attempts were made. */
  async sendDue(): Promise<number> {
    const { database } = this.services;
    let attempts = 0;
    for (;;) {
      const owner = randomUUID();
      const taken = await takeWebhooks(database.system, owner, AT_ONCE, LEASE_MS);
      if (taken.length === 0 || this.stopping.signal.aborted) return attempts;
      const made = await Promise.all(taken.map(({ accountId, id }) => this.serve(accountId, id, owner)));
      attempts += made.reduce((sum, count) => sum + count, 0);
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
    if (this.stopping.signal.aborted) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.sendDue()
      .catch((error: unknown) => this.services.log.warn({ err: error }, 'webhooks cannot be sent'))
      .finally(() => {
        this.running = undefined;
        if (!this.again) return;
        this.again = false;
        this.wake();
      });
  }

  private async serve(accountId: string, id: string, owner: string): Promise<number> {
    const db = this.services.database.forAccount({ accountId, requestId: `webhook-${id}` });
    const until = performance.now() + TURN_MS;
    let attempts = 0;
    try {
      while (performance.now() < until && !this.stopping.signal.aborted) {
        const webhook = await heldWebhook(db, id, owner, LEASE_MS);
        if (!webhook) break;
        const planned = await planDeliveries(db, webhook, owner);
        const delivery = await dueDelivery(db, id);
        if (delivery) {
          await this.attempt(db, webhook, delivery);
          attempts++;
        } else if (!planned) break;
      }
    } finally {
      await releaseWebhook(db, id, owner);
    }
    return attempts;
  }

  private async attempt(db: AccountDatabase, webhook: SendingWebhook, delivery: DueDelivery): Promise<void> {
    const event = await cloudEventOf(db, delivery);
    const { headers, body } = eventMessage(event, webhook.mode);
    const secrets = [webhook.secret, webhook.oldSecret].filter((sealed) => sealed !== null);
    const at = new Date();
    const opened = secrets.map((sealed) => this.services.seal.open(sealed, webhook.id));
    const requestHeaders = { ...headers, ...signed(event.id, at, body, opened) };
    const answer = await this.call(webhook.url, requestHeaders, body);
    if (!answer) return;
    const row: AttemptRow = {
      id: newId(),
      deliveryId: delivery.id,
      number: delivery.attempts + 1,
      at,
      durationMs: Math.round(Date.now() - at.getTime()),
      url: webhook.url,
      requestHeaders,
      ...answer,
    };
    await writeOutcome(db, webhook, delivery, row);
  }

  /** Undefined when we stop: that says nothing about the receiver. */
  private async call(url: string, headers: Record<string, string>, body: string) {
    try {
      const answer = await this.services.outbound.call({
        method: 'POST',
        url,
        headers,
        body,
        timeoutMs: CALL_TIMEOUT_MS,
        maxBytes: ANSWER_BYTES_MAX,
        whenTooLarge: 'cut',
        signal: this.stopping.signal,
      });
      return {
        responseStatus: answer.status,
        responseHeaders: answer.headers,
        // PostgreSQL keeps no NUL in a text.
        responseBody: answer.body.toString().replaceAll('\0', '\uFFFD'),
        error: null,
      };
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      if (error.reason === 'STOPPED') return undefined;
      return {
        responseStatus: null,
        responseHeaders: null,
        responseBody: null,
        error: `${error.reason}: ${error.message}`,
      };
    }
  }
}

export async function cloudEventOf(
  db: AccountDatabase,
  { id, position, createdAt }: Pick<DueDelivery, 'id' | 'position' | 'createdAt'>,
) {
  if (position === null) return pingAsCloudEvent(db.account, id, createdAt);
  const [event] = await readChanges(db, position - 1, 1);
  if (!event) throw new Error(`The log has no event at ${position}.`);
  return changeAsCloudEvent(db.account, event);
}

function writeOutcome(
  db: AccountDatabase,
  webhook: SendingWebhook,
  delivery: DueDelivery,
  row: AttemptRow,
): Promise<void> {
  const failingSince = webhook.failingSince ?? row.at;
  const { status, waitMs, disable } = afterAttempt({
    attempt: row.number,
    status: row.responseStatus,
    now: new Date(),
    firstAt: delivery.firstAt ?? row.at,
    failingSince,
    random: Math.random(),
  });
  return db.transaction(async (tx) => {
    const noted = await noteHealth(tx, webhook.id, status === 'DELIVERED' ? null : failingSince, disable);
    if (!noted) return;
    await insertAttempt(tx, row);
    await endAttempt(tx, delivery.id, status, waitMs);
    if (disable === null || noted.disabledReason !== disable) return;
    await tellKeepers(tx, webhook, disable);
    await recordChange(tx, {
      subjectType: 'Webhook',
      subjectId: webhook.id,
      action: 'DISABLE',
      before: { disabledReason: null },
      after: { disabledReason: disable },
    });
  });
}
