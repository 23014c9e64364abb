import { recordChange, sealAll } from '@iroko/changes';
import { renderMetrics, silentLogger } from '@iroko/telemetry';
import { type SeededAccount, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { LogMeasures } from './measures';

let identity: IdentityUnderTest;
let account: SeededAccount;

beforeEach(async () => {
  identity = await identityUnderTest();
  ({ account } = await seedTwins(identity.database));
});
afterEach(() => identity.close());

async function measured(): Promise<Record<string, number>> {
  await new LogMeasures(identity.database, silentLogger).measure();
  const { body } = await renderMetrics();
  const lines = body.split('\n').filter((line) => /^iroko_(changes|webhook|notice)/.test(line));
  return Object.fromEntries(
    lines.map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)]),
  );
}

it('an operator sees how far the log, webhooks and notices are behind', async () => {
  const token = account.administrator.accessToken;
  await identity.ask(
    'mutation { createWebhook(input: { name: "P", url: "https://192.0.3.1/hook", subjectTypes: ["OrgUnit"] }) { secret } }',
    { token },
  );
  await identity.ask('mutation { createNoticeRule(input: { name: "N", frequency: IMMEDIATE }) { id } }', {
    token,
  });
  await identity.database
    .forAccount(account.actor)
    .transaction((tx) =>
      recordChange(tx, { subjectType: 'OrgUnit', subjectId: 'a', action: 'CREATE', before: null, after: {} }),
    );
  expect(await measured()).toMatchObject({
    iroko_changes_unsealed: expect.any(Number),
    iroko_notice_rules_due: 0,
  });
  expect((await measured()).iroko_changes_unsealed).toBeGreaterThan(0);
  await sealAll(identity.database.system, account.accountId);
  await identity.subgraph.webhooks.sendDue();
  expect(await measured()).toMatchObject({
    iroko_changes_unsealed: 0,
    iroko_changes_unsealed_oldest_seconds: 0,
    iroko_webhook_deliveries_pending: 1,
    iroko_webhook_deliveries_parked: 0,
    iroko_webhooks_disabled: 0,
    iroko_notice_rules_due: 1,
  });
});
