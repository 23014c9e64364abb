/**
 * A change as a CloudEvent 1.0: in structured mode everything is the JSON body, in binary mode the body is the data
 * and the attributes are headers.
 */
import type { ChangeEvent } from '@iroko/changes';

export type WebhookMode = 'STRUCTURED' | 'BINARY';

export interface CloudEvent {
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  /** The position in the log, 20 digits, so that texts compare as numbers do (the Sequence extension). */
  sequence?: string;
  data: unknown;
}

export interface EventMessage {
  headers: Record<string, string>;
  body: string;
}

export function changeAsCloudEvent(accountId: string, event: ChangeEvent): CloudEvent {
  const { userId, tokenId, jobId, onBehalfOf, subjectType, subjectId, position, hash, at, ...rest } = event;
  return {
    id: event.id,
    source: `urn:iroko:account:${accountId}`,
    type: `iroko.${subjectType}.${event.action}`,
    subject: `${subjectType}/${subjectId}`,
    time: at.toISOString(),
    sequence: String(position).padStart(20, '0'),
    data: {
      subjectType,
      subjectId,
      action: rest.action,
      actor: { userId, tokenId, jobId, onBehalfOf },
      requestId: rest.requestId,
      unitId: rest.unitId,
      projectId: rest.projectId,
      before: rest.before,
      after: rest.after,
      reason: rest.reason,
      hash: hash.toString('hex'),
    },
  };
}

export function pingAsCloudEvent(accountId: string, deliveryId: string, at: Date): CloudEvent {
  return {
    id: deliveryId,
    source: `urn:iroko:account:${accountId}`,
    type: 'iroko.Webhook.PING',
    subject: 'Webhook/ping',
    time: at.toISOString(),
    data: { message: 'This is a test of the webhook; nothing has changed.' },
  };
}

export function eventMessage({ data, ...attributes }: CloudEvent, mode: WebhookMode): EventMessage {
  if (mode === 'STRUCTURED') {
    return {
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
      body: JSON.stringify({ specversion: '1.0', ...attributes, datacontenttype: 'application/json', data }),
    };
  }
  const named = Object.entries({ specversion: '1.0', ...attributes }).map(([name, value]) => [
    `ce-${name}`,
    headerValue(value),
  ]);
  return {
    headers: { 'content-type': 'application/json', ...Object.fromEntries(named) },
    body: JSON.stringify(data),
  };
}

/** The HTTP binding: what is not printable ASCII, and the space, quote and percent sign, is percent-encoded UTF-8. */
function headerValue(text: string): string {
  return text.replace(/[^\x21\x23\x24\x26-\x7e]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
