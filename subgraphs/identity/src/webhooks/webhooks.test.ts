import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sealAll } from '@iroko/changes';
import { newId } from '@iroko/database';
import { type SeededAccount, seedTwins } from '@iroko/testing';
import { Webhook } from 'standardwebhooks';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { type MadeWebhook as Made, WebhookStory } from './testing/webhook-story';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}
let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let story: WebhookStory;
let partner: Server;
let url: string;
let received: Received[];
/** What the partner answers; 204 when it is empty. */
let answers: number[];

beforeEach(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
  story = new WebhookStory(identity, account);
  received = [];
  answers = [];
  partner = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(answers.shift() ?? 204).end();
  });
  await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(partner.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
  await new Promise((resolve) => partner.close(resolve));
  await identity.close();
});

const data = <Data>(query: string, variables?: Record<string, unknown>) => story.data<Data>(query, variables);
const make = (input: Record<string, unknown> = {}) => story.make({ url, ...input });
const deliveries = (webhookId: string) => story.deliveries(webhookId);
const change = (subjectId: string, more?: object, of?: SeededAccount) => story.change(subjectId, more, of);
const send = () => story.send(twin);
const subjects = () => received.map(({ body }) => JSON.parse(body).subject);
/** As if the waits were over. */
const letTimePass = () =>
  identity.database.pool.query('UPDATE identity.webhook_delivery SET next_at = now() WHERE account_id = $1', [
    account.accountId,
  ]);

it('a partner gets the changes from then on, in order, each signed, and nothing of another account', async () => {
  await change('before');
  await sealAll(identity.database.system, account.accountId);
  const { secret } = await make();
  for (const subject of ['a', 'b', 'a']) await change(subject);
  await change('of the twin', {}, twin);
  expect(await send()).toBe(3);
  expect(subjects()).toEqual(['OrgUnit/a', 'OrgUnit/b', 'OrgUnit/a']);
  for (const { headers, body } of received) {
    const event = new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(event).toMatchObject({
      specversion: '1.0',
      id: headers['webhook-id'],
      type: 'iroko.OrgUnit.UPDATE',
      data: { before: { name: 'old' }, after: { name: 'new' } },
    });
  }
  expect(await send()).toBe(0);
});

it('in binary mode the body is the data, and the signature holds', async () => {
  const { secret } = await make({ mode: 'BINARY' });
  await change('a');
  await send();
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  expect(headers['ce-type']).toBe('iroko.OrgUnit.UPDATE');
  expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
    subjectId: 'a',
  });
});

it('a partner gets only what its filter names', async () => {
  await make({ subjectTypes: ['OrgUnit'], actions: ['CREATE'] });
  await change('updated');
  await change('created', { action: 'CREATE' });
  await change('other', { action: 'CREATE', subjectType: 'Form' });
  await send();
  expect(subjects()).toEqual(['OrgUnit/created']);
});

it('of one subject, what comes later waits for what failed; other subjects do not', async () => {
  const { webhook } = await make();
  answers = [500];
  for (const subject of ['a', 'a', 'b']) await change(subject);
  expect(await send()).toBe(2);
  expect(subjects()).toEqual(['OrgUnit/a', 'OrgUnit/b']);
  const [, second, first] = await deliveries(webhook.id);
  expect(first).toMatchObject({ status: 'PENDING', attemptCount: 1, nextAt: expect.any(String) });
  expect(second).toMatchObject({ status: 'PENDING', attemptCount: 0 });
  expect(first?.calls).toEqual([
    expect.objectContaining({
      number: 1,
      url,
      responseStatus: 500,
      durationMs: expect.any(Number),
      error: null,
    }),
  ]);
  await letTimePass();
  await send();
  expect(subjects().slice(2)).toEqual(['OrgUnit/a', 'OrgUnit/a']);
  const ids = received.map(({ headers }) => headers['webhook-id']);
  expect(ids[2]).toBe(ids[0]);
});

it('who answers 410 is not called again until enabled, and then misses nothing', async () => {
  const { webhook } = await make();
  answers = [410];
  await change('a');
  await send();
  await change('b');
  await letTimePass();
  expect(await send()).toBe(0);
  const { enableWebhook } = await data<{ enableWebhook: unknown }>(
    'mutation ($id: ID!) { enableWebhook(id: $id) { disabledReason } }',
    { id: webhook.id },
  );
  expect(enableWebhook).toEqual({ disabledReason: null });
  await send();
  expect(subjects()).toEqual(['OrgUnit/a', 'OrgUnit/a', 'OrgUnit/b']);
  const { rows } = await identity.database.pool.query(
    "SELECT action FROM platform.change_event WHERE account_id = $1 AND subject_type = 'Webhook' ORDER BY entry",
    [account.accountId],
  );
  expect(rows.map(({ action }) => action)).toEqual(['CREATE', 'DISABLE', 'ENABLE']);
});

