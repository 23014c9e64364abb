/**
 * Webhooks and their deliveries, as the API shows and takes them.
 */
import { connectionOf, JSONScalar } from '@iroko/graph';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum WebhookModeEnum {
  STRUCTURED = 'STRUCTURED',
  BINARY = 'BINARY',
}
registerEnumType(WebhookModeEnum, {
  name: 'WebhookMode',
  description: 'How an event stands in a call, per CloudEvents 1.0.',
  valuesConfig: {
    STRUCTURED: { description: 'Attributes and data together are the JSON body.' },
    BINARY: { description: 'Attributes are `ce-` headers; the body is the data.' },
  },
});

@ObjectType('Webhook', {
  description:
    'An address of a partner that is told of changes by signed calls (Standard Webhooks, CloudEvents 1.0): at least once, in order per subject, tried for three days.',
  simpleResolvers: true,
})
export class WebhookType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field({ description: 'What it is for.' })
  name!: string;
  @Field({ description: 'Where calls go.' })
  url!: string;
  @Field(() => WebhookModeEnum, { description: 'How an event stands in a call.' })
  mode!: WebhookModeEnum;
  @Field(() => [String], {
    nullable: true,
    description: 'Only events of these types, such as `OrgUnit`; all when null.',
  })
  subjectTypes!: string[] | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Only events of these actions, such as `CREATE`; all when null.',
  })
  actions!: string[] | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Only of this org unit and those below it; all when null.',
  })
  subtree!: string | null;
  @Field(() => ID, { nullable: true, description: 'Only of this project; all when null.' })
  projectId!: string | null;
  @Field(() => Date, {
    nullable: true,
    description: 'Until when the secret before the present one signs too.',
  })
  oldSecretUntil!: Date | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Why nothing is sent: BY_HAND, GONE (it answered 410) or FAILING (three days without a success). Null while it is enabled.',
  })
  disabledReason!: string | null;
  @Field(() => Date, {
    nullable: true,
    description: 'The first failure since the last success; null when all is well.',
  })
  failingSince!: Date | null;
  @Field(() => Int, { description: 'Grows with each change of its settings.' })
  revision!: number;
  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}

export enum WebhookDeliveryStatus {
  PENDING = 'PENDING',
  DELIVERED = 'DELIVERED',
  PARKED = 'PARKED',
}

registerEnumType(WebhookDeliveryStatus, {
  name: 'WebhookDeliveryStatus',
  description: 'What became of a delivery.',
  valuesConfig: {
    PENDING: { description: 'It waits, or is tried again.' },
    DELIVERED: { description: 'The receiver took it.' },
    PARKED: { description: 'Three days of failures; it waits to be replayed.' },
  },
});

@ObjectType('WebhookAttempt', { description: 'One call of a delivery.', simpleResolvers: true })
export class WebhookAttemptType {
  @Field(() => Int, { description: '1 for the first.' })
  number!: number;
  @Field(() => Date, { description: 'When it began.' })
  at!: Date;
  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  durationMs!: number;
  @Field({ description: 'Where it went.' })
  url!: string;
  @Field(() => JSONScalar, { description: 'The headers that were sent, by name.' })
  requestHeaders!: Record<string, string>;
  @Field(() => Int, {
    nullable: true,
    description: 'The HTTP status of the answer; null when there was none.',
  })
  responseStatus!: number | null;
  @Field(() => JSONScalar, { nullable: true, description: 'The headers of the answer, by name.' })
  responseHeaders!: Record<string, unknown> | null;
  @Field(() => String, { nullable: true, description: 'The beginning of the answer, 4096 bytes at most.' })
  responseBody!: string | null;
  @Field(() => String, { nullable: true, description: 'Why there was no answer; null when there was one.' })
  error!: string | null;
}

@ObjectType('WebhookDelivery', { description: 'One event for one webhook.', simpleResolvers: true })
export class WebhookDeliveryType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => ID, { description: 'The webhook it is for.' })
  webhookId!: string;
  @Field(() => Int, { description: '1, 2, 3, … within the webhook, in the order of sending.' })
  number!: number;
  @Field({ description: 'EVENT, REPLAY or PING.' })
  kind!: string;
  @Field({
    description: 'What changed, as `type/id`. Of one subject, one delivery goes out after the other.',
  })
  subject!: string;
  @Field({
    description: 'PENDING, DELIVERED, or PARKED after three days of failures: it waits to be replayed.',
  })
  status!: string;
  @Field(() => Int, { description: 'How often it was tried.' })
  attemptCount!: number;
  @Field(() => Date, {
    nullable: true,
    description: 'When it is tried next, at the earliest; null when it has ended.',
  })
  nextAt!: Date | null;
  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
  @Field(() => Date, { nullable: true, description: 'When it ended; null while it waits.' })
  finishedAt!: Date | null;
  position!: number | null;
}

export const WebhookConnection = connectionOf('Webhook', () => WebhookType);
export const WebhookDeliveryConnection = connectionOf('WebhookDelivery', () => WebhookDeliveryType);

@ObjectType({ description: 'A webhook with a new secret, shown this once.', simpleResolvers: true })
export class WebhookWithSecret {
  @Field(() => WebhookType, { description: 'The webhook.' })
  webhook!: WebhookType;
  @Field({ description: 'With it the receiver verifies calls: `whsec_` and 32 bytes in base64.' })
  secret!: string;
}

@InputType({ description: 'The settings of a webhook.' })
export class WebhookSettingsInput {
  @Field({ description: 'What it is for; 1 to 200 characters.' })
  name!: string;
  @Field({
    description:
      'An http or https address of the public internet, without a user name, 2048 characters at most.',
  })
  url!: string;
  @Field(() => WebhookModeEnum, {
    defaultValue: WebhookModeEnum.STRUCTURED,
    description: 'How an event stands in a call.',
  })
  mode!: WebhookModeEnum;
  @Field(() => [String], {
    nullable: true,
    description: 'Only events of these types, such as `OrgUnit`; all without it. At most 100.',
  })
  subjectTypes?: string[] | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Only events of these actions, such as `CREATE`; all without it. At most 100.',
  })
  actions?: string[] | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Only of this org unit and those below it; all without it.',
  })
  subtree?: string | null;
  @Field(() => ID, { nullable: true, description: 'Only of this project; all without it.' })
  projectId?: string | null;
}

@InputType({ description: 'A new webhook.' })
export class CreateWebhookInput extends WebhookSettingsInput {
  @Field(() => String, {
    nullable: true,
    description: 'A cursor of `changes` after which it begins; with what comes from now on without it.',
  })
  after?: string | null;
}
