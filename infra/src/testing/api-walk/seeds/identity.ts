import type { SeededIds, SeedKit } from './kit';

export async function seedIdentity({ account, run }: SeedKit): Promise<SeededIds> {
  const { createWebhook } = await run<{ createWebhook: { webhook: { id: string } } }>(
    'identity',
    `mutation { createWebhook(input: { name: "Partner", url: "https://192.0.3.1/hook" }) { webhook { id } } }`,
  );
  const { pingWebhook } = await run<{ pingWebhook: { id: string } }>(
    'identity',
    'mutation ($id: ID!) { pingWebhook(id: $id) { id } }',
    { id: createWebhook.webhook.id },
  );
  return {
    Webhook: createWebhook.webhook.id,
    WebhookDelivery: pingWebhook.id,
    Account: account.accountId,
    User: account.administrator.userId,
    Role: account.administratorRoleId,
    ApiToken: account.administrator.apiTokenId,
  };
}
