/** Who takes and writes files of users: nobody more than they may do row by row. */
import {
  type SeededAccount,
  type SeededMember,
  seedMember,
  seedReleasedUnits,
  seedTwins,
} from '@iroko/testing';
import type { Permission } from '@iroko/viewer';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { type Cells, newAddress, UsersFiles, usersCsv } from '../testing/users-files';

let identity: IdentityUnderTest;
let account: SeededAccount;
let files: UsersFiles;

beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());
beforeEach(async () => {
  ({ account } = await seedTwins(identity.database));
  files = new UsersFiles(identity, account);
});

describe('who takes a file', () => {
  let manager: SeededMember;
  beforeEach(async () => {
    manager = await seedMember(identity.database, account.accountId, {
      permissions: ['users.manage', 'forms.read'],
    });
  });

  it('gives nothing that they do not hold', async () => {
    const file = usersCsv([
      { email: newAddress(), permissions: 'org_units.edit' },
      { email: newAddress(), permissions: 'forms.read' },
    ]);
    await files.taken(file, {}, { token: manager.accessToken });
    const found = await files.invitations();
    expect(found.map(({ permissions }) => permissions)).toEqual([['forms.read']]);
  });

  it('does not change themselves, nor who holds more', async () => {
    const rows = [
      { email: manager.email, permissions: '' },
      { email: account.administrator.email, permissions: 'forms.read' },
    ];
    await files.taken(usersCsv(rows), {}, { token: manager.accessToken });
    const { rows: members } = await identity.database.pool.query(
      'SELECT permissions FROM identity.membership WHERE account_id = $1 AND user_id = ANY($2) ORDER BY permissions',
      [account.accountId, [manager.userId, account.administrator.userId]],
    );
    expect(members).toEqual([{ permissions: [] }, { permissions: ['users.manage', 'forms.read'] }]);
  });

  it('must still hold the permission when the job runs', async () => {
    const fileId = await files.upload(usersCsv([{ email: newAddress() }]));
    await identity.ask('mutation ($input: ImportUsersInput!) { importUsers(input: $input) { id } }', {
      token: manager.accessToken,
      variables: { input: { fileId } },
    });
    await identity.database.pool.query(
      `UPDATE identity.membership SET permissions = '{}' WHERE user_id = $1`,
      [manager.userId],
    );
    await files.runJobs();
    expect(await files.invitations()).toEqual([]);
  });
});

