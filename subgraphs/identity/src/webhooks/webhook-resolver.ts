import { isId } from '@iroko/database';
import { notFound } from '@iroko/errors';
import { type Connection, type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { IdentityContext } from '../context';
import { eventMessage } from './cloud-event';
import { cloudEventOf } from './sender';
import {
  CreateWebhookInput,
  WebhookAttemptType,
  WebhookConnection,
  WebhookDeliveryConnection,
  WebhookDeliveryStatus,
  WebhookDeliveryType,
  WebhookSettingsInput,
  WebhookType,
  WebhookWithSecret,
} from './webhook-type';
import {
  createWebhook,
  disableWebhook,
  pingWebhook,
  removeWebhook,
  replayDelivery,
  replayRange,
  rotateSecret,
  updateWebhook,
} from './webhooks';
import {
  attemptsOf,
  deliveriesOf,
  parkedDeliveries,
  type WebhookAttemptRow,
  webhookById,
  webhooksOfAccount,
} from './webhooks.sql';

const idArg = { description: 'The id of the webhook.' };

@Resolver(() => WebhookType)
export class WebhookResolver {
  @Authorized('webhooks.manage')
  @Query(() => WebhookConnection, { description: 'The webhooks of the account, oldest first.' })
  async webhooks(
    @Args() args: PageArgs,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<Connection<WebhookType>> {
    const scope: CursorScope = { list: 'webhooks', account: db.account, filter: {} };
    const page = pageRequest(args, services.cursors, scope);
    const rows = await webhooksOfAccount(db, page.after ? String(page.after[0]) : null, page.limit);
    return pageOf(rows, page, services.cursors, scope, ({ id }) => [id]);
  }

  @Authorized('webhooks.manage')
  @Query(() => WebhookDeliveryConnection, {
    description: 'The deliveries of a webhook, newest first. NOT_FOUND for an unknown id.',
  })
  async webhookDeliveries(
    @Arg('webhookId', () => ID, idArg) webhookId: string,
    @Arg('status', () => WebhookDeliveryStatus, {
      nullable: true,
      description: 'Only these; all without it.',
    })
    status: WebhookDeliveryStatus | null,
    @Args() args: PageArgs,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<Connection<WebhookDeliveryType>> {
    if (!isId(webhookId) || !(await webhookById(db, webhookId))) throw notFound('Webhook', webhookId);
    const filter = { webhookId, status: status ?? null };
    const scope: CursorScope = { list: 'webhookDeliveries', account: db.account, filter };
    const page = pageRequest(args, services.cursors, scope);
    const rows = await deliveriesOf(
      db,
      webhookId,
      filter.status,
      page.after ? Number(page.after[0]) : null,
      page.limit,
    );
    return pageOf(rows, page, services.cursors, scope, ({ number }) => [number]);
  }

  @Authorized('webhooks.manage')
  @Query(() => WebhookDeliveryConnection, {
    description:
      'What reached nobody: the parked deliveries of all webhooks, newest first. They are kept for 90 days and can be replayed. Failed jobs are found by `jobs`.',
  })
  async parkedDeliveries(
    @Args() args: PageArgs,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<Connection<WebhookDeliveryType>> {
    const scope: CursorScope = { list: 'parkedDeliveries', account: db.account, filter: {} };
    const page = pageRequest(args, services.cursors, scope);
    const rows = await parkedDeliveries(db, page.after ? String(page.after[0]) : null, page.limit);
    return pageOf(rows, page, services.cursors, scope, ({ id }) => [id]);
  }

  @Authorized('webhooks.manage')
  @Mutation(() => WebhookType, {
    description:
      'The input takes the place of its settings; its secret and its place in the log stay, and what waits goes to the new address. CONFLICT when it was changed since.',
  })
  updateWebhook(
    @Arg('id', () => ID, idArg) id: string,
    @Arg('expectedRevision', () => Int, { description: 'The revision that you have seen.' })
    expectedRevision: number,
    @Arg('input', () => WebhookSettingsInput, { description: 'All of its settings.' })
    input: WebhookSettingsInput,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<WebhookType> {
    return updateWebhook(db, services, id, expectedRevision, input);
  }

  @Authorized('webhooks.manage')
  @Mutation(() => WebhookWithSecret, {
    description:
      'Makes a webhook and shows its secret this once. BAD_USER_INPUT for an address that is not called, such as one of a private network.',
  })
  createWebhook(
    @Arg('input', () => CreateWebhookInput, { description: 'The new webhook.' }) input: CreateWebhookInput,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<WebhookWithSecret> {
    return createWebhook(db, services, input);
  }

  @Authorized('webhooks.manage')
  @Mutation(() => WebhookWithSecret, {
    description:
      'Gives it a new secret, shown this once. For 24 hours calls are signed with the old one too.',
  })
  rotateWebhookSecret(
    @Arg('id', () => ID, idArg) id: string,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<WebhookWithSecret> {
    return rotateSecret(db, services, id);
  }

  @Authorized('webhooks.manage')
  @Mutation(() => WebhookType, {
    description: 'Stops sending; what happens meanwhile is sent once it is enabled. Twice is no error.',
  })
  disableWebhook(
    @Arg('id', () => ID, idArg) id: string,
    @Ctx() { db }: IdentityContext,
  ): Promise<WebhookType> {
    return disableWebhook(db, id, true);
  }

  @Authorized('webhooks.manage')
  @Mutation(() => WebhookType, { description: 'Sends again, from where it stopped. Twice is no error.' })
  enableWebhook(
    @Arg('id', () => ID, idArg) id: string,
    @Ctx() { db }: IdentityContext,
  ): Promise<WebhookType> {
    return disableWebhook(db, id, false);
  }

  @Authorized('webhooks.manage')
  @Mutation(() => WebhookType, { description: 'Removes it with its deliveries; the last state is answered.' })
  removeWebhook(
    @Arg('id', () => ID, idArg) id: string,
    @Ctx() { db }: IdentityContext,
  ): Promise<WebhookType> {
    return removeWebhook(db, id);
  }

  @Authorized('webhooks.manage')
  @Mutation(() => WebhookDeliveryType, {
    description: 'Sends a test that tells of no change. CONFLICT while it is disabled.',
  })
  pingWebhook(
    @Arg('id', () => ID, idArg) id: string,
    @Ctx() { db }: IdentityContext,
  ): Promise<WebhookDeliveryType> {
    return pingWebhook(db, id);
  }

  @Authorized('webhooks.manage')
  @Mutation(() => WebhookDeliveryType, {
    description:
      'Sends the event of a delivery again, under the same `webhook-id`. CONFLICT while its webhook is disabled.',
  })
  replayWebhookDelivery(
    @Arg('id', () => ID, { description: 'The id of the delivery.' }) id: string,
    @Ctx() { db }: IdentityContext,
  ): Promise<WebhookDeliveryType> {
    return replayDelivery(db, id);
  }

  @Authorized('webhooks.manage')
  @Mutation(() => WebhookType, {
    description:
      'Sends the events of a part of the log again. BAD_USER_INPUT for a part that was archived, with `wholeAfter`, the cursor behind which the log is whole; CONFLICT while another replay of it goes on.',
  })
  replayWebhook(
    @Arg('id', () => ID, idArg) id: string,
    @Arg('after', () => String, {
      nullable: true,
      description: 'A cursor of `changes`; from the start without it.',
    })
    after: string | null,
    @Arg('through', () => String, {
      nullable: true,
      description: 'A cursor of `changes`, included; to the end without it.',
    })
    through: string | null,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<WebhookType> {
    return replayRange(db, services, id, after ?? null, through ?? null);
  }
}

@Resolver(() => WebhookDeliveryType)
export class WebhookDeliveryResolver {
  @FieldResolver(() => [WebhookAttemptType], {
    description: 'The calls that were made, the first one first.',
  })
  calls(@Root() { id }: WebhookDeliveryType, @Ctx() context: IdentityContext): Promise<WebhookAttemptRow[]> {
    const loader = context.loader<string, WebhookAttemptRow[]>('webhookAttempts', async (ids) => {
      const rows = await attemptsOf(context.db, ids);
      return ids.map((deliveryId) => rows.filter((row) => row.deliveryId === deliveryId));
    });
    return loader.load(id);
  }

  @FieldResolver(() => String, {
    description: 'The event that is sent, as a structured CloudEvent; erased personal values are null.',
  })
  async body(@Root() delivery: WebhookDeliveryType, @Ctx() { db }: IdentityContext): Promise<string> {
    return eventMessage(await cloudEventOf(db, delivery), 'STRUCTURED').body;
  }
}
