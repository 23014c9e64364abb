/**
 * What can be done with webhooks. Every change of one writes its event; its secret is named there and never told.
 */
import { type ChangeCursors, lockArchive, recordChange, secret } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, isViolation, newId } from '@iroko/database';
import { badInput, conflict, limitExceeded, notFound } from '@iroko/errors';
import { type Outbound, OutboundError } from '@iroko/outbound';
import type { Seal } from '@iroko/secrets';
import { reachedUnits, WHOLE_ACCOUNT } from '@iroko/viewer';
import { checkedName } from '../accounts/account-form';
import { refuseArchived } from '../changes/log-start';
import { requireWholeAccount } from '../scope/member-scope';
import { insertDeliveries, lockWebhook, movePlan, type NewDelivery } from './sending.sql';
import { newSecret, secretText } from './signature';
import type {
  CreateWebhookInput,
  WebhookDeliveryType,
  WebhookSettingsInput,
  WebhookType,
  WebhookWithSecret,
} from './webhook-type';
import {
  beginReplay,
  countWebhooks,
  deleteWebhook,
  deliveryById,
  insertWebhook,
  lockedWebhook,
  logEnd,
  replaceSecret,
  setDisabled,
  updateSettings,
  type WebhookSettings,
  webhookById,
} from './webhooks.sql';

export interface WebhookServices {
  readonly outbound: Outbound;
  readonly webhookSeal: Seal;
  readonly changeCursors: ChangeCursors;
}

/** Each costs a look at every event. */
const WEBHOOKS_MAX = 50;
const FILTER_MAX = 100;
/** A receiver replaces its secret within a day. */
const OLD_SECRET_HOURS = 24;

/** Throws BAD_USER_INPUT (a wrong field, an address that is not called, a foreign cursor) and LIMIT_EXCEEDED. */
export async function createWebhook(
  db: AccountDatabase,
  services: WebhookServices,
  input: CreateWebhookInput,
): Promise<WebhookWithSecret> {
  const settings = await checkedSettings(db, services, input);
  const { changeCursors } = services;
  const path = ['input', 'after'];
  const after = input.after == null ? null : changeCursors.decode(db.account, input.after, path);
  const id = newId();
  const plain = newSecret();
  const webhook = await writing(db, settings, async (tx) => {
    const { count } = await countWebhooks(tx);
    if (count >= WEBHOOKS_MAX) {
      const words = `The account has ${count} webhooks; ${WEBHOOKS_MAX} are allowed. Remove one first.`;
      throw limitExceeded(words, 'webhooks of one account', WEBHOOKS_MAX, count);
    }
    if (after !== null) {
      await lockArchive(tx);
      await refuseArchived(tx, changeCursors, after, path);
    }
    const made = await insertWebhook(tx, {
      ...settings,
      id,
      secret: services.webhookSeal.close(plain, id),
      position: after ?? (await logEnd(tx)).position,
    });
    await record(tx, id, 'CREATE', null, { ...settings, secret });
    return made;
  });
  return { webhook, secret: secretText(plain) };
}

/**
 * The input takes the place of what it was; what waits is sent to the new address. Throws NOT_FOUND, CONFLICT after
 * another change, and what `createWebhook` throws.
 */
export async function updateWebhook(
  db: AccountDatabase,
  services: WebhookServices,
  id: string,
  expectedRevision: number,
  input: WebhookSettingsInput,
): Promise<WebhookType> {
  await existing(db, id);
  const settings = await checkedSettings(db, services, input);
  return writing(db, settings, async (tx) => {
    const before = await lockedWebhook(tx, id);
    if (!before) throw notFound('Webhook', id);
    const { revision } = before;
    if (revision !== expectedRevision) {
      throw conflict('The webhook was changed since. Read it again.', { expectedRevision, revision });
    }
    const after = await updateSettings(tx, id, settings);
    await record(tx, id, 'UPDATE', settingsOf(before), { ...settings });
    return after;
  });
}

