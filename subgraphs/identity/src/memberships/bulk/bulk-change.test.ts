import { newId } from '@iroko/database';
import { runJobsUntilIdle } from '@iroko/jobs';
import {
  type SeededAccount,
  type SeededMember,
  seedMember,
  seedReleasedUnits,
  seedTwins,
} from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../../testing/identity-under-test';
import type { UpdateMembershipsResult } from './bulk-job';

const UPDATE = `mutation ($selection: UserSelectionInput!, $change: MembershipChangeInput!, $dryRun: Boolean! = false) {
  updateMemberships(selection: $selection, change: $change, dryRun: $dryRun) { id }
}`;

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let ada: SeededMember;
let grace: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());
beforeEach(async () => {
  ({ account, twin } = await seedTwins(identity.database));
  ada = await seedMember(identity.database, account.accountId, { permissions: ['org_units.read'] });
  grace = await seedMember(identity.database, account.accountId);
});

const ask = (query: string, variables: Record<string, unknown>, token = account.administrator.accessToken) =>
  identity.ask(query, { token, variables });

async function finished(variables: Record<string, unknown>, token?: string) {
  const { data, errors } = await ask(UPDATE, variables, token);
  expect(errors).toEqual([]);
  const { database, viewers, subgraph } = identity;
  const jobs = subgraph.jobs.filter(({ definition }) => definition.name === 'identity.updateMemberships');
  await runJobsUntilIdle({ database, viewers, jobs });
  const { id } = (data as { updateMemberships: { id: string } }).updateMemberships;
  const answer = await ask('query ($id: ID!) { job(id: $id) { result error { code } } }', { id });
  return (answer.data as { job: { result: UpdateMembershipsResult; error: { code: string } | null } }).job;
}

async function updated(variables: Record<string, unknown>, token?: string) {
  const { result, error } = await finished(variables, token);
  expect(error).toBeNull();
  return result;
}

async function made(query: string): Promise<string> {
  const { data, errors } = await ask(query, {});
  expect(errors).toEqual([]);
  return (Object.values(data as object)[0] as { id: string }).id;
}
const aRole = (permission: string) =>
  made(`mutation { createRole(input: { name: "R", permissions: ["${permission}"] }) { id } }`);
const aTeam = (kind: string) =>
  made(`mutation { createTeam(input: { name: "T ${kind}", kind: ${kind} }) { id } }`);

async function membershipOf({ userId }: SeededMember) {
  const { rows } = await identity.database.pool.query(
    `SELECT permissions, unit_ids, project_ids,
            ARRAY(SELECT role_id FROM identity.membership_role r
                  WHERE r.account_id = m.account_id AND r.user_id = m.user_id) AS roles,
            ARRAY(SELECT team_id FROM identity.team_user t
                  WHERE t.account_id = m.account_id AND t.user_id = m.user_id) AS teams
     FROM identity.membership m WHERE account_id = $1 AND user_id = $2`,
    [account.accountId, userId],
  );
  return rows[0];
}

async function changesOf(subjectType: string, subjectId: string) {
  const { rows } = await identity.database.pool.query<{ action: string }>(
    `SELECT action FROM platform.change_event
     WHERE account_id = $1 AND subject_type = $2 AND subject_id = $3 AND job_id IS NOT NULL ORDER BY id`,
    [account.accountId, subjectType, subjectId],
  );
  return rows.map(({ action }) => action);
}

const outcomesOf = ({ outcomes }: UpdateMembershipsResult) =>
  Object.fromEntries(outcomes.map(({ userId, outcome, code }) => [userId, code ?? outcome]));