describe('a manager of some units', () => {
  let manager: SeededMember;
  let north: string;
  let south: string;
  beforeEach(async () => {
    const db = identity.database.forAccount(account.actor);
    [north, south] = (await seedReleasedUnits(db, ['north', 'south'])).unitIds as [string, string];
    manager = await member([north], ['users.manage', 'teams.edit', 'forms.read']);
  });

  const member = (unitIds: string[] | null, permissions: Permission[] = []) =>
    seedMember(identity.database, account.accountId, { permissions, scope: { unitIds } });
  const taken = async (rows: Cells[], input = {}) => {
    const { result } = await files.taken(usersCsv(rows), input, { token: manager.accessToken });
    return result;
  };
  const permissionsOf = async ({ userId }: SeededMember) => {
    const { rows } = await identity.database.pool.query(
      'SELECT permissions FROM identity.membership WHERE account_id = $1 AND user_id = $2',
      [account.accountId, userId],
    );
    return rows[0].permissions;
  };

  it('invites to those and changes people within them', async () => {
    const within = await member([north]);
    const rows = [
      { email: newAddress(), orgunit: 'North', permissions: 'forms.read' },
      { email: within.email, orgunit: north, permissions: 'forms.read' },
    ];
    expect(await taken(rows)).toMatchObject({ invited: 1, updated: 1, refused: 0 });
    expect(await files.invitations()).toMatchObject([{ unit_ids: [north] }]);
    expect(await permissionsOf(within)).toEqual(['forms.read']);
    expect(await taken([{ email: newAddress() }], { defaults: { orgUnits: ['north'] } })).toMatchObject({
      invited: 1,
    });
  });

  it.each<[string, () => Cells, string, string | null]>([
    ['places beyond', () => ({ orgunit: 'South' }), 'BAD_USER_INPUT', 'orgunit'],
    ['places beyond, by id', () => ({ orgunit: south }), 'BAD_USER_INPUT', 'orgunit'],
    [
      'places beyond, by reference',
      () => ({ orgunit__source_ref: 'ref-2' }),
      'BAD_USER_INPUT',
      'orgunit__source_ref',
    ],
    ['no limit', () => ({}), 'FORBIDDEN', 'orgunit'],
  ])('invites to %s: nobody', async (_, cells, code, column) => {
    const result = await taken([{ email: newAddress(), ...cells() }]);
    expect(result).toMatchObject({ invited: 0, refused: 1 });
    expect(result.problems).toMatchObject([{ code, column }]);
  });

  it.each<[string, () => string[] | null]>([
    ['elsewhere', () => [south]],
    ['here and elsewhere', () => [north, south]],
    ['everywhere', () => null],
  ])(
    'changes nobody who is %s, and is not told whether a row would have changed something',
    async (_, units) => {
      const beyond = await member(units());
      for (const cells of [{ orgunit: north, permissions: 'forms.read' }, { orgunit: north }]) {
        const result = await taken([{ email: beyond.email, ...cells }]);
        expect(result.problems).toMatchObject([{ code: 'FORBIDDEN' }]);
      }
      const { result } = await files.taken(`email\n${beyond.email}\n`, {}, { token: manager.accessToken });
      expect(result.problems).toMatchObject([{ code: 'FORBIDDEN' }]);
      expect(await permissionsOf(beyond)).toEqual([]);
    },
  );

  it('takes away no limit of somebody within', async () => {
    const within = await member([north]);
    const result = await taken([{ email: within.email }]);
    expect(result.problems).toMatchObject([{ code: 'FORBIDDEN', column: 'orgunit' }]);
  });

  it('changes nothing of themselves, not even a team', async () => {
    await identity.ask('mutation { createTeam(input: { name: "Blue", kind: USERS }) { id } }', {
      token: account.administrator.accessToken,
    });
    const result = await taken([
      {
        email: manager.email,
        orgunit: north,
        permissions: 'users.manage,teams.edit,forms.read',
        teams: 'Blue',
      },
    ]);
    expect(result.problems).toMatchObject([{ code: 'FORBIDDEN' }]);
  });
});

it('teams are filled by whoever may edit them', async () => {
  const manager = await seedMember(identity.database, account.accountId, { permissions: ['users.manage'] });
  const member = await seedMember(identity.database, account.accountId);
  await identity.ask('mutation { createTeam(input: { name: "Blue", kind: USERS }) { id } }', {
    token: account.administrator.accessToken,
  });
  const rows = [newAddress(), member.email].map((email) => ({ email, teams: 'Blue' }));
  const { result } = await files.taken(usersCsv(rows), {}, { token: manager.accessToken });
  expect(result).toMatchObject({ invited: 0, updated: 0, refused: 2 });
  expect(result.problems).toMatchObject([{ code: 'FORBIDDEN' }, { code: 'FORBIDDEN' }]);
});

it('a right that is lost while the file is read ends what is given from there on', async () => {
  const manager = await seedMember(identity.database, account.accountId, {
    permissions: ['users.manage', 'forms.read'],
  });
  const rows = Array.from({ length: 600 }, (_, n) => ({
    email: `r${n}-${manager.userId}@example.org`,
    permissions: 'forms.read',
  }));
  // The first batch takes it away, by a trigger that stands for an administrator who is fast.
  await identity.database.pool.query(
    `CREATE FUNCTION identity.lose() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       UPDATE identity.membership SET permissions = '{users.manage}' WHERE user_id = '${manager.userId}';
       RETURN NULL;
     END $$;
     CREATE TRIGGER lose AFTER INSERT ON identity.invitation EXECUTE FUNCTION identity.lose()`,
  );
  try {
    const { result } = await files.taken(usersCsv(rows), {}, { token: manager.accessToken });
    expect(result).toMatchObject({ invited: 500, refused: 100 });
  } finally {
    await identity.database.pool.query(
      'DROP TRIGGER lose ON identity.invitation; DROP FUNCTION identity.lose()',
    );
  }
});