/** The old secret signs too, for a day. Throws NOT_FOUND. */
export async function rotateSecret(
  db: AccountDatabase,
  { webhookSeal }: WebhookServices,
  id: string,
): Promise<WebhookWithSecret> {
  const plain = newSecret();
  const webhook = await db.transaction(async (tx) => {
    const changed = isId(id) && (await replaceSecret(tx, id, webhookSeal.close(plain, id), OLD_SECRET_HOURS));
    if (!changed) throw notFound('Webhook', id);
    await record(tx, id, 'UPDATE', { secret }, { secret });
    return changed;
  });
  return { webhook, secret: secretText(plain) };
}

/** Twice is no error. What happens while it is disabled is sent once it is enabled. Throws NOT_FOUND. */
export function disableWebhook(db: AccountDatabase, id: string, disabled: boolean): Promise<WebhookType> {
  return db.transaction(async (tx) => {
    const before = await existing(tx, id);
    const changed = await setDisabled(tx, id, disabled);
    if (!changed) return before;
    const action = disabled ? 'DISABLE' : 'ENABLE';
    const { disabledReason } = before;
    await record(tx, id, action, { disabledReason }, { disabledReason: changed.disabledReason });
    return changed;
  });
}

/** With its deliveries. Throws NOT_FOUND. */
export function removeWebhook(db: AccountDatabase, id: string): Promise<WebhookType> {
  return db.transaction(async (tx) => {
    const removed = isId(id) && (await deleteWebhook(tx, id));
    if (!removed) throw notFound('Webhook', id);
    const { name, url, mode } = removed;
    await record(tx, id, 'DELETE', { name, url, mode }, null);
    return removed;
  });
}

/** Asks for a call that tells of no change. Throws NOT_FOUND, and CONFLICT when it is disabled. */
export function pingWebhook(db: AccountDatabase, id: string): Promise<WebhookDeliveryType> {
  return db.transaction(async (tx) => {
    refuseDisabled(await existing(tx, id));
    const deliveryId = newId();
    return append(tx, id, { id: deliveryId, kind: 'PING', position: null, subject: `ping/${deliveryId}` });
  });
}

/** Sends one delivery again, under the id of its event. Throws NOT_FOUND, and CONFLICT when its webhook is disabled. */
export function replayDelivery(db: AccountDatabase, id: string): Promise<WebhookDeliveryType> {
  return db.transaction(async (tx) => {
    const delivery = isId(id) ? await deliveryById(tx, id) : undefined;
    if (!delivery) throw notFound('WebhookDelivery', id);
    const { webhookId, position, subject } = delivery;
    if (position === null) throw badInput('A ping is not replayed; send another.', { path: ['id'] });
    refuseDisabled(await existing(tx, webhookId));
    return append(tx, webhookId, { id: newId(), kind: 'REPLAY', position, subject });
  });
}

/**
 * Throws NOT_FOUND, BAD_USER_INPUT for a foreign cursor, an empty range or one of which a part was archived, CONFLICT
 * while another replay goes on.
 */
export function replayRange(
  db: AccountDatabase,
  { changeCursors }: WebhookServices,
  id: string,
  after: string | null,
  through: string | null,
): Promise<WebhookType> {
  const first = after === null ? 0 : changeCursors.decode(db.account, after, ['after']);
  const asked = through === null ? null : changeCursors.decode(db.account, through, ['through']);
  return db.transaction(async (tx) => {
    const webhook = await existing(tx, id);
    refuseDisabled(webhook);
    const last = asked ?? (await logEnd(tx)).position;
    if (first >= last)
      throw badInput('There is no change after `after` up to `through`.', { path: ['after'] });
    await lockArchive(tx);
    await refuseArchived(tx, changeCursors, after === null ? null : first, ['after']);
    if ((await beginReplay(tx, id, first, last)) === 0) {
      throw conflict('A replay of this webhook is going on. Wait for its end.');
    }
    await record(tx, id, 'REPLAY', null, { after: first, through: last });
    return webhook;
  });
}

