import { type SeededAccount, seedMember, seedReleasedUnits, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { UsersFiles } from '../testing/users-files';

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

const ask = (query: string, variables: object = {}) =>
  identity.ask(query, { token: account.administrator.accessToken, variables: { ...variables } });

const made = async (field: string) => {
  const { data, errors } = await ask(`mutation { made: ${field} }`);
  expect(errors).toEqual([]);
  return (data as { made: { id: string } }).made.id;
};

it.each(['CSV', 'XLSX'])('an export as %s is taken again and changes nothing', async (format) => {
  const { userId } = await seedMember(identity.database, account.accountId, { permissions: ['forms.read'] });
  await seedMember(identity.database, account.accountId);
  const leaver = await seedMember(identity.database, account.accountId, { permissions: ['forms.read'] });
  const project = await made('createProject(input: { name: "North, and South" }) { id }');
  const team = await made(
    `createTeam(input: { name: "Blue, \\"B\\"", kind: USERS, userIds: ["${userId}", "${leaver.userId}"] }) { id }`,
  );
  await identity.database.pool.query('UPDATE identity.membership SET project_ids = $2 WHERE user_id = $1', [
    leaver.userId,
    [project],
  ]);
  const { fileId, rows } = await files.exported({ format });
  expect(rows).toBe(4);
  const again = () => files.importedAgain(fileId);
  expect(await again()).toMatchObject({ rows: 4, unchanged: 4, invited: 0, refused: 0 });
  await ask('mutation ($user: ID!) { endMembership(userId: $user) { id } }', { user: leaver.userId });
  expect(await again()).toMatchObject({ unchanged: 3, invited: 1, refused: 0 });
  expect(await files.invitations()).toEqual([
    expect.objectContaining({
      email: leaver.email,
      permissions: ['forms.read'],
      project_ids: [project],
      team_ids: [team],
    }),
  ]);
});

it('an export has those whom a filter asks for', async () => {
  const ada = await seedMember(identity.database, account.accountId, { permissions: ['forms.read'] });
  await seedMember(identity.database, account.accountId);
  const { fileId, rows } = await files.exported({ format: 'CSV', filter: { ids: [ada.userId] } });
  expect(rows).toBe(1);
  expect(await files.contentOf(fileId)).toContain(ada.email);
  const { rows: everybodyWho } = await files.exported({
    format: 'CSV',
    filter: { permissions: ['forms.read'] },
  });
  // The administrator holds it by the role that holds everything.
  expect(everybodyWho).toBe(2);
});

it('who was a member is written to no file', async () => {
  const { code } = await ask('mutation { exportUsers(format: CSV, filter: { ended: true }) { id } }');
  expect(code).toBe('BAD_USER_INPUT');
});

it('a viewer of some units exports those within, and nobody else', async () => {
  const db = identity.database.forAccount(account.actor);
  const [north, south] = (await seedReleasedUnits(db, ['north', 'south'])).unitIds as [string, string];
  const within = await seedMember(identity.database, account.accountId, { scope: { unitIds: [north] } });
  await seedMember(identity.database, account.accountId, { scope: { unitIds: [south] } });
  const viewer = await seedMember(identity.database, account.accountId, {
    permissions: ['users.read', 'jobs.read'],
    scope: { unitIds: [north] },
  });
  const { fileId, rows } = await files.exported({ format: 'CSV' }, viewer.accessToken);
  expect(rows).toBe(2);
  const lines = (await files.contentOf(fileId)).trim().split('\r\n').slice(1);
  expect(lines.map((line) => line.split(',')[2]).sort()).toEqual([within.email, viewer.email].sort());
});
