/**
 * What an invitation gives, looked at when it is made and again when it is accepted: meanwhile whoever invited may have
 * lost it, and roles, teams, projects and units may be gone.
 */
import { newId } from '@iroko/database';
import {
  type SeededAccount,
  type SeededMember,
  seedAccount,
  seedMember,
  seedReleasedUnits,
} from '@iroko/testing';
import type { Permission } from '@iroko/viewer';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { type Inviting, inviting } from '../testing/inviting';
import { mailsTo, tokenMailedTo } from '../testing/mails';

const INVITER: Permission[] = [
  'users.manage',
  'roles.manage',
  'teams.edit',
  'org_units.read',
  'org_units.edit',
];

let identity: IdentityUnderTest;
let account: SeededAccount;
let editorRole: string;
let team: string;
let north: string;
let south: string;
let email: string;
let made = 0;
let by: Inviting;

beforeAll(async () => {
  identity = await identityUnderTest();
  account = await seedAccount(identity.database);
  by = inviting(identity, () => account);
  const { unitIds } = await seedReleasedUnits(identity.database.forAccount(account.actor), [
    'north',
    'south',
  ]);
  [north, south] = unitIds as [string, string];
  editorRole = await idMadeBy(
    'createRole(input: { name: "Editor", permissions: ["org_units.read", "org_units.edit"] }) { id }',
  );
  team = await idMadeBy('createTeam(input: { name: "Blue", kind: USERS }) { id }');
});
afterAll(() => identity.close());
beforeEach(() => {
  email = `ada-${++made}@example.org`;
});

const run = (mutation: string, variables = {}) =>
  identity.ask(mutation, { token: account.administrator.accessToken, variables });

async function idMadeBy(field: string): Promise<string> {
  const { data, errors } = await run(`mutation { made: ${field} }`);
  expect(errors).toEqual([]);
  return (data as { made: { id: string } }).made.id;
}

const inviter = (permissions: Permission[] = INVITER, unitIds: string[] | null = null) =>
  seedMember(identity.database, account.accountId, { permissions, scope: { unitIds } });

const rewrite = (member: SeededMember, set: string, value: unknown) =>
  identity.database.pool.query(`UPDATE identity.membership SET ${set} = $2 WHERE user_id = $1`, [
    member.userId,
    value,
  ]);

const accept = async () => by.accept({ token: await tokenMailedTo(identity, email) });

/** What the person of the address came to hold; undefined for nobody. */
async function held() {
  const { rows } = await identity.database.pool.query(
    `SELECT m.unit_ids AS units, m.project_ids AS projects,
            ARRAY(SELECT r.name FROM identity.membership_role mr
                  JOIN identity.role r ON r.account_id = mr.account_id AND r.id = mr.role_id
                  WHERE mr.account_id = m.account_id AND mr.user_id = m.user_id ORDER BY 1) AS roles,
            ARRAY(SELECT t.name FROM identity.team_user tu
                  JOIN identity.team t ON t.account_id = tu.account_id AND t.id = tu.team_id
                  WHERE tu.account_id = m.account_id AND tu.user_id = m.user_id ORDER BY 1) AS teams
     FROM identity.membership m JOIN identity."user" u ON u.id = m.user_id WHERE u.email_key = $1`,
    [email],
  );
  return rows[0];
}

