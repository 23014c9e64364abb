import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { recordChange, sealAll } from '@iroko/changes';
import { newId } from '@iroko/database';
import { runJobsUntilIdle } from '@iroko/jobs';
import { type SeededAccount, seedReleasedUnits, seedTwins } from '@iroko/testing';
import { readMailbox } from '../mail/mailbox';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let partner: Server;
let url: string;
let received: string[];
let status: number;

beforeEach(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
  received = [];
  status = 204;
  partner = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push(`${request.url} ${JSON.parse(Buffer.concat(chunks).toString()).subject}`);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await new Promise((resolve) => partner.close(resolve));
  await identity.close();
});

interface Made {
  id: string;
  revision: number;
}
const ask = (query: string, variables: Record<string, unknown> = {}, who = account) =>
  identity.ask(query, { token: who.administrator.accessToken, variables });
async function data<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const answer = await ask(query, variables);
  expect(answer.errors).toEqual([]);
  return answer.data as Data;
}
const CREATE =
  'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id revision } } }';
const make = async (input: Record<string, unknown> = {}): Promise<Made> =>
  (
    await data<{ createWebhook: { webhook: Made } }>(CREATE, {
      input: { name: 'Partner', url: `${url}/hook`, subjectTypes: ['OrgUnit'], ...input },
    })
  ).createWebhook.webhook;
const UPDATE = `mutation ($id: ID!, $revision: Int!, $input: WebhookSettingsInput!) {
  updateWebhook(id: $id, expectedRevision: $revision, input: $input) { name url revision subjectTypes projectId } }`;

async function change(subjectId: string, more: object = {}) {
  await identity.database.forAccount(account.actor).transaction((tx) =>
    recordChange(tx, {
      subjectType: 'OrgUnit',
      subjectId,
      action: 'UPDATE',
      before: null,
      after: { a: 1 },
      ...more,
    }),
  );
}
async function send() {
  await sealAll(identity.database.system, account.accountId);
  await identity.subgraph.webhooks.sendDue();
}
const inDatabase = (statement: string) => identity.database.pool.query(statement);
const work = () =>
  runJobsUntilIdle({
    database: identity.database,
    viewers: identity.viewers,
    jobs: [...identity.subgraph.jobs],
  });

it('a webhook of a project or a part of the tree is told of nothing else', async () => {
  const { unitIds } = await seedReleasedUnits(identity.database.forAccount(account.actor), [
    'North',
    'South',
  ]);
  const [north = '', south = ''] = unitIds;
  const { createProject } = await data<{ createProject: { id: string } }>(
    'mutation { createProject(input: { name: "Surveys" }) { id } }',
  );
  await make({ subtree: north, url: `${url}/north` });
  await make({ projectId: createProject.id, url: `${url}/project` });
  await change('in the north', { unitId: north });
  await change('in the south', { unitId: south });
  await change('of the project', { projectId: createProject.id });
  await change('of nothing');
  await send();
  expect(received.sort()).toEqual(['/north OrgUnit/in the north', '/project OrgUnit/of the project']);
});

it('its settings change as a whole, by whoever saw the last revision, and what waits goes to the new address', async () => {
  const { id, revision } = await make({ url: `${url}/old` });
  await change('a');
  await sealAll(identity.database.system, account.accountId);
  const input = { name: 'Renamed', url: `${url}/new` };
  const { updateWebhook } = await data<{ updateWebhook: Made }>(UPDATE, { id, revision, input });
  expect(updateWebhook).toMatchObject({ name: 'Renamed', revision: revision + 1, subjectTypes: null });
  expect((await ask(UPDATE, { id, revision, input })).code).toBe('CONFLICT');
  await send();
  expect(received).toContain('/new OrgUnit/a');
  expect(received.filter((line) => line.startsWith('/old'))).toEqual([]);
});

it.each([
  ['a private address', { url: 'http://10.0.0.1/' }, 'BAD_USER_INPUT'],
  ['a unit that is not there', { subtree: newId() }, 'NOT_FOUND'],
  ['a project that is not there', { projectId: newId() }, 'NOT_FOUND'],
])('%s is refused, when it is made and when it is changed', async (_, change, code) => {
  const { id, revision } = await make();
  const input = { name: 'Partner', url, ...change };
  expect((await ask(CREATE, { input })).code).toBe(code);
  expect((await ask(UPDATE, { id, revision, input })).code).toBe(code);
});

it('what is parked stands in one list, of the own account alone', async () => {
  const { id } = await make();
  for (const subject of ['a', 'b']) await change(subject);
  status = 500;
  await send();
  await inDatabase("UPDATE identity.webhook_delivery SET status = 'PARKED', finished_at = now()");
  const PARKED = '{ parkedDeliveries(first: 1) { nodes { subject status } pageInfo { hasNextPage } } }';
  const { parkedDeliveries } = await data<{ parkedDeliveries: object }>(PARKED);
  expect(parkedDeliveries).toEqual({
    nodes: [{ subject: 'OrgUnit/b', status: 'PARKED' }],
    pageInfo: { hasNextPage: true },
  });
  const byStatus = `query ($id: ID!, $status: WebhookDeliveryStatus) {
    webhookDeliveries(webhookId: $id, status: $status) { nodes { subject } } }`;
  const delivered = await data<{ webhookDeliveries: { nodes: object[] } }>(byStatus, {
    id,
    status: 'DELIVERED',
  });
  expect(delivered.webhookDeliveries.nodes).toEqual([]);
  const theirs = await ask(PARKED, {}, twin);
  expect(theirs.data).toEqual({ parkedDeliveries: { nodes: [], pageInfo: { hasNextPage: false } } });
});

it('whoever looks after webhooks learns by mail that one was disabled', async () => {
  await make();
  status = 410;
  await change('a');
  await send();
  await work();
  const mails = await readMailbox(identity.database, { limit: 10 });
  expect(mails.map(({ to, subject }) => [to, subject])).toEqual([
    [account.administrator.email, 'Webhook “Partner” was disabled'],
  ]);
});

it('deliveries that ended a month ago go, parked ones after three, and those that wait never', async () => {
  const { id } = await make();
  const db = identity.database.forAccount(account.actor);
  for (const [number, [state, days]] of (
    [
      ['DELIVERED', 31],
      ['DELIVERED', 29],
      ['PARKED', 31],
      ['PARKED', 91],
      ['PENDING', 100],
    ] as const
  ).entries()) {
    const ended = state === 'PENDING' ? null : days;
    await db.execute(db.sql`
      INSERT INTO identity.webhook_delivery
        (account_id, id, webhook_id, number, kind, subject, status, next_at, finished_at)
      VALUES (${db.account}, ${newId()}, ${id}, ${number + 1}, 'PING', ${`${state} ${days}`}, ${state},
              now() + interval '1 day', now() - make_interval(days => ${ended}::int))`);
  }
  const cleanUp = identity.subgraph.jobs.find(
    ({ definition }) => definition.name === 'identity.removeOldDeliveries',
  );
  const handler = cleanUp?.definition.handler as (
    job: object,
    input: object,
    services: object,
  ) => Promise<object>;
  expect(await handler({ db, throwIfStopped: () => undefined }, {}, {})).toEqual({ removed: 2 });
  const left = await db.rows<{ subject: string }>(db.sql`
    SELECT d.subject FROM identity.webhook_delivery d WHERE d.account_id = ${db.account} ORDER BY d.number`);
  expect(left.map(({ subject }) => subject)).toEqual(['DELIVERED 29', 'PARKED 31', 'PENDING 100']);
});