describe('many memberships changed at once', () => {
  it('roles, permissions and teams come and go, each with its place in the log', async () => {
    const [role, team] = [await aRole('forms.read'), await aTeam('USERS')];
    const selection = { ids: [ada.userId, grace.userId] };
    const change = { addRoleIds: [role], addTeamIds: [team], addPermissions: ['org_units.read'] };
    const result = await updated({ selection, change });
    expect(result).toMatchObject({ selected: 2, changed: 2, refused: 0, written: true });
    for (const member of [ada, grace]) {
      expect(await membershipOf(member)).toMatchObject({
        permissions: ['org_units.read'],
        roles: [role],
        teams: [team],
      });
    }
    expect(await changesOf('Membership', ada.userId)).toEqual(['GIVE_ROLE']);
    expect(await changesOf('Membership', grace.userId)).toEqual(['UPDATE', 'GIVE_ROLE']);
    expect(await changesOf('Team', team)).toEqual(['UPDATE']);
    expect(await updated({ selection, change })).toMatchObject({ changed: 0, unchanged: 2, written: false });
    const back = { removeRoleIds: [role], removeTeamIds: [team], removePermissions: ['org_units.read'] };
    await updated({ selection, change: back });
    expect(await membershipOf(ada)).toMatchObject({ permissions: [], roles: [], teams: [] });
  });

  it('a dry run says the same and writes nothing', async () => {
    const [role, team] = [await aRole('forms.read'), await aTeam('USERS')];
    const change = { addRoleIds: [role], addTeamIds: [team] };
    const result = await updated({ selection: { ids: [ada.userId] }, change, dryRun: true });
    expect(result).toMatchObject({ changed: 1, written: false });
    expect(await membershipOf(ada)).toMatchObject({ roles: [], teams: [] });
    expect(await changesOf('Membership', ada.userId)).toEqual([]);
  });

  it('everybody but some, or those with a role; nobody changes themselves', async () => {
    const change = { addPermissions: ['forms.read'] };
    const all = await updated({ selection: { excludedIds: [grace.userId] }, change, dryRun: true });
    expect(outcomesOf(all)).toEqual({
      [account.administrator.userId]: 'FORBIDDEN',
      [ada.userId]: 'CHANGED',
    });
    const filter = { roleId: account.administratorRoleId };
    const some = await updated({ selection: { filter }, change });
    expect(outcomesOf(some)).toEqual({ [account.administrator.userId]: 'FORBIDDEN' });
  });

  it('somebody of another account, and who never was, is refused and nobody else with them', async () => {
    const ids = [twin.administrator.userId, newId(), ada.userId];
    const result = await updated({ selection: { ids }, change: { addPermissions: ['forms.read'] } });
    expect(Object.values(outcomesOf(result)).sort()).toEqual(['CHANGED', 'NOT_FOUND', 'NOT_FOUND']);
  });

  it('nobody gives what they do not hold', async () => {
    const role = await aRole('datasets.edit');
    const permissions = ['users.manage', 'roles.manage', 'users.read'] as const;
    const manager = await seedMember(identity.database, account.accountId, { permissions });
    const selection = { ids: [ada.userId] };
    for (const change of [{ addRoleIds: [role] }, { addPermissions: ['datasets.edit'] }]) {
      const result = await updated({ selection, change, dryRun: false }, manager.accessToken);
      expect(outcomesOf(result)).toEqual({ [ada.userId]: 'FORBIDDEN' });
    }
    expect(await membershipOf(ada)).toMatchObject({ permissions: ['org_units.read'], roles: [] });
  });

  it('roles need roles.manage and teams teams.edit', async () => {
    const manager = await seedMember(identity.database, account.accountId, { permissions: ['users.manage'] });
    const selection = { ids: [ada.userId] };
    for (const change of [{ addRoleIds: [newId()] }, { removeTeamIds: [newId()] }]) {
      expect((await ask(UPDATE, { selection, change }, manager.accessToken)).code).toBe('FORBIDDEN');
    }
  });

  it('a right that is lost before the job runs is not used', async () => {
    const permissions = ['users.manage', 'forms.read'] as const;
    const manager = await seedMember(identity.database, account.accountId, { permissions });
    const change = { addPermissions: ['forms.read'] };
    await ask(UPDATE, { selection: { ids: [ada.userId] }, change }, manager.accessToken);
    await identity.database.pool.query(
      `UPDATE identity.membership SET permissions = '{users.manage}' WHERE account_id = $1 AND user_id = $2`,
      [account.accountId, manager.userId],
    );
    await updated({ selection: { ids: [grace.userId] }, change: { addPermissions: ['tokens.own'] } });
    expect(await membershipOf(ada)).toMatchObject({ permissions: ['org_units.read'] });
  });

  it('places are added to a limit and taken from it; no limit stays none', async () => {
    const db = identity.database.forAccount(account.actor);
    const { unitIds } = await seedReleasedUnits(db, ['north', 'south']);
    const [north, south] = unitIds as [string, string];
    await identity.database.pool.query(
      'UPDATE identity.membership SET unit_ids = $3 WHERE account_id = $1 AND user_id = $2',
      [account.accountId, ada.userId, [north]],
    );
    const selection = { ids: [ada.userId, grace.userId] };
    const added = await updated({ selection, change: { addOrgUnitIds: [south] } });
    expect(outcomesOf(added)).toEqual({ [ada.userId]: 'CHANGED', [grace.userId]: 'UNCHANGED' });
    expect((await membershipOf(ada)).unit_ids.sort()).toEqual([north, south].sort());
    await updated({ selection, change: { removeOrgUnitIds: [north, south] } });
    expect(await membershipOf(ada)).toMatchObject({ unit_ids: [] });
    expect(await membershipOf(grace)).toMatchObject({ unit_ids: null });
  });

  it('a manager of a part changes those within it alone', async () => {
    const project = await made('mutation { createProject(input: { name: "P", appId: "p" }) { id } }');
    const manager = await seedMember(identity.database, account.accountId, {
      permissions: ['users.manage', 'org_units.read', 'forms.read'],
    });
    await identity.database.pool.query(
      'UPDATE identity.membership SET project_ids = $2 WHERE account_id = $1 AND user_id = ANY($3)',
      [account.accountId, [project], [manager.userId, ada.userId]],
    );
    const result = await updated(
      { selection: { ids: [ada.userId, grace.userId] }, change: { addPermissions: ['forms.read'] } },
      manager.accessToken,
    );
    expect(outcomesOf(result)).toEqual({ [ada.userId]: 'CHANGED', [grace.userId]: 'FORBIDDEN' });
    const change = { removePermissions: ['forms.read'] };
    expect(outcomesOf(await updated({ selection: {}, change }, manager.accessToken))).toEqual({
      [ada.userId]: 'CHANGED',
      [manager.userId]: 'FORBIDDEN',
    });
  });

  it('a role, team, project or place that is not there ends the job with nothing written', async () => {
    const selection = { ids: [ada.userId] };
    for (const name of ['addRoleIds', 'removeTeamIds', 'addProjectIds', 'removeOrgUnitIds']) {
      const change = { addPermissions: ['forms.read'], [name]: [newId()] };
      expect((await finished({ selection, change })).error).toMatchObject({ code: 'NOT_FOUND' });
    }
    const teams = { addTeamIds: [await aTeam('TEAMS')] };
    expect((await finished({ selection, change: teams })).error).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await membershipOf(ada)).toMatchObject({ permissions: ['org_units.read'] });
  });

  it.each([
    ['nothing', {}, {}],
    ['ids that are none', { ids: ['x'] }, { addPermissions: ['forms.read'] }],
    ['ids with a filter', { ids: [], filter: {} }, { addPermissions: ['forms.read'] }],
    ['those who are gone', { filter: { ended: true } }, { addPermissions: ['forms.read'] }],
    ['an unknown permission', {}, { addPermissions: ['x'] }],
    ['both ways', {}, { addPermissions: ['forms.read'], removePermissions: ['forms.read'] }],
  ])('%s is refused', async (_, selection, change) => {
    expect((await ask(UPDATE, { selection, change })).code).toBe('BAD_USER_INPUT');
  });
});
