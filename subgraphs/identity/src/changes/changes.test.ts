import { recordChange, sealAll } from '@iroko/changes';
import { newId } from '@iroko/database';
import { type SeededAccount, seedMember, seedTwins } from '@iroko/testing';
import type { Permission } from '@iroko/viewer';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const CHANGES = `query ($first: Int, $after: String, $filter: ChangeFilterInput) {
  changes(first: $first, after: $after, filter: $filter) {
    nodes { id at actor { userId tokenId jobId onBehalfOf } requestId subjectType subjectId unitId projectId action before after reason hash }
    edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface Page {
  nodes: { subjectId: string }[];
  edges: { cursor: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;

beforeEach(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
});
afterEach(() => identity.close());

async function record(of: SeededAccount, subjectId: string, more: object = {}): Promise<void> {
  await identity.database.forAccount(of.actor).transaction((tx) =>
    recordChange(tx, {
      subjectType: 'OrgUnit',
      subjectId,
      action: 'UPDATE',
      before: { name: 'old' },
      after: { name: 'new' },
      ...more,
    }),
  );
  await sealAll(identity.database.system, of.accountId);
}

const read = (variables: Record<string, unknown> = {}, token = account.administrator.accessToken) =>
  identity.ask(CHANGES, { token, variables });
const pageOf = async (variables: Record<string, unknown> = {}): Promise<Page> => {
  const { data, errors } = await read(variables);
  expect(errors).toEqual([]);
  return data?.changes as Page;
};
const subjects = (page: Page) => page.nodes.map((node) => node.subjectId);

it('the log is read in pages to its end, and goes on where the reader stopped', async () => {
  for (const subject of ['a', 'b', 'c']) await record(account, subject);
  await record(twin, 'of the twin');
  const first = await pageOf({ first: 2 });
  expect(subjects(first)).toEqual(['a', 'b']);
  expect(first.pageInfo).toMatchObject({
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: first.edges[0]?.cursor,
  });
  const second = await pageOf({ first: 2, after: first.pageInfo.endCursor });
  expect(subjects(second)).toEqual(['c']);
  expect(second.pageInfo.hasNextPage).toBe(false);
  const nothingNew = await pageOf({ after: second.pageInfo.endCursor });
  expect(nothingNew).toMatchObject({ nodes: [], pageInfo: { endCursor: second.pageInfo.endCursor } });
  await record(account, 'd');
  expect(subjects(await pageOf({ after: nothingNew.pageInfo.endCursor }))).toEqual(['d']);
});

it('an event says who did what to what', async () => {
  const unitId = newId();
  await record(account, 'a', { unitId, reason: 'it moved' });
  const page = await pageOf();
  expect(page.nodes).toEqual([
    {
      id: expect.any(String),
      at: expect.any(String),
      actor: { userId: account.administrator.userId, tokenId: null, jobId: null, onBehalfOf: null },
      requestId: account.actor.requestId,
      subjectType: 'OrgUnit',
      subjectId: 'a',
      unitId,
      projectId: null,
      action: 'UPDATE',
      before: { name: 'old' },
      after: { name: 'new' },
      reason: 'it moved',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
});

it('what is not sealed is not read', async () => {
  await identity.database
    .forAccount(account.actor)
    .transaction((tx) =>
      recordChange(tx, { subjectType: 'OrgUnit', subjectId: 'x', action: 'CREATE', before: null, after: {} }),
    );
  expect(subjects(await pageOf())).toEqual([]);
});

it('the log is filtered by subject, action, unit and person', async () => {
  const unitId = newId();
  await record(account, 'a', { unitId });
  await record(account, 'b', { subjectType: 'Group', action: 'CREATE' });
  await record(account, 'a', { action: 'MOVE' });
  const filtered = async (filter: unknown) => subjects(await pageOf({ filter }));
  expect(await filtered({ subjectType: 'OrgUnit' })).toEqual(['a', 'a']);
  expect(await filtered({ subjectType: 'Group', subjectId: 'a' })).toEqual([]);
  expect(await filtered({ actions: ['CREATE', 'MOVE'] })).toEqual(['b', 'a']);
  expect(await filtered({ unitId })).toEqual(['a']);
  expect(await filtered({ userId: account.administrator.userId })).toEqual(['a', 'b', 'a']);
  expect(await filtered({ userId: twin.administrator.userId })).toEqual([]);
  expect(await filtered({ unitId: 'no id' })).toEqual([]);
  expect((await read({ filter: { subjectId: 'a' } })).code).toBe('BAD_USER_INPUT');
});

it('the log is filtered by project, by the time of writing, and by both ends of it', async () => {
  const projectId = newId();
  await record(account, 'a', { projectId });
  await record(account, 'b');
  const nodes = (await pageOf()).nodes as unknown as { at: string }[];
  const [a, b] = nodes.map(({ at }) => at);
  const filtered = async (filter: unknown) => subjects(await pageOf({ filter }));
  expect(await filtered({ projectId })).toEqual(['a']);
  expect(await filtered({ from: b })).toEqual(['b']);
  expect(await filtered({ to: b })).toEqual(['a']);
  expect(await filtered({ from: a, to: '2999-01-01T00:00:00Z' })).toEqual(['a', 'b']);
  expect(await filtered({ from: '2999-01-01T00:00:00Z' })).toEqual([]);
  expect(await filtered({ subjectType: 'Nothing' })).toEqual([]);
  expect((await read({ filter: { from: b, to: a } })).code).toBe('BAD_USER_INPUT');
});

describe('the history of a record', () => {
  const HISTORY = `query ($ids: [_Any!]!, $first: Int = 50, $after: String) {
    _entities(representations: $ids) {
      ... on OrgUnit { history(first: $first, after: $after) { nodes { subjectId after } pageInfo { endCursor hasNextPage } } }
      ... on User { history(first: $first) { nodes { subjectId } } }
    }
  }`;
  const historyOf = async (variables: object, token = account.administrator.accessToken) => {
    const answer = await identity.ask(HISTORY, { token, variables: { ...variables } });
    return { ...answer, entities: answer.data?._entities as { history: Page }[] };
  };
  const units = (...ids: string[]) => ids.map((id) => ({ __typename: 'OrgUnit', id }));

  it('is its events, newest first, in pages', async () => {
    for (const name of ['1', '2', '3']) await record(account, 'a', { after: { name } });
    await record(account, 'b');
    await record(twin, 'a');
    const { entities } = await historyOf({ ids: units('a', 'b', 'c'), first: 2 });
    expect(entities.map(({ history }) => history.nodes)).toEqual([
      [
        { subjectId: 'a', after: { name: '3' } },
        { subjectId: 'a', after: { name: '2' } },
      ],
      [{ subjectId: 'b', after: { name: 'new' } }],
      [],
    ]);
    const { endCursor, hasNextPage } = entities[0]?.history.pageInfo ?? {};
    expect(hasNextPage).toBe(true);
    const rest = await historyOf({ ids: units('a'), first: 2, after: endCursor });
    expect(rest.entities[0]?.history.nodes).toEqual([{ subjectId: 'a', after: { name: '1' } }]);
  });

  it('needs audit.read, and the permission of its type', async () => {
    await record(account, 'a');
    const only = async (...permissions: Permission[]) =>
      (await seedMember(identity.database, account.accountId, { permissions })).accessToken;
    expect((await historyOf({ ids: units('a') }, await only('org_units.read'))).code).toBe('FORBIDDEN');
    const { entities } = await historyOf({ ids: units('a') }, await only('audit.read'));
    expect(entities[0]?.history.nodes).toEqual([]);
  });
});

it('an event leads to its subject: whole where identity has it, by its id where another subgraph does', async () => {
  await record(account, account.administrator.userId, { subjectType: 'User' });
  await record(account, twin.administrator.userId, { subjectType: 'User' });
  await record(account, 'a');
  await record(account, 'key', { subjectType: 'Webhook' });
  const { data, errors } = await identity.ask(
    '{ changes { nodes { subject { __typename ... on User { id } ... on OrgUnit { id } } } } }',
    { token: account.administrator.accessToken },
  );
  expect(errors).toEqual([]);
  expect((data?.changes as { nodes: unknown[] } | undefined)?.nodes).toEqual([
    { subject: { __typename: 'User', id: account.administrator.userId } },
    { subject: null },
    { subject: { __typename: 'OrgUnit', id: 'a' } },
    { subject: null },
  ]);
});

describe('a cursor', () => {
  it('of another account, made up or cut is refused with BAD_USER_INPUT', async () => {
    await record(account, 'a');
    await record(twin, 'a');
    const { data } = await read({}, twin.administrator.accessToken);
    const foreign = (data as unknown as { changes: Page }).changes.pageInfo.endCursor ?? '';
    for (const after of [foreign, foreign.slice(0, -1), 'AAAA', '', '💥']) {
      const answer = await read({ after });
      expect(answer.errors[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        details: { path: ['after'] },
      });
    }
  });

  it('from before what the log still holds is refused, since its reader would not know of the gap', async () => {
    for (const subject of ['a', 'b', 'c']) await record(account, subject);
    const all = await pageOf();
    const client = await identity.database.pool.connect();
    await client.query("SET session_replication_role = 'replica'");
    await client.query('DELETE FROM platform.change_event WHERE account_id = $1 AND position <= 2', [
      account.accountId,
    ]);
    await client.query("SET session_replication_role = 'origin'");
    client.release();
    const [first, second] = all.edges.map(({ cursor }) => cursor);
    expect((await read({ after: first })).errors[0]).toMatchObject({
      message: expect.stringContaining('archived'),
      extensions: { code: 'BAD_USER_INPUT', details: { path: ['after'] } },
    });
    expect(subjects(await pageOf({ after: second }))).toEqual(['c']);
  });

  it('moves on to the end of the log also where nothing matches, and misses nothing of what comes', async () => {
    await record(account, 'a');
    await record(account, 'b');
    const all = await pageOf();
    for (const filter of [{ actions: ['NEVER'] }, { unitId: 'none' }, { subtree: newId() }]) {
      const page = await pageOf({ filter });
      expect(page.edges).toEqual([]);
      expect(page.pageInfo.endCursor).toBe(all.pageInfo.endCursor);
    }
    const [first] = all.edges;
    const part = await pageOf({ first: 1 });
    expect(part.pageInfo).toMatchObject({ endCursor: first?.cursor, hasNextPage: true });
    await record(account, 'c');
    expect(subjects(await pageOf({ after: all.pageInfo.endCursor }))).toEqual(['c']);
  });

  it.each([-1, 1001])('with a page of %d is refused', async (first) => {
    expect((await read({ first })).code).toBe('BAD_USER_INPUT');
  });
});

it('without audit.read nobody reads the log', async () => {
  const member = await seedMember(identity.database, account.accountId, { permissions: ['jobs.read'] });
  expect((await read({}, member.accessToken)).code).toBe('FORBIDDEN');
  expect((await identity.ask(CHANGES)).code).toBe('UNAUTHENTICATED');
});