describe('nobody invites anybody to more than they hold and reach', () => {
  it.each<[string, Permission[], () => object, Permission]>([
    [
      'a role with a permission they lack',
      ['users.manage', 'roles.manage', 'org_units.read'],
      () => ({ roleIds: [editorRole] }),
      'org_units.edit',
    ],
    [
      'any role without roles.manage',
      ['users.manage', 'org_units.read', 'org_units.edit'],
      () => ({ roleIds: [editorRole] }),
      'roles.manage',
    ],
    ['any team without teams.edit', ['users.manage'], () => ({ teamIds: [team] }), 'teams.edit'],
  ])('%s is refused', async (_, permissions, gives, permission) => {
    const somebody = await inviter(permissions);
    expect((await by.invite({ email, ...gives() }, somebody)).errors[0]?.extensions).toEqual({
      code: 'FORBIDDEN',
      details: { permission },
    });
    await by.invited({ email }, somebody);
  });

  it('an inviter limited to some units invites to those at most', async () => {
    const limited = await inviter(['users.manage'], [north]);
    const inviteTo = (orgUnitIds: string[]) => by.invite({ email, scope: { orgUnitIds } }, limited);
    expect((await inviteTo([south])).code).toBe('NOT_FOUND');
    expect((await inviteTo([newId()])).code).toBe('NOT_FOUND');
    expect((await by.invite({ email }, limited)).code).toBe('FORBIDDEN');
    expect((await inviteTo([north])).data).toMatchObject({ inviteUser: { scope: { orgUnitIds: [north] } } });
    expect((await accept()).errors).toEqual([]);
    expect(await held()).toMatchObject({ units: [north] });
  });

  it.each<[string, (somebody: SeededMember) => Promise<unknown>]>([
    ['a permission of the role', (one) => rewrite(one, 'permissions', INVITER.slice(0, 4))],
    ['the right to give roles', (one) => rewrite(one, 'permissions', ['users.manage', 'org_units.read'])],
    [
      'the right to fill teams',
      (one) =>
        rewrite(
          one,
          'permissions',
          INVITER.filter((name) => name !== 'teams.edit'),
        ),
    ],
    ['the place where the person will be', (one) => rewrite(one, 'unit_ids', [south])],
    [
      'their membership',
      (one) => run('mutation ($id: ID!) { endMembership(userId: $id) { id } }', { id: one.userId }),
    ],
  ])('an inviter who lost %s meanwhile gives nothing: nobody is made', async (_, lose) => {
    const somebody = await inviter(INVITER, [north, south]);
    const scope = { orgUnitIds: [north] };
    await by.invited({ email, roleIds: [editorRole], teamIds: [team], scope }, somebody);
    const token = await tokenMailedTo(identity, email);
    await lose(somebody);
    expect((await by.accept({ token })).code).toBe('CONFLICT');
    const { rows } = await identity.database.pool.query(
      'SELECT 1 FROM identity."user" WHERE email_key = $1',
      [email],
    );
    expect(rows).toEqual([]);
  });

  it('a role that grew meanwhile beyond what the inviter holds is not given', async () => {
    const small = await idMadeBy('createRole(input: { name: "Small", permissions: [] }) { id }');
    const somebody = await inviter();
    await by.invited({ email, roleIds: [small] }, somebody);
    await run(
      'mutation ($id: ID!) { updateRole(input: { id: $id, expectedRevision: 1, permissions: ["audit.read"] }) { id } }',
      { id: small },
    );
    expect((await accept()).code).toBe('CONFLICT');
  });
});

it('somebody else sends again what its inviter may no longer give, and answers for it from then on', async () => {
  const [first, second] = [await inviter(), await inviter()];
  const { id } = await by.invited({ email, roleIds: [editorRole] }, first);
  await rewrite(first, 'permissions', []);
  expect((await accept()).code).toBe('CONFLICT');
  const powerless = await inviter(['users.manage']);
  expect((await by.change('resendInvitation', id, powerless)).code).toBe('FORBIDDEN');
  expect((await by.change('resendInvitation', id, second)).data).toMatchObject({
    resendInvitation: { invitedBy: { id: second.userId } },
  });
  expect((await accept()).errors).toEqual([]);
  expect(await held()).toMatchObject({ roles: ['Editor'] });
});

