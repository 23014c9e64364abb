/**
 * Defects of earlier systems that people, teams and invitations must not have, by their numbers in the list of them.
 */
import { type SeededAccount, type SeededMember, seedMember, seedTwins } from '@iroko/testing';
import { ALL_PERMISSIONS } from '@iroko/viewer';
import { isInputObjectType } from 'graphql';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { UsersFiles } from '../testing/users-files';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let member: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
});
afterAll(() => identity.close());
beforeEach(async () => {
  // Everything but by a role, and without a limit: as powerful as one is without being the administrator.
  member = await seedMember(identity.database, account.accountId, { permissions: [...ALL_PERMISSIONS] });
});

const ask = (mutation: string, variables: Record<string, unknown> = {}, by = member) =>
  identity.ask(mutation, { token: by.accessToken, variables });

async function made(field: string, by = account.administrator): Promise<string> {
  const { data, errors } = await ask(`mutation { made: ${field} }`, {}, by);
  expect(errors).toEqual([]);
  return (data as { made: { id: string } }).made.id;
}

async function rightsOf({ userId }: SeededMember) {
  const { rows } = await identity.database.pool.query(
    'SELECT * FROM identity.viewer_rights WHERE account_id = $1 AND user_id = $2',
    [account.accountId, userId],
  );
  return rows[0];
}

describe('Solidata 1: nobody changes their own rights', () => {
  it('by a field of their profile: there is none but what a profile says', () => {
    const profile = identity.subgraph.schema.getType('UpdateProfileInput');
    if (!isInputObjectType(profile)) throw new Error('There is no UpdateProfileInput.');
    expect(Object.keys(profile.getFields()).sort()).toEqual([
      'firstName',
      'homePage',
      'language',
      'lastName',
      'organization',
      'phone',
    ]);
  });

  it.each<[string, () => Promise<string> | string]>([
    [
      'updateMembership, permissions',
      () => 'updateMembership(input: { userId: $me, expectedRevision: 1, permissions: [] }) { id }',
    ],
    [
      'updateMembership, scope',
      () => 'updateMembership(input: { userId: $me, expectedRevision: 1, scope: {} }) { id }',
    ],
    [
      'giveRole',
      async () =>
        `giveRole(userId: $me, roleId: "${await made('createRole(input: { name: "A", permissions: [] }) { id }')}") { id }`,
    ],
    ['takeRole', () => `takeRole(userId: $me, roleId: "${account.administratorRoleId}") { id }`],
    ['endMembership', () => 'endMembership(userId: $me) { id }'],
    ['createTeam', () => 'createTeam(input: { name: "Mine", kind: USERS, userIds: [$me] }) { id }'],
  ])('by %s', async (_, field) => {
    const before = await rightsOf(member);
    expect((await ask(`mutation ($me: ID!) { ${await field()} }`, { me: member.userId })).code).toBe(
      'FORBIDDEN',
    );
    expect(await rightsOf(member)).toEqual(before);
  });

  it('by a file of users, nor by an invitation of their own address', async () => {
    const before = await rightsOf(member);
    const files = new UsersFiles(identity, account);
    const { result } = await files.taken(
      `email,permissions\n${member.email},\n`,
      {},
      { token: member.accessToken },
    );
    expect(result.problems).toMatchObject([{ code: 'FORBIDDEN' }]);
    const { code } = await ask('mutation ($e: String!) { inviteUser(input: { email: $e }) { id } }', {
      e: member.email,
    });
    expect(code).toBe('CONFLICT');
    expect(await rightsOf(member)).toEqual(before);
  });
});

it('Solidata 4: being in a team, or making one, gives no right and no reach', async () => {
  const plain = await seedMember(identity.database, account.accountId, {
    scope: { unitIds: [], projectIds: [] },
  });
  const before = await rightsOf(plain);
  const above = await made('createTeam(input: { name: "Ministry", kind: TEAMS }) { id }');
  await made(
    `createTeam(input: { name: "Crew", kind: USERS, parentId: "${above}", userIds: ["${plain.userId}", "${member.userId}"] }) { id }`,
  );
  expect(await rightsOf(plain)).toEqual(before);
});

describe('Solidata 5: nobody lists people but who may see users', () => {
  const LISTS = [
    '{ users { nodes { id } } }',
    '{ invitations { nodes { email } } }',
    '{ teams { nodes { users { email } } } }',
    'mutation { exportUsers(format: CSV) { id } }',
  ];

  it.each(LISTS)('%s', async (query) => {
    const nobody = await seedMember(identity.database, account.accountId);
    expect((await ask(query, {}, nobody)).code).toBe('FORBIDDEN');
    expect((await identity.ask(query)).code).toBe('UNAUTHENTICATED');
  });
});

describe('Iaso 30: what another account has is what never was', () => {
  it.each<[string, () => Promise<string> | string]>([
    ['a member', () => `endMembership(userId: "${twin.administrator.userId}") { id }`],
    ['a role', () => `giveRole(userId: "${member.userId}", roleId: "${twin.administratorRoleId}") { id }`],
    [
      'a team',
      async () =>
        `removeTeam(id: "${await made('createTeam(input: { name: "Theirs", kind: USERS }) { id }', twin.administrator)}", expectedRevision: 1)`,
    ],
    [
      'a project',
      async () =>
        `inviteUser(input: { email: "x@example.org", scope: { projectIds: ["${await made('createProject(input: { name: "Theirs" }) { id }', twin.administrator)}"] } }) { id }`,
    ],
    [
      'an invitation',
      async () =>
        `resendInvitation(id: "${await made('inviteUser(input: { email: "y@example.org" }) { id }', twin.administrator)}") { id }`,
    ],
  ])('%s', async (_, field) => {
    expect((await ask(`mutation { ${await field()} }`, {}, account.administrator)).code).toBe('NOT_FOUND');
  });
});
