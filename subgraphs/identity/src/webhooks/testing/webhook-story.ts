/** What tests of webhooks do again and again: make one, change something, send what is due, and see what was sent. */
import { recordChange, sealAll } from '@iroko/changes';
import type { SeededAccount } from '@iroko/testing';
import type { IdentityUnderTest } from '../../testing/identity-under-test';

export interface MadeWebhook {
  webhook: { id: string; oldSecretUntil: string | null };
  secret: string;
}

export interface Delivery {
  id: string;
  kind: string;
  status: string;
  subject: string;
  attemptCount: number;
  nextAt: string | null;
  body: string;
  calls: Record<string, unknown>[];
}

const CREATE = `mutation ($input: CreateWebhookInput!) {
  createWebhook(input: $input) { secret webhook { id oldSecretUntil } }
}`;
const DELIVERIES = `query ($webhookId: ID!) {
  webhookDeliveries(webhookId: $webhookId) {
    nodes {
      id kind status subject attemptCount nextAt body
      calls { number durationMs url requestHeaders responseStatus error }
    }
  }
}`;

export class WebhookStory {
  constructor(
    private readonly identity: IdentityUnderTest,
    private readonly account: SeededAccount,
  ) {}

  ask(
    query: string,
    variables: Record<string, unknown> = {},
    token = this.account.administrator.accessToken,
  ) {
    return this.identity.ask(query, { token, variables });
  }

  async data<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const answer = await this.ask(query, variables);
    expect(answer.errors).toEqual([]);
    return answer.data as Data;
  }

  async make(input: { url: string } & Record<string, unknown>): Promise<MadeWebhook> {
    const { createWebhook } = await this.data<{ createWebhook: MadeWebhook }>(CREATE, {
      input: { name: 'Partner', ...input },
    });
    return createWebhook;
  }

  async deliveries(webhookId: string): Promise<Delivery[]> {
    const { webhookDeliveries } = await this.data<{ webhookDeliveries: { nodes: Delivery[] } }>(DELIVERIES, {
      webhookId,
    });
    return webhookDeliveries.nodes;
  }

  async change(subjectId: string, more: object = {}, of = this.account): Promise<void> {
    await this.identity.database.forAccount(of.actor).transaction((tx) =>
      recordChange(tx, {
        subjectType: 'OrgUnit',
        subjectId,
        action: 'UPDATE',
        before: { name: 'old' },
        after: { name: 'new' },
        ...more,
      }),
    );
  }

  /** Answers how many were sent. */
  async send(...alsoSealed: SeededAccount[]): Promise<number> {
    for (const { accountId } of [this.account, ...alsoSealed]) {
      await sealAll(this.identity.database.system, accountId);
    }
    return this.identity.subgraph.webhooks.sendDue();
  }
}