describe('whoever accepts', () => {
  it('comes into the teams that they were invited to, and the log of each says so', async () => {
    await by.invited({ email, teamIds: [team] });
    expect((await accept()).errors).toEqual([]);
    expect(await held()).toMatchObject({ teams: ['Blue'], roles: [] });
    const { rows } = await identity.database.pool.query(
      `SELECT fields_after FROM platform.change_event
       WHERE account_id = $1 AND subject_type = 'Team' AND subject_id = $2 ORDER BY entry DESC LIMIT 1`,
      [account.accountId, team],
    );
    expect(rows[0].fields_after.userIds).toHaveLength(1);
  });

  it('is a member all the same when a role or a team is gone by then', async () => {
    const role = await idMadeBy('createRole(input: { name: "Brief", permissions: [] }) { id }');
    const gone = await idMadeBy('createTeam(input: { name: "Brief", kind: USERS }) { id }');
    await by.invited({ email, roleIds: [role, editorRole], teamIds: [gone, team] });
    await run('mutation ($id: ID!) { removeRole(id: $id, expectedRevision: 1) }', { id: role });
    await run('mutation ($id: ID!) { removeTeam(id: $id, expectedRevision: 1) }', { id: gone });
    expect((await accept()).errors).toEqual([]);
    expect(await held()).toMatchObject({ roles: ['Editor'], teams: ['Blue'] });
  });

  it('reaches nothing by a project that was deleted meanwhile: no limit does not come of it', async () => {
    const project = await idMadeBy('createProject(input: { name: "Brief" }) { id }');
    await by.invited({ email, scope: { projectIds: [project] } });
    await run('mutation ($id: ID!) { deleteProject(id: $id, expectedRevision: 1) { id } }', { id: project });
    expect((await accept()).errors).toEqual([]);
    expect(await held()).toMatchObject({ projects: [project] });
  });

  it('is in no full team, and a member', async () => {
    const full = await idMadeBy('createTeam(input: { name: "Full", kind: USERS }) { id }');
    await identity.database.pool.query(
      `WITH people AS (
         INSERT INTO identity."user" (id, email, email_key)
         SELECT platform.uuid_v7(), 'full-' || n, 'full-' || n FROM generate_series(1, 1000) AS n RETURNING id
       ), members AS (
         INSERT INTO identity.membership (account_id, user_id) SELECT $1, id FROM people RETURNING user_id
       )
       SELECT count(*) FROM members`,
      [account.accountId],
    );
    await identity.database.pool.query(
      `INSERT INTO identity.team_user (account_id, team_id, user_id)
       SELECT $1, $2, u.id FROM identity."user" u WHERE u.email LIKE 'full-%'`,
      [account.accountId, full],
    );
    await by.invited({ email, teamIds: [full] });
    expect((await accept()).errors).toEqual([]);
    expect(await held()).toMatchObject({ teams: [] });
  });
});

it.each<[string, () => Promise<object> | object, string]>([
  ['a team that never was', () => ({ teamIds: [newId()] }), 'NOT_FOUND'],
  [
    'a team of teams',
    async () => ({ teamIds: [await idMadeBy('createTeam(input: { name: "All", kind: TEAMS }) { id }')] }),
    'BAD_USER_INPUT',
  ],
  ['51 teams', () => ({ teamIds: Array.from({ length: 51 }, newId) }), 'BAD_USER_INPUT'],
])('an invitation to %s is refused and nobody is invited', async (_, input, code) => {
  expect((await by.invite({ email, ...(await input()) })).code).toBe(code);
  expect(await mailsTo(identity, email)).toEqual([]);
});

describe('a manager of some units', () => {
  it('sees and counts the invitations to those, and no others', async () => {
    const limited = await inviter(['users.read', 'users.manage'], [north]);
    const within = await by.invited({ email, scope: { orgUnitIds: [north] } });
    for (const scope of [{ orgUnitIds: [north, south] }, { orgUnitIds: [south] }, {}]) {
      await by.invited({ email: `${newId()}@example.org`, scope });
    }
    const { totalCount, nodes } = await by.list(limited);
    expect(totalCount).toBe(nodes.length);
    expect(nodes).toContainEqual(expect.objectContaining({ id: within.id }));
    for (const { scope } of nodes) expect(scope).toMatchObject({ orgUnitIds: [north] });
  });

  it.each(['resendInvitation', 'revokeInvitation'])('%s: those alone', async (mutation) => {
    const limited = await inviter(['users.manage'], [north]);
    const invited = async (scope: object) =>
      (await by.invited({ email: `${newId()}@example.org`, scope })).id;
    for (const scope of [{}, { orgUnitIds: [south] }, { orgUnitIds: [north, south] }]) {
      expect((await by.change(mutation, await invited(scope), limited)).code).toBe('FORBIDDEN');
    }
    const own = await invited({ orgUnitIds: [north] });
    expect((await by.change(mutation, own, limited)).errors).toEqual([]);
  });
});
