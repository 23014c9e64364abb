import { newId } from '@iroko/database';
import { type SeededAccount, seedMember, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const SHOWN = 'id name kind description revision parent { name } subteams { name } users { id }';
const CREATE = `mutation ($input: CreateTeamInput!) { team: createTeam(input: $input) { ${SHOWN} } }`;
const UPDATE = `mutation ($input: UpdateTeamInput!) { team: updateTeam(input: $input) { ${SHOWN} } }`;
const REMOVE = 'mutation ($id: ID!, $revision: Int!) { removeTeam(id: $id, expectedRevision: $revision) }';

interface Team {
  id: string;
  revision: number;
}

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;

beforeEach(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
});
afterEach(() => identity.close());

const ask = (query: string, variables: object, token = account.administrator.accessToken) =>
  identity.ask(query, { token, variables: variables as Record<string, unknown> });

async function team(input: object): Promise<Team> {
  const { data, errors } = await ask(CREATE, { input });
  expect(errors).toEqual([]);
  return (data as { team: Team }).team;
}

const within = (child: Team, parent: Team | null) =>
  ask(UPDATE, { input: { id: child.id, expectedRevision: child.revision, parentId: parent?.id ?? null } });

it('a team of people is within a team of teams', async () => {
  const { userId } = await seedMember(identity.database, account.accountId);
  const all = await team({ name: 'All', kind: 'TEAMS' });
  const north = await team({ name: 'North', kind: 'USERS', parentId: all.id, userIds: [userId] });
  expect(north).toMatchObject({ parent: { name: 'All' }, users: [{ id: userId }], subteams: [] });
  const { data } = await ask(`query ($id: ID!) { team(id: $id) { ${SHOWN} } teams { totalCount } }`, {
    id: all.id,
  });
  expect(data).toMatchObject({
    team: { subteams: [{ name: 'North' }], users: [] },
    teams: { totalCount: 2 },
  });
});

it('what is left out stays, and people are exactly those that are given', async () => {
  const one = await seedMember(identity.database, account.accountId);
  const { userId } = await seedMember(identity.database, account.accountId);
  const north = await team({ name: 'North', kind: 'USERS', description: 'Up', userIds: [userId] });
  const change = (input: object, expectedRevision: number) =>
    ask(UPDATE, { input: { id: north.id, expectedRevision, ...input } });
  const { data } = await change({ userIds: [one.userId] }, 1);
  expect(data).toMatchObject({ team: { description: 'Up', users: [{ id: one.userId }], revision: 2 } });
  expect((await change({ userIds: [] }, 1)).code).toBe('CONFLICT');
});

it('no team is within itself, by any way, also when two moves meet', async () => {
  const [a, b, c] = await Promise.all(['A', 'B', 'C'].map((name) => team({ name, kind: 'TEAMS' })));
  if (!a || !b || !c) throw new Error('Three teams were made.');
  expect((await within(a, a)).code).toBe('BAD_USER_INPUT');
  await within(b, a);
  await within(c, b);
  expect((await within(a, c)).code).toBe('BAD_USER_INPUT');
  const [x, y] = await Promise.all(['X', 'Y'].map((name) => team({ name, kind: 'TEAMS' })));
  if (!x || !y) throw new Error('Two teams were made.');
  const answers = await Promise.all([within(x, y), within(y, x)]);
  const codes = answers.map(({ code, errors }) => (errors.length === 0 ? 'moved' : code));
  expect(codes.sort()).toEqual(['BAD_USER_INPUT', 'moved']);
});

it.each<[string, () => Promise<object>, string]>([
  [
    'teams within a team of people',
    async () => ({ name: 'N', kind: 'USERS', parentId: (await team({ name: 'P', kind: 'USERS' })).id }),
    'BAD_USER_INPUT',
  ],
  [
    'people within a team of teams',
    async () => ({
      name: 'N',
      kind: 'TEAMS',
      userIds: [(await seedMember(identity.database, account.accountId)).userId],
    }),
    'BAD_USER_INPUT',
  ],
  ['a person that never was', async () => ({ name: 'N', kind: 'USERS', userIds: [newId()] }), 'NOT_FOUND'],
  [
    'a person of another account',
    async () => ({ name: 'N', kind: 'USERS', userIds: [twin.administrator.userId] }),
    'NOT_FOUND',
  ],
  ['a team above that never was', async () => ({ name: 'N', kind: 'USERS', parentId: newId() }), 'NOT_FOUND'],
  ['an empty name', async () => ({ name: '', kind: 'USERS' }), 'BAD_USER_INPUT'],
  [
    'a name that is taken',
    async () => {
      await team({ name: 'Élan', kind: 'USERS' });
      return { name: 'elan', kind: 'TEAMS' };
    },
    'CONFLICT',
  ],
])('%s: refused', async (_, input, code) => {
  expect((await ask(CREATE, { input: await input() })).code).toBe(code);
});

it('a team goes when no team is in it; its people stay', async () => {
  const all = await team({ name: 'All', kind: 'TEAMS' });
  const north = await team({
    name: 'North',
    kind: 'USERS',
    parentId: all.id,
    userIds: [(await seedMember(identity.database, account.accountId)).userId],
  });
  expect((await ask(REMOVE, { id: all.id, revision: 1 })).code).toBe('CONFLICT');
  expect((await ask(REMOVE, { id: north.id, revision: 1 })).errors).toEqual([]);
  expect((await ask(REMOVE, { id: all.id, revision: 1 })).errors).toEqual([]);
  expect((await ask('{ teams { totalCount } }', {})).data).toEqual({ teams: { totalCount: 0 } });
});
