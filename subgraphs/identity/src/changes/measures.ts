/**
 * What Prometheus is told of how far readers are behind. Every process tells the same figures: they are the
 * database's, so a dashboard takes the greatest.
 */
import type { Database } from '@iroko/database';
import { gauge, type Logger } from '@iroko/telemetry';
import { deliveryBacklog, noticeBacklog, sealBacklog } from './measures.sql';

const EVERY_MS = 15_000;

const unsealed = gauge('changes_unsealed', 'Change events that have no position yet.');
const unsealedAge = gauge('changes_unsealed_oldest_seconds', 'The age of the oldest of them; 0 without one.');
const pending = gauge('webhook_deliveries_pending', 'Deliveries that wait or are tried again.');
const pendingAge = gauge('webhook_delivery_oldest_seconds', 'The age of the oldest of them; 0 without one.');
const parked = gauge('webhook_deliveries_parked', 'Deliveries that reached nobody and wait to be replayed.');
const disabled = gauge(
  'webhooks_disabled',
  'Webhooks that were disabled because nobody took what they sent.',
);
const notices = gauge('notice_rules_due', 'Notice rules that are due and have not been looked at.');

export class LogMeasures {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.measure().catch((error: unknown) =>
        this.log.warn({ err: error }, 'the backlog cannot be measured'),
      );
    }, EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async measure(): Promise<void> {
    const { system } = this.database;
    const sealing = await sealBacklog(system);
    unsealed.set(sealing.count);
    unsealedAge.set(sealing.oldestSeconds);
    const deliveries = await deliveryBacklog(system);
    pending.set(deliveries.pending);
    pendingAge.set(deliveries.oldestSeconds);
    parked.set(deliveries.parked);
    disabled.set(deliveries.disabled);
    notices.set((await noticeBacklog(system)).due);
  }
}
