/**
 * Which events become deliveries, in the order of the log. The place up to which that is decided moves in the same
 * transaction, so nothing is decided twice and nothing is passed over.
 */
import { type ChangeEvent, readChanges } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, newId } from '@iroko/database';
import {
  insertDeliveries,
  lockWebhook,
  movePlan,
  type NewDelivery,
  type SendingWebhook,
  type WebhookFilter,
} from './sending.sql';

const BATCH = 500;

/** A webhook is not told of what happens to webhooks: a failing one would write its own work. */
export function wants(
  { subjectTypes, actions, projectId }: Omit<WebhookFilter, 'subtree'>,
  event: Pick<ChangeEvent, 'subjectType' | 'action' | 'projectId'>,
): boolean {
  if (event.subjectType === 'Webhook') return false;
  if (subjectTypes !== null && !subjectTypes.includes(event.subjectType)) return false;
  if (projectId !== null && event.projectId !== projectId) return false;
  return actions === null || actions.includes(event.action);
}

/** Whether there was anything to look at. */
export function planDeliveries(db: AccountDatabase, { id }: SendingWebhook, owner: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    // Read again under a lock: a ping or a replay may have been asked for meanwhile.
    const webhook = await lockWebhook(tx, id);
    if (webhook?.leaseOwner !== owner) return false;
    const { replayAfter, replayThrough } = webhook;
    const replaying = replayAfter !== null && replayThrough !== null;
    const read = await readChanges(tx, replaying ? replayAfter : webhook.position, BATCH);
    const events = replaying ? read.filter(({ position }) => position <= replayThrough) : read;
    const last = events.at(-1)?.position;
    if (last === undefined && !replaying) return false;
    const inside = await insideSubtree(tx, webhook.subtree, events);
    const deliveries = events
      .filter((event) => wants(webhook, event) && inside(event))
      .map<NewDelivery>((event, index) => ({
        id: newId(),
        number: webhook.lastNumber + 1 + index,
        kind: replaying ? 'REPLAY' : 'EVENT',
        position: event.position,
        subject: `${event.subjectType}/${event.subjectId}`,
      }));
    if (deliveries.length > 0) await insertDeliveries(tx, id, deliveries);
    const ends = replaying && (last === undefined || last >= replayThrough);
    await movePlan(tx, id, {
      position: replaying ? webhook.position : (last ?? webhook.position),
      replayAfter: replaying && !ends ? (last ?? replayAfter) : null,
      replayThrough: replaying && !ends ? replayThrough : null,
      lastNumber: webhook.lastNumber + deliveries.length,
    });
    return true;
  });
}

/** Whether an event of the batch is of the subtree: asked of the log once for all of them. */
async function insideSubtree(
  tx: AccountTransaction,
  subtree: string | null,
  events: readonly ChangeEvent[],
): Promise<(event: ChangeEvent) => boolean> {
  const [first] = events;
  if (subtree === null || first === undefined) return () => true;
  const found = await readChanges(tx, first.position - 1, events.length, { subtree });
  const ids = new Set(found.map(({ id }) => id));
  return ({ id }) => ids.has(id);
}