function settingsOf(webhook: WebhookType): Record<string, unknown> {
  const { name, url, mode, subjectTypes, actions, subtree, projectId } = webhook;
  return { name, url, mode, subjectTypes, actions, subtree, projectId };
}

async function checkedSettings(
  db: AccountDatabase,
  { outbound }: WebhookServices,
  { url, mode, subtree = null, projectId = null, ...input }: WebhookSettingsInput,
): Promise<WebhookSettings> {
  requireWholeAccount(db.actor.scope ?? WHOLE_ACCOUNT, 'A webhook');
  const name = checkedName(input.name, ['input', 'name']);
  const subjectTypes = checkedList(input.subjectTypes ?? null, /^[A-Z][A-Za-z0-9]{0,99}$/, 'subjectTypes');
  const actions = checkedList(input.actions ?? null, /^[A-Z][A-Z0-9_]{0,63}$/, 'actions');
  if (
    subtree !== null &&
    !(isId(subtree) && (await reachedUnits(db, db.actor.scope, [subtree])).has(subtree))
  ) {
    throw notFound('OrgUnit', subtree);
  }
  if (projectId !== null && !isId(projectId)) throw notFound('Project', projectId);
  await checkAddress(outbound, url);
  return { name, url, mode, subjectTypes, actions, subtree, projectId };
}

async function writing<Result>(
  db: AccountDatabase,
  { projectId }: WebhookSettings,
  write: (tx: AccountTransaction) => Promise<Result>,
): Promise<Result> {
  try {
    return await db.transaction(write);
  } catch (error) {
    if (projectId !== null && isViolation(error, 'webhook_project_fkey'))
      throw notFound('Project', projectId);
    throw error;
  }
}

async function existing(db: AccountDatabase, id: string): Promise<WebhookType> {
  const webhook = isId(id) ? await webhookById(db, id) : undefined;
  if (!webhook) throw notFound('Webhook', id);
  return webhook;
}

function refuseDisabled({ disabledReason }: WebhookType): void {
  if (disabledReason) throw conflict(`The webhook is disabled (${disabledReason}). Enable it first.`);
}

async function append(
  tx: AccountTransaction,
  webhookId: string,
  delivery: Omit<NewDelivery, 'number'>,
): Promise<WebhookDeliveryType> {
  const webhook = await lockWebhook(tx, webhookId);
  if (!webhook) throw notFound('Webhook', webhookId);
  const number = webhook.lastNumber + 1;
  await insertDeliveries(tx, webhookId, [{ ...delivery, number }]);
  await movePlan(tx, webhookId, { ...webhook, lastNumber: number });
  const { id, kind, position } = delivery;
  await record(tx, webhookId, kind, null, { deliveryId: id, position });
  return (await deliveryById(tx, id)) as WebhookDeliveryType;
}

async function checkAddress(outbound: Outbound, url: string): Promise<void> {
  try {
    await outbound.check(url);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    throw badInput(error.message, { path: ['input', 'url'], reason: error.reason });
  }
}

function checkedList(list: readonly string[] | null, form: RegExp, name: string): string[] | null {
  if (list === null) return null;
  const path = ['input', name];
  if (list.length === 0 || list.length > FILTER_MAX) {
    throw badInput(`${name} has ${list.length} entries; 1 to ${FILTER_MAX} are allowed, or none for all.`, {
      path,
    });
  }
  const wrong = list.find((text) => !form.test(text));
  if (wrong === undefined) return [...new Set(list)];
  throw badInput(`${JSON.stringify(wrong.slice(0, 100))} does not look like one of ${name}.`, { path });
}

const record = (
  tx: AccountTransaction,
  subjectId: string,
  action: string,
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
) => recordChange(tx, { subjectType: 'Webhook', subjectId, action, before, after });
