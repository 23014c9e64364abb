import { recordChange } from '@iroko/changes';
import { newId } from '@iroko/database';
import { seedMember } from '@iroko/testing';
import type { Client } from 'graphql-ws';
import { overEventStream, overSocket, type Subscriber, socketClient } from '../testing/live/subscribers';
import { type StackUnderTest, stackUnderTest } from '../testing/stack-under-test';
import { smallTree } from '../testing/tree';

const CHANGES = `subscription ($after: String, $filter: ChangeFilterInput) {
  changes(after: $after, filter: $filter) { cursor action subjectId subject { ... on OrgUnit { id name } } }
}`;

let iroko: StackUnderTest;
let sockets: Client;
const open: Subscriber[] = [];

beforeAll(async () => {
  iroko = await stackUnderTest({ LIVE_SUBSCRIPTION_LIMIT: '5', LIVE_CONNECTION_LIMIT: '20' });
  sockets = socketClient(iroko.stack.url, iroko.account.administrator.apiToken);
});
afterEach(async () => {
  for (const subscriber of open.splice(0)) await subscriber.stop();
  // The server learns of it over the network.
  await new Promise((resolve) => setTimeout(resolve, 50));
});
afterAll(async () => {
  await sockets?.dispose();
  await iroko?.close();
});

type Operation = Parameters<typeof overSocket>[1];
const byEventStream = (operation: Operation, token = iroko.account.administrator.apiToken) => {
  const subscriber = overEventStream(iroko.stack.url, operation, token);
  open.push(subscriber);
  return subscriber;
};
const bySocket = (operation: Operation) => {
  const subscriber = overSocket(sockets, operation);
  open.push(subscriber);
  return subscriber;
};

async function record(subjectId: string, account = iroko.account): Promise<void> {
  await iroko.database
    .forAccount(account.actor)
    .transaction((tx) =>
      recordChange(tx, { subjectType: 'OrgUnit', subjectId, action: 'NOTE', before: null, after: {} }),
    );
}
const from = () => ({ from: new Date().toISOString() });
const seen = (answers: { data?: { changes: { subjectId: string } } }[]) =>
  answers.map(({ data }) => data?.changes.subjectId);

/** A WebSocket answers with a list of errors, a request with an object that has one. */
const refusalOf = (end: unknown) =>
  (Array.isArray(end) ? (end as unknown[]) : (end as { errors?: unknown[] }).errors)?.[0];

