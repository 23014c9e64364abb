import { recordChange, sealAll } from '@iroko/changes';
import { newId } from '@iroko/database';
import { type SeededAccount, seedMember, seedTwins } from '@iroko/testing';
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

  it.each([-1, 1001])('with a page of %d is refused', async (first) => {
    expect((await read({ first })).code).toBe('BAD_USER_INPUT');
  });
});

it('without audit.read nobody reads the log', async () => {
  const member = await seedMember(identity.database, account.accountId, { permissions: ['jobs.read'] });
  expect((await read({}, member.accessToken)).code).toBe('FORBIDDEN');
  expect((await identity.ask(CHANGES)).code).toBe('UNAUTHENTICATED');
});