it('after three days of failures a delivery is parked, the webhook disabled, and the delivery can be replayed', async () => {
  const { webhook } = await make();
  answers = [500, 500];
  await change('a');
  await send();
  await identity.database.pool.query(
    `UPDATE identity.webhook_delivery SET next_at = now(), first_at = now() - interval '3 days'`,
  );
  await identity.database.pool.query(`UPDATE identity.webhook SET failing_since = now() - interval '3 days'`);
  await send();
  const [parked] = await deliveries(webhook.id);
  expect(parked).toMatchObject({ status: 'PARKED', nextAt: null, attemptCount: 2 });
  const replay = 'mutation ($id: ID!) { replayWebhookDelivery(id: $id) { kind status } }';
  expect((await story.ask(replay, { id: parked?.id })).code).toBe('CONFLICT');
  await data('mutation ($id: ID!) { enableWebhook(id: $id) { id } }', { id: webhook.id });
  await data(replay, { id: parked?.id });
  await send();
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect((await deliveries(webhook.id)).map(({ kind, status }) => [kind, status])).toEqual([
    ['REPLAY', 'DELIVERED'],
    ['EVENT', 'PARKED'],
  ]);
  const { rows } = await identity.database.pool.query(
    "SELECT fields_after AS after FROM platform.change_event WHERE subject_id = $1 AND action = 'REPLAY'",
    [webhook.id],
  );
  expect(rows).toEqual([{ after: expect.objectContaining({ deliveryId: expect.any(String) }) }]);
});

it('a part of the log, or all since a cursor, is sent again under the same ids', async () => {
  const { webhook } = await make({ subjectTypes: ['OrgUnit'] });
  for (const subject of ['a', 'b', 'c']) await change(subject);
  await send();
  const { changes } = await data<{ changes: { edges: { cursor: string }[] } }>(
    `{ changes(filter: { subjectType: "OrgUnit" }) { edges { cursor } } }`,
  );
  const [a, b] = changes.edges.map(({ cursor }) => cursor);
  const replay = (variables: object) =>
    data(
      'mutation ($id: ID!, $after: String, $through: String) { replayWebhook(id: $id, after: $after, through: $through) { id } }',
      {
        id: webhook.id,
        ...variables,
      },
    );
  await replay({ after: a, through: b });
  await send();
  expect(subjects().slice(3)).toEqual(['OrgUnit/b']);
  expect(received[3]?.headers['webhook-id']).toBe(received[1]?.headers['webhook-id']);
  await replay({ after: a });
  await send();
  expect(subjects().slice(4)).toEqual(['OrgUnit/b', 'OrgUnit/c']);
});

it('a ping tells of no change, and after a change of secret both sign', async () => {
  const { webhook, secret } = await make();
  const { rotateWebhookSecret } = await data<{ rotateWebhookSecret: Made }>(
    'mutation ($id: ID!) { rotateWebhookSecret(id: $id) { secret webhook { id oldSecretUntil } } }',
    { id: webhook.id },
  );
  expect(rotateWebhookSecret.webhook.oldSecretUntil).toEqual(expect.any(String));
  await data('mutation ($id: ID!) { pingWebhook(id: $id) { id } }', { id: webhook.id });
  await send();
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  for (const text of [secret, rotateWebhookSecret.secret]) {
    expect(new Webhook(text).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'iroko.Webhook.PING',
    });
  }
  const { rows } = await identity.database.pool.query('SELECT e::text AS text FROM platform.change_event e');
  for (const { text } of rows) expect(text).not.toContain(secret.slice('whsec_'.length));
});

it('two processes send each event once, and a dead one is followed by another', async () => {
  const { webhook } = await make();
  for (let index = 0; index < 10; index++) await change(`unit ${index}`);
  await sealAll(identity.database.system, account.accountId);
  await Promise.all([identity.subgraph.webhooks.sendDue(), identity.subgraph.webhooks.sendDue()]);
  expect(new Set(subjects()).size).toBe(10);
  expect(received).toHaveLength(10);
  await identity.database.pool.query(
    `UPDATE identity.webhook SET lease_owner = $1, lease_until = now() + interval '1 minute'`,
    [newId()],
  );
  await change('later');
  expect(await send()).toBe(0);
  await identity.database.pool.query(`UPDATE identity.webhook SET lease_until = now() - interval '1 second'`);
  expect(await send()).toBe(1);
  expect((await deliveries(webhook.id)).every(({ status }) => status === 'DELIVERED')).toBe(true);
});

it('nobody there is an attempt with its reason', async () => {
  const { webhook } = await make({ url: 'http://127.0.0.1:1/' });
  await change('a');
  await send();
  const [delivery] = await deliveries(webhook.id);
  expect(delivery?.calls).toEqual([
    expect.objectContaining({ responseStatus: null, error: expect.stringContaining('CONNECTION') }),
  ]);
});

it('a removed webhook is gone with its deliveries', async () => {
  const { webhook } = await make();
  await change('a');
  await send();
  await data('mutation ($id: ID!) { removeWebhook(id: $id) { id } }', { id: webhook.id });
  await change('b');
  expect(await send()).toBe(0);
  expect((await identity.database.pool.query('SELECT 1 FROM identity.webhook_attempt')).rows).toEqual([]);
});
