/** One defect each, of a row and of a file: said by line and column, and nothing half done. */
import { type SeededAccount, seedMember, seedReleasedUnits, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { type Cells, newAddress, UsersFiles, usersCsv } from '../testing/users-files';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
let files: UsersFiles;

beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());
beforeEach(async () => {
  ({ account, twin } = await seedTwins(identity.database));
  files = new UsersFiles(identity, account);
});

describe('a row is refused, by column, with', () => {
  const email = newAddress();
  it.each<[string, Cells, string, string]>([
    ['no address', { email: '', first_name: 'Ada' }, 'email', 'no e-mail address'],
    ['a word for an address', { email: 'ada' }, 'email', 'is no e-mail address'],
    ['a username that is none', { username: 'ada', email: '' }, 'email', 'People sign in by e-mail'],
    ['a space in the username', { username: 'ada mbuyi' }, 'username', 'no space'],
    ['an unknown role', { user_roles: 'Wizard' }, 'user_roles', 'no role "Wizard"'],
    ['an unknown permission', { permissions: 'forms.read,fly' }, 'permissions', 'no permission "fly"'],
    ['an unknown project', { projects: 'Moon' }, 'projects', 'no project "Moon"'],
    ['an unknown place', { orgunit: 'Atlantis' }, 'orgunit', 'no org unit "Atlantis"'],
    ['an unknown reference', { orgunit__source_ref: 'x1' }, 'orgunit__source_ref', 'no org unit "x1"'],
    ['an unknown type', { editable_org_unit_types: 'Castle' }, 'editable_org_unit_types', 'no type'],
    ['a bad phone', { phone_number: '0810000001' }, 'phone_number', 'plus sign'],
    ['a phone of words', { phone_number: '+24381CALLME' }, 'phone_number', 'plus sign'],
    ['a bad language', { profile_language: 'tlh' }, 'profile_language', 'languages'],
    ['a bad id of DHIS2', { dhis2_id: '123' }, 'dhis2_id', 'no id of DHIS2'],
    ['an unknown team', { teams: 'Blue' }, 'teams', 'no team "Blue"'],
    [
      '201 entries',
      { permissions: Array.from({ length: 201 }, (_, n) => `p${n}`).join(',') },
      'permissions',
      '200',
    ],
    ['a name of 10,000 characters', { first_name: 'x'.repeat(10_000) }, 'first_name', '200'],
  ])('%s', async (_, cells, column, words) => {
    const result = await files.imported(usersCsv([{ email, ...cells }]));
    expect(result).toMatchObject({ rows: 1, refused: 1, invited: 0 });
    expect(result.problems).toEqual([
      { line: 2, column, code: 'BAD_USER_INPUT', message: expect.stringContaining(words) },
    ]);
    expect(await files.invitations()).toEqual([]);
  });

  it('an ambiguous name of a place; its id, and a reference, are not', async () => {
    const db = identity.database.forAccount(account.actor);
    const { unitIds } = await seedReleasedUnits(db, ['kita', 'mopti']);
    const [kita] = unitIds;
    await seedReleasedUnits(identity.database.forAccount(twin.actor), ['segou']);
    expect(await files.imported(usersCsv([{ email: newAddress(), orgunit: 'Kita' }]))).toMatchObject({
      invited: 1,
    });
    expect(
      await files.imported(usersCsv([{ email: newAddress(), orgunit__source_ref: 'ref-2' }])),
    ).toMatchObject({
      invited: 1,
    });
    expect((await files.imported(usersCsv([{ email, orgunit: 'Segou' }]))).problems[0]?.message).toContain(
      'no org unit',
    );
    await seedReleasedUnits(db, ['kita']);
    const result = await files.imported(
      usersCsv([
        { email, orgunit: 'Kita' },
        { email: newAddress(), orgunit: kita ?? '' },
      ]),
    );
    expect(result).toMatchObject({ invited: 1, refused: 1 });
    expect(result.problems).toEqual([
      {
        line: 2,
        column: 'orgunit',
        code: 'BAD_USER_INPUT',
        message: expect.stringContaining('2 of the account are called'),
      },
    ]);
  });

  it('a team of teams, and one of another account', async () => {
    const ask = (by: SeededAccount, field: string) =>
      identity.ask(`mutation { made: ${field} }`, { token: by.administrator.accessToken });
    await ask(account, 'createTeam(input: { name: "All", kind: TEAMS }) { id }');
    await ask(twin, 'createTeam(input: { name: "Theirs", kind: USERS }) { id }');
    const rows = [
      { email: newAddress(), teams: 'all' },
      { email: newAddress(), teams: 'Theirs' },
    ];
    const { problems } = await files.imported(usersCsv(rows));
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('team of teams'),
      expect.stringContaining('no team "Theirs"'),
    ]);
  });

  it('an address that stands twice, however it is written', async () => {
    const result = await files.imported(usersCsv([{ email }, { email: email.toUpperCase() }]));
    expect(result).toMatchObject({ invited: 1, refused: 1 });
    expect(result.problems[0]).toMatchObject({
      line: 3,
      column: 'email',
      message: expect.stringContaining('line 2'),
    });
  });

  it('a DHIS2 user that another member is', async () => {
    const member = await seedMember(identity.database, account.accountId);
    await identity.database.pool.query(
      `UPDATE identity.membership SET dhis2_id = 'xE7jOejl9FI' WHERE user_id = $1`,
      [member.userId],
    );
    const result = await files.imported(usersCsv([{ email, dhis2_id: 'xE7jOejl9FI' }]));
    expect(result.problems[0]).toMatchObject({ column: 'dhis2_id' });
  });
});

it.each([
  ['no heading that is ours', 'name,age\nAda,36\n', 'is not known'],
  ['a heading twice', 'email,Email\na@example.org,b@example.org\n', 'stands twice'],
  ['nobody named', 'first_name\nAda\n', 'neither a column email'],
  ['nothing', '', '0 bytes'],
])('a file with %s is refused whole', async (_, content, words) => {
  const job = await files.taken(content);
  expect(job).toMatchObject({ status: 'FAILED', error: { code: 'BAD_USER_INPUT' } });
  expect(job.error?.message).toContain(words);
});
