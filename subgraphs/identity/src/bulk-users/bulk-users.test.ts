import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeXlsx } from '@iroko/tabular';
import { type SeededAccount, seedMember, seedTwins, statementsMatching } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { mailsTo, tokenMailedTo } from '../testing/mails';
import { newAddress, UsersFiles, usersCsv } from '../testing/users-files';
import { USER_COLUMNS } from './columns';

const SAMPLE = readFileSync(join(__dirname, '../../../../docs/examples/users.csv'), 'utf8');

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

const ask = (query: string, variables: object = {}) =>
  identity.ask(query, { token: account.administrator.accessToken, variables: { ...variables } });

describe('a file of users', () => {
  it('invites those who are no members, with what each cell says', async () => {
    const result = await files.imported(SAMPLE);
    expect(result).toMatchObject({ rows: 2, invited: 2, refused: 0, written: true, problems: [] });
    expect(await files.invitations()).toEqual([
      {
        email: 'ada.mbuyi@example.org',
        permissions: ['forms.read', 'org_units.read'],
        roles: 0,
        team_ids: [],
        unit_ids: null,
        project_ids: null,
        language: 'fr',
        dhis2_id: 'xE7jOejl9FI',
        first_name: 'Ada',
        organization: 'Ministère de la Santé',
        phone: '+243810000001',
      },
      expect.objectContaining({ email: 'grace.kalala@example.org', language: 'en' }),
    ]);
  });

  it('mails each invitation once', async () => {
    const [one, two] = [newAddress(), newAddress()];
    await files.imported(usersCsv([{ email: one }, { email: two }]));
    for (const to of [one, two]) expect(await mailsTo(identity, to)).toHaveLength(1);
  });

  it('whoever accepts is the member that the file says', async () => {
    const email = newAddress();
    const row = {
      email,
      first_name: 'Ada',
      permissions: 'forms.read',
      dhis2_id: 'M5zQapPyTZI',
      phone_number: '243810000001',
    };
    await files.imported(usersCsv([row]));
    const token = await tokenMailedTo(identity, email);
    const accepted = await identity.ask(
      'mutation ($token: String!) { acceptInvitation(token: $token, password: "zebra tunnel violet 91") }',
      { variables: { token } },
    );
    expect(accepted.errors).toEqual([]);
    const { rows } = await identity.database.pool.query(
      `SELECT u.first_name, u.phone, m.permissions, m.dhis2_id
       FROM identity."user" u JOIN identity.membership m ON m.user_id = u.id WHERE u.email = $1`,
      [email],
    );
    expect(rows).toEqual([
      { first_name: 'Ada', phone: '+243810000001', permissions: ['forms.read'], dhis2_id: 'M5zQapPyTZI' },
    ]);
  });

  it('twice changes nothing the second time', async () => {
    await files.imported(SAMPLE);
    expect(await files.imported(SAMPLE)).toMatchObject({ invited: 0, updated: 0, unchanged: 2, refused: 0 });
  });

  it('may be separated by semicolons, or be a spreadsheet', async () => {
    const [one, two] = [newAddress(), newAddress()];
    expect(
      await files.imported(usersCsv([{ email: one, permissions: 'forms.read,org_units.read' }], ';')),
    ).toMatchObject({
      invited: 1,
    });
    async function* rows() {
      yield [USER_COLUMNS.map((column) => (column === 'email' ? two : ''))];
    }
    expect(
      await files.imported(writeXlsx('Users', [...USER_COLUMNS], rows()), {}, 'users.xlsx'),
    ).toMatchObject({
      invited: 1,
    });
  });

  it('changes members to what it says, and leaves what it has no column for', async () => {
    const member = await seedMember(identity.database, account.accountId, { permissions: ['forms.read'] });
    const { errors } = await ask(
      'mutation { createRole(input: { name: "Enquêteur", permissions: [] }) { id } }',
      {},
    );
    expect(errors).toEqual([]);
    expect(await files.imported(`email,user_roles\n${member.email},enqueteur\n`)).toMatchObject({
      updated: 1,
    });
    const { rows } = await identity.database.pool.query(
      `SELECT m.permissions, r.name FROM identity.membership m
       JOIN identity.membership_role mr USING (account_id, user_id)
       JOIN identity.role r ON r.account_id = m.account_id AND r.id = mr.role_id WHERE m.user_id = $1`,
      [member.userId],
    );
    expect(rows).toEqual([{ permissions: ['forms.read'], name: 'Enquêteur' }]);
  });

  it('on trial says the same and writes nothing; a report has a line for each row', async () => {
    const result = await files.imported(SAMPLE, { dryRun: true });
    expect(result).toMatchObject({ invited: 2, written: false });
    expect(await files.invitations()).toEqual([]);
    expect((await files.contentOf(result.reportFileId)).split('\r\n').slice(1, 3)).toEqual([
      '2,ada.mbuyi@example.org,WOULD BE INVITED,,',
      '3,grace.kalala@example.org,WOULD BE INVITED,,',
    ]);
  });

  it('takes the good rows, or nothing at all when asked so', async () => {
    const file = usersCsv([{ email: newAddress() }, { email: 'nobody' }]);
    expect(await files.imported(file, { allOrNothing: true })).toMatchObject({ refused: 1, written: false });
    expect(await files.invitations()).toEqual([]);
    expect(await files.imported(file)).toMatchObject({ invited: 1, refused: 1, written: true });
    expect(await files.imported(usersCsv([{ email: newAddress() }]), { allOrNothing: true })).toMatchObject({
      written: true,
    });
    expect(await files.invitations()).toHaveLength(2);
  });

  it('has defaults for its empty cells', async () => {
    const [one, two] = [newAddress(), newAddress()];
    const defaults = { permissions: ['forms.read'], language: 'pt', organization: 'WHO' };
    await files.imported(usersCsv([{ email: one }, { email: two, profile_language: 'fr' }]), { defaults });
    const found = await files.invitations();
    expect(found.map(({ permissions, organization }) => [permissions, organization])).toEqual([
      [['forms.read'], 'WHO'],
      [['forms.read'], 'WHO'],
    ]);
    expect(new Set(found.map(({ language }) => language))).toEqual(new Set(['pt', 'fr']));
  });

  it('puts whoever accepts, and members, into teams, and takes members out of others', async () => {
    const member = await seedMember(identity.database, account.accountId);
    const made = async (name: string, userIds: string[] = []) => {
      const { data, errors } = await ask(
        'mutation ($input: CreateTeamInput!) { made: createTeam(input: $input) { id } }',
        { input: { name, kind: 'USERS', userIds } },
      );
      expect(errors).toEqual([]);
      return (data as { made: { id: string } }).made.id;
    };
    const [blue, red] = [await made('Blue'), await made('Red', [member.userId])];
    const rows = [{ email: newAddress() }, { email: member.email, teams: 'BLUE' }];
    expect(await files.imported(usersCsv(rows), { defaults: { teams: ['red', 'Blue'] } })).toMatchObject({
      invited: 1,
      updated: 1,
      refused: 0,
    });
    expect(await files.invitations()).toMatchObject([{ team_ids: [blue, red].sort() }]);
    const { rows: people } = await identity.database.pool.query(
      'SELECT team_id FROM identity.team_user WHERE account_id = $1 AND user_id = $2',
      [account.accountId, member.userId],
    );
    expect(people).toEqual([{ team_id: blue }]);
    const { rows: told } = await identity.database.pool.query(
      `SELECT subject_id FROM platform.change_event
       WHERE account_id = $1 AND subject_type = 'Team' AND action = 'UPDATE' AND job_id IS NOT NULL`,
      [account.accountId],
    );
    expect(told.map(({ subject_id }) => subject_id).sort()).toEqual([blue, red].sort());
    expect(await files.imported(usersCsv([{ email: member.email, teams: 'Blue' }]))).toMatchObject({
      unchanged: 1,
    });
  });

  it('has a team for as many as it has room for', async () => {
    const { data } = await ask('mutation { createTeam(input: { name: "Full", kind: USERS }) { id } }');
    const { id } = (data as { createTeam: { id: string } }).createTeam;
    const two = [
      await seedMember(identity.database, account.accountId),
      await seedMember(identity.database, account.accountId),
    ];
    await identity.database.pool.query(
      `WITH people AS (
         INSERT INTO identity."user" (id, email, email_key)
         SELECT platform.uuid_v7(), 'f-' || n, 'f-' || n FROM generate_series(1, 999) AS n RETURNING id
       )
       INSERT INTO identity.membership (account_id, user_id) SELECT $1, id FROM people`,
      [account.accountId],
    );
    await identity.database.pool.query(
      `INSERT INTO identity.team_user (account_id, team_id, user_id)
       SELECT $1, $2, u.id FROM identity."user" u WHERE u.email LIKE 'f-%'`,
      [account.accountId, id],
    );
    const result = await files.imported(usersCsv(two.map(({ email }) => ({ email, teams: 'Full' }))));
    expect(result).toMatchObject({ updated: 1, refused: 1 });
    expect(result.problems).toMatchObject([{ line: 3, code: 'LIMIT_EXCEEDED' }]);
  });

  it('sets no passwords: a person has one for all accounts and chooses it', async () => {
    const email = newAddress();
    const result = await files.imported(usersCsv([{ email, password: 'zebra tunnel violet 91' }]));
    expect(result).toMatchObject({ invited: 1 });
    expect(await files.contentOf(result.reportFileId)).toContain('The password was not used');
    const { rows } = await identity.database.pool.query(
      `SELECT (SELECT count(*)::int FROM identity."user" WHERE email = $1) AS people,
              (SELECT count(*)::int FROM platform.job j WHERE j::text LIKE '%zebra tunnel%') AS jobs`,
      [email],
    );
    expect(rows).toEqual([{ people: 0, jobs: 0 }]);
  });

  it('makes nobody of another account a member: they accept or do not', async () => {
    expect(await files.imported(usersCsv([{ email: twin.administrator.email }]))).toMatchObject({
      invited: 1,
    });
    const { rows } = await identity.database.pool.query(
      'SELECT count(*)::int FROM identity.membership WHERE account_id = $1 AND user_id = $2',
      [account.accountId, twin.administrator.userId],
    );
    expect(rows).toEqual([{ count: 0 }]);
  });
});

/** How many statements the work sends to the database. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const statements = statementsMatching(identity.database, /./);
  await work();
  return statements.length;
}

it('10,000 rows take a number of statements that grows with the batches, not with the rows', async () => {
  const rows = Array.from({ length: 10_000 }, (_, n) => ({
    email: `row-${n}@example.org`,
    permissions: 'forms.read',
  }));
  const statements = await statementsOf(async () => {
    expect(await files.imported(usersCsv(rows))).toMatchObject({ rows: 10_000, invited: 10_000, refused: 0 });
  });
  expect(statements).toBeGreaterThan(20);
  expect(statements).toBeLessThan(600);
}, 120_000);