describe.each([
  ['a WebSocket', bySocket],
  ['an event stream', byEventStream],
] as const)('over %s', (_, subscribe) => {
  it('a subscription catches up from its cursor and goes on live, each event once and in order', async () => {
    const filter = from();
    for (const subject of ['a', 'b', 'c']) await record(subject);
    const first = subscribe({ query: CHANGES, variables: { filter } });
    const [, b] = await first.until(3);
    const second = subscribe({ query: CHANGES, variables: { filter, after: b?.data.changes.cursor } });
    await second.until(1);
    for (const subject of ['d', 'e']) await record(subject);
    expect(seen(await first.until(5))).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(seen(await second.until(3))).toEqual(['c', 'd', 'e']);
  });

  it('an event leads to its subject in the subgraph that owns it, with what the client selected', async () => {
    const filter = { ...from(), subjectType: 'OrgUnit', actions: ['CREATE'] };
    const subscriber = subscribe({ query: CHANGES, variables: { filter } });
    await smallTree(iroko.administrator, `Health map of ${newId()}`);
    const answers = await subscriber.until(2);
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(data.changes.subject).toEqual({ id: data.changes.subjectId, name: expect.any(String) });
    }
  });

  it('nothing of another account is ever seen', async () => {
    const subscriber = subscribe({ query: CHANGES, variables: { filter: from() } });
    await record('of the twin', iroko.twin);
    await record('own');
    await subscriber.until(1);
    await record('last');
    expect(seen(await subscriber.until(2))).toEqual(['own', 'last']);
  });

  it('aliases, fragments, variables and left-out fields mean what they mean in a query', async () => {
    const query = `subscription Named($type: String!, $not: Boolean!) { feed: changes(filter: { subjectType: $type }) { ...Seen } }
      fragment Seen on ChangeEvent { what: subjectType left: action @skip(if: $not) }`;
    await record('x');
    const subscriber = subscribe({
      query,
      operationName: 'Named',
      variables: { type: 'OrgUnit', not: true },
    });
    const [first] = await subscriber.until(1);
    expect(first).toEqual({ data: { feed: { what: 'OrgUnit' } } });
  });

  it('a query is answered once', async () => {
    const subscriber = subscribe({ query: '{ me { account { id } } }' });
    expect(await subscriber.ended).toBe('complete');
    expect(subscriber.answers).toEqual([{ data: { me: { account: { id: iroko.account.accountId } } } }]);
  });

  it('a cursor that is none ends it with BAD_USER_INPUT', async () => {
    const subscriber = subscribe({ query: CHANGES, variables: { after: 'hello' } });
    expect(await subscriber.ended).toBe('complete');
    expect(subscriber.answers[0]?.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it.each([
    ['a mutation in it', 'subscription { signOut }'],
    ['two fields', 'subscription { changes { id } other: changes { id } }'],
    ['no such field', 'subscription { changes { nothing } }'],
    ['a syntax that is none', 'subscription {'],
  ])('a subscription with %s is refused with BAD_USER_INPUT', async (_name, query) => {
    const subscriber = subscribe({ query });
    expect(refusalOf(await subscriber.ended)).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  });

  it('one token has no more subscriptions than the limit, and a place again when one ends', async () => {
    const many = [1, 2, 3, 4, 5].map(() => subscribe({ query: CHANGES, variables: { filter: from() } }));
    await record('x');
    for (const each of many) await each.until(1);
    expect(refusalOf(await subscribe({ query: CHANGES }).ended)).toMatchObject({
      extensions: { code: 'LIMIT_EXCEEDED', details: { limit: 'LIVE_SUBSCRIPTION_LIMIT', maximum: 5 } },
    });
    await many[0]?.stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await record('y');
    await subscribe({ query: CHANGES, variables: {} }).until(1);
  });
});

describe('a subscription ends with a reason', () => {
  it('when the right to read the log is taken away, within 10 seconds, though nothing happens', async () => {
    const member = await seedMember(iroko.database, iroko.account.accountId, {
      permissions: ['audit.read', 'org_units.read'],
    });
    const subscriber = byEventStream({ query: CHANGES, variables: { filter: from() } }, member.accessToken);
    await record('x');
    await subscriber.until(1);
    await iroko.database.pool.query(`UPDATE identity.membership SET permissions = '{}' WHERE user_id = $1`, [
      member.userId,
    ]);
    await iroko.database.pool.query('DELETE FROM identity.membership_role WHERE user_id = $1', [
      member.userId,
    ]);
    expect(await subscriber.ended).toBe('complete');
    expect(subscriber.answers.at(-1)?.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  }, 15_000);

  it('when its token expires or is revoked', async () => {
    const member = await seedMember(iroko.database, iroko.account.accountId, { permissions: ['audit.read'] });
    const subscriber = byEventStream({ query: CHANGES, variables: { filter: from() } }, member.accessToken);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await iroko.database.pool.query(
      `UPDATE identity.session SET ended_at = now(), end_reason = 'SIGNED_OUT' WHERE user_id = $1`,
      [member.userId],
    );
    expect(await subscriber.ended).toBe('complete');
    expect(subscriber.answers.at(-1)?.errors?.[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      details: { reason: 'revoked' },
    });
  }, 15_000);
});

it('nobody in particular may not follow the log', async () => {
  const subscriber = overEventStream(iroko.stack.url, { query: CHANGES });
  await subscriber.ended;
  expect(subscriber.answers[0]?.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});

it('a subscription that is sent as an ordinary request is told where it goes', async () => {
  const { errors } = await iroko.administrator.ask(CHANGES);
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  expect(errors?.[0]?.message).toContain('text/event-stream');
});

it('the progress of a job is told until it has ended; a job that never was is NOT_FOUND', async () => {
  const tree = await smallTree(iroko.administrator, 'Exported map');
  const { exportOrgUnits } = await iroko.administrator.data(
    'mutation ($input: ExportOrgUnitsInput!) { exportOrgUnits(input: $input) { id } }',
    { input: { versionId: tree.versionId, format: 'CSV' } },
  );
  const PROGRESS = 'subscription ($id: ID!) { job: jobProgress(id: $id) { id state: status } }';
  const subscriber = bySocket({ query: PROGRESS, variables: { id: exportOrgUnits.id } });
  expect(await subscriber.ended).toBe('complete');
  expect(subscriber.answers.at(-1)).toEqual({ data: { job: { id: exportOrgUnits.id, state: 'SUCCEEDED' } } });
  const none = bySocket({ query: PROGRESS, variables: { id: newId() } });
  await none.ended;
  expect(none.answers[0]?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
});

it('ten thousand subscriptions by one token: those within the limit go on, all others are told, and others are served', async () => {
  const eager = await seedMember(iroko.database, iroko.account.accountId, {
    permissions: ['audit.read', 'org_units.read'],
  });
  const many = socketClient(iroko.stack.url, eager.accessToken);
  const all = Array.from({ length: 10_000 }, () =>
    overSocket(many, { query: CHANGES, variables: { filter: from() } }),
  );
  const refusals: unknown[] = [];
  await new Promise<void>((resolve) => {
    for (const { ended } of all) {
      void ended.then((end) => {
        refusals.push((refusalOf(end) as { extensions?: { code: string } } | undefined)?.extensions?.code);
        if (refusals.length === all.length - 5) resolve();
      });
    }
  });
  // Asking so often meets the limit of requests too.
  expect(refusals.filter((code) => code !== 'LIMIT_EXCEEDED' && code !== 'RATE_LIMITED')).toEqual([]);
  await record('z');
  for (const each of all.slice(0, 5)) expect(seen(await each.until(1))).toContain('z');
  expect((await iroko.administrator.data('{ me { account { id } } }')).me.account.id).toBe(
    iroko.account.accountId,
  );
  await many.dispose();
}, 180_000);

it('a filter that matches nothing keeps a subscription waiting, and costs it nothing that comes later', async () => {
  const filter = { subjectType: 'OrgUnit', subjectId: 'not yet' };
  const subscriber = bySocket({ query: CHANGES, variables: { filter } });
  await record('something else');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(subscriber.answers).toEqual([]);
  await record('not yet');
  expect(seen(await subscriber.until(1))).toEqual(['not yet']);
});
