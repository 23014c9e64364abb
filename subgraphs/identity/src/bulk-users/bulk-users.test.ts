import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { newId } from '@iroko/database';
import { runJobsUntilIdle } from '@iroko/jobs';
import { writeXlsx } from '@iroko/tabular';
import {
  type SeededAccount,
  type SeededMember,
  seedMember,
  seedReleasedUnits,
  seedTwins,
} from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { mailsTo, tokenMailedTo } from '../testing/mails';
import { USER_COLUMNS } from './columns';
import type { ImportUsersResult } from './import-job';

const SAMPLE = readFileSync(join(__dirname, '../../../../docs/examples/users.csv'), 'utf8');
const IMPORT = 'mutation ($input: ImportUsersInput!) { importUsers(input: $input) { id status } }';
const EXPORT = 'mutation ($format: UsersFileFormat!) { exportUsers(format: $format) { id } }';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;

beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());
beforeEach(async () => {
  ({ account, twin } = await seedTwins(identity.database));
});

const ask = (query: string, variables: object, token = account.administrator.accessToken) =>
  identity.ask(query, { token, variables: { ...variables } });

/** Only the jobs of files: mails are sent by others. */
async function runJobs(): Promise<void> {
  const { database, viewers, subgraph } = identity;
  const jobs = subgraph.jobs.filter(({ definition }) => /Users$/.test(definition.name));
  await runJobsUntilIdle({ database, viewers, jobs });
}

async function upload(content: string | Readable, name = 'users.csv'): Promise<string> {
  const stream = typeof content === 'string' ? Readable.from([Buffer.from(content)]) : content;
  const db = identity.database.forAccount(account.actor);
  return (await identity.files.store(db, stream, { name })).id;
}

async function jobOf(id: string) {
  const { data } = await ask('query ($id: ID!) { job(id: $id) { status result error { code message } } }', {
    id,
  });
  return (
    data as { job: { status: string; result: ImportUsersResult; error: { code: string; message: string } } }
  ).job;
}

async function taken(content: string | Readable, input: object = {}, name?: string, token?: string) {
  const fileId = await upload(content, name);
  const { data, errors } = await ask(IMPORT, { input: { fileId, ...input } }, token);
  expect(errors).toEqual([]);
  await runJobs();
  return jobOf((data as { importUsers: { id: string } }).importUsers.id);
}

async function imported(content: string | Readable, input: object = {}, name?: string) {
  const job = await taken(content, input, name);
  expect(job.error).toBeNull();
  return job.result;
}

const invitations = async () =>
  (
    await identity.database.pool.query(
      `SELECT email, permissions, cardinality(role_ids) AS roles, project_ids, language, dhis2_id, first_name,
              organization, phone
       FROM identity.invitation WHERE account_id = $1 ORDER BY email`,
      [account.accountId],
    )
  ).rows;

const csv = (rows: Partial<Record<(typeof USER_COLUMNS)[number], string>>[], separator = ',') =>
  [
    USER_COLUMNS.join(separator),
    ...rows.map((row) =>
      USER_COLUMNS.map((column) => {
        const cell = row[column] ?? '';
        return /[,;"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
      }).join(separator),
    ),
  ].join('\n');

const address = () => `u-${newId()}@example.org`;

describe('a file of users', () => {
  it('invites those who are no members, with what each cell says', async () => {
    const result = await imported(SAMPLE);
    expect(result).toMatchObject({ rows: 2, invited: 2, refused: 0, written: true, problems: [] });
    expect(await invitations()).toEqual([
      {
        email: 'ada.mbuyi@example.org',
        permissions: ['forms.read', 'org_units.read'],
        roles: 0,
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
    const [one, two] = [address(), address()];
    await imported(csv([{ email: one }, { email: two }]));
    for (const to of [one, two]) expect(await mailsTo(identity, to)).toHaveLength(1);
  });

  it('whoever accepts is the member that the file says', async () => {
    const email = address();
    const row = {
      email,
      first_name: 'Ada',
      permissions: 'forms.read',
      dhis2_id: 'M5zQapPyTZI',
      phone_number: '243810000001',
    };
    await imported(csv([row]));
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
    await imported(SAMPLE);
    expect(await imported(SAMPLE)).toMatchObject({ invited: 0, updated: 0, unchanged: 2, refused: 0 });
  });

  it('may be separated by semicolons, or be a spreadsheet', async () => {
    const [one, two] = [address(), address()];
    expect(
      await imported(csv([{ email: one, permissions: 'forms.read,org_units.read' }], ';')),
    ).toMatchObject({
      invited: 1,
    });
    async function* rows() {
      yield [USER_COLUMNS.map((column) => (column === 'email' ? two : ''))];
    }
    expect(await imported(writeXlsx('Users', [...USER_COLUMNS], rows()), {}, 'users.xlsx')).toMatchObject({
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
    expect(await imported(`email,user_roles\n${member.email},enqueteur\n`)).toMatchObject({ updated: 1 });
    const { rows } = await identity.database.pool.query(
      `SELECT m.permissions, r.name FROM identity.membership m
       JOIN identity.membership_role mr USING (account_id, user_id)
       JOIN identity.role r ON r.account_id = m.account_id AND r.id = mr.role_id WHERE m.user_id = $1`,
      [member.userId],
    );
    expect(rows).toEqual([{ permissions: ['forms.read'], name: 'Enquêteur' }]);
  });

  it('on trial says the same and writes nothing; a report has a line for each row', async () => {
    const result = await imported(SAMPLE, { dryRun: true });
    expect(result).toMatchObject({ invited: 2, written: false });
    expect(await invitations()).toEqual([]);
    const { stream } = await identity.files.open(
      identity.database.forAccount(account.actor),
      result.reportFileId,
    );
    expect((await text(stream)).split('\r\n').slice(1, 3)).toEqual([
      '2,ada.mbuyi@example.org,WOULD BE INVITED,,',
      '3,grace.kalala@example.org,WOULD BE INVITED,,',
    ]);
  });

  it('takes the good rows, or nothing at all when asked so', async () => {
    const file = csv([{ email: address() }, { email: 'nobody' }]);
    expect(await imported(file, { allOrNothing: true })).toMatchObject({ refused: 1, written: false });
    expect(await invitations()).toEqual([]);
    expect(await imported(file)).toMatchObject({ invited: 1, refused: 1, written: true });
    expect(await imported(csv([{ email: address() }]), { allOrNothing: true })).toMatchObject({
      written: true,
    });
    expect(await invitations()).toHaveLength(2);
  });

  it('has defaults for its empty cells', async () => {
    const [one, two] = [address(), address()];
    const defaults = { permissions: ['forms.read'], language: 'pt', organization: 'WHO' };
    await imported(csv([{ email: one }, { email: two, profile_language: 'fr' }]), { defaults });
    const found = await invitations();
    expect(found.map(({ permissions, organization }) => [permissions, organization])).toEqual([
      [['forms.read'], 'WHO'],
      [['forms.read'], 'WHO'],
    ]);
    expect(new Set(found.map(({ language }) => language))).toEqual(new Set(['pt', 'fr']));
  });

  it('sets no passwords: a person has one for all accounts and chooses it', async () => {
    const email = address();
    const result = await imported(csv([{ email, password: 'zebra tunnel violet 91' }]));
    expect(result).toMatchObject({ invited: 1 });
    const { stream } = await identity.files.open(
      identity.database.forAccount(account.actor),
      result.reportFileId,
    );
    expect(await text(stream)).toContain('The password was not used');
    const { rows } = await identity.database.pool.query(
      `SELECT (SELECT count(*)::int FROM identity."user" WHERE email = $1) AS people,
              (SELECT count(*)::int FROM platform.job j WHERE j::text LIKE '%zebra tunnel%') AS jobs`,
      [email],
    );
    expect(rows).toEqual([{ people: 0, jobs: 0 }]);
  });

  it('makes nobody of another account a member: they accept or do not', async () => {
    expect(await imported(csv([{ email: twin.administrator.email }]))).toMatchObject({ invited: 1 });
    const { rows } = await identity.database.pool.query(
      'SELECT count(*)::int FROM identity.membership WHERE account_id = $1 AND user_id = $2',
      [account.accountId, twin.administrator.userId],
    );
    expect(rows).toEqual([{ count: 0 }]);
  });
});

describe('a row is refused, by column, with', () => {
  const email = address();
  it.each<[string, Partial<Record<(typeof USER_COLUMNS)[number], string>>, string, string]>([
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
    ['a team', { teams: 'Blue' }, 'teams', 'Teams'],
    ['a name of 10,000 characters', { first_name: 'x'.repeat(10_000) }, 'first_name', '200'],
  ])('%s', async (_, cells, column, words) => {
    const result = await imported(csv([{ email, ...cells }]));
    expect(result).toMatchObject({ rows: 1, refused: 1, invited: 0 });
    expect(result.problems).toEqual([{ line: 2, column, message: expect.stringContaining(words) }]);
    expect(await invitations()).toEqual([]);
  });

  it('an ambiguous name of a place; its id, and a reference, are not', async () => {
    const db = identity.database.forAccount(account.actor);
    const { unitIds } = await seedReleasedUnits(db, ['kita', 'mopti']);
    const [kita] = unitIds;
    await seedReleasedUnits(identity.database.forAccount(twin.actor), ['segou']);
    expect(await imported(csv([{ email: address(), orgunit: 'Kita' }]))).toMatchObject({ invited: 1 });
    expect(await imported(csv([{ email: address(), orgunit__source_ref: 'ref-2' }]))).toMatchObject({
      invited: 1,
    });
    expect((await imported(csv([{ email, orgunit: 'Segou' }]))).problems[0]?.message).toContain(
      'no org unit',
    );
    await seedReleasedUnits(db, ['kita']);
    const result = await imported(
      csv([
        { email, orgunit: 'Kita' },
        { email: address(), orgunit: kita ?? '' },
      ]),
    );
    expect(result).toMatchObject({ invited: 1, refused: 1 });
    expect(result.problems).toEqual([
      { line: 2, column: 'orgunit', message: expect.stringContaining('2 of the account are called') },
    ]);
  });

  it('an address that stands twice, however it is written', async () => {
    const result = await imported(csv([{ email }, { email: email.toUpperCase() }]));
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
    const result = await imported(csv([{ email, dhis2_id: 'xE7jOejl9FI' }]));
    expect(result.problems[0]).toMatchObject({ column: 'dhis2_id' });
  });
});

describe('who takes a file', () => {
  let manager: SeededMember;
  beforeEach(async () => {
    manager = await seedMember(identity.database, account.accountId, {
      permissions: ['users.manage', 'forms.read'],
    });
  });

  it('gives nothing that they do not hold', async () => {
    const file = csv([
      { email: address(), permissions: 'org_units.edit' },
      { email: address(), permissions: 'forms.read' },
    ]);
    await taken(file, {}, undefined, manager.accessToken);
    const found = await invitations();
    expect(found.map(({ permissions }) => permissions)).toEqual([['forms.read']]);
  });

  it('does not change themselves, nor who holds more', async () => {
    const rows = [
      { email: manager.email, permissions: '' },
      { email: account.administrator.email, permissions: 'forms.read' },
    ];
    await taken(csv(rows), {}, undefined, manager.accessToken);
    const { rows: members } = await identity.database.pool.query(
      'SELECT permissions FROM identity.membership WHERE account_id = $1 AND user_id = ANY($2) ORDER BY permissions',
      [account.accountId, [manager.userId, account.administrator.userId]],
    );
    expect(members).toEqual([{ permissions: [] }, { permissions: ['users.manage', 'forms.read'] }]);
  });

  it('must still hold the permission when the job runs', async () => {
    const fileId = await upload(csv([{ email: address() }]));
    await ask(IMPORT, { input: { fileId } }, manager.accessToken);
    await identity.database.pool.query(
      `UPDATE identity.membership SET permissions = '{}' WHERE user_id = $1`,
      [manager.userId],
    );
    await runJobs();
    expect(await invitations()).toEqual([]);
  });
});

it.each([
  ['no heading that is ours', 'name,age\nAda,36\n', 'is not known'],
  ['a heading twice', 'email,Email\na@example.org,b@example.org\n', 'stands twice'],
  ['nobody named', 'first_name\nAda\n', 'neither a column email'],
  ['nothing', '', '0 bytes'],
])('a file with %s is refused whole', async (_, content, words) => {
  const job = await taken(content);
  expect(job).toMatchObject({ status: 'FAILED', error: { code: 'BAD_USER_INPUT' } });
  expect(job.error.message).toContain(words);
});

it.each(['CSV', 'XLSX'])('an export as %s is taken again and changes nothing', async (format) => {
  for (const permissions of [['forms.read'], []] as const) {
    await seedMember(identity.database, account.accountId, { permissions: [...permissions] });
  }
  const leaver = await seedMember(identity.database, account.accountId, { permissions: ['forms.read'] });
  await ask('mutation { createProject(input: { name: "North, and South" }) { id } }', {});
  await identity.database.pool.query(
    `UPDATE identity.membership m SET project_ids = ARRAY(SELECT id FROM identity.project p WHERE p.account_id = m.account_id)
     WHERE m.user_id = $1`,
    [leaver.userId],
  );
  const { data } = await ask(EXPORT, { format });
  await runJobs();
  const { result } = await jobOf((data as { exportUsers: { id: string } }).exportUsers.id);
  const { fileId, rows } = result as unknown as { fileId: string; rows: number };
  expect(rows).toBe(4);
  const again = async () => {
    const answer = await ask(IMPORT, { input: { fileId } });
    await runJobs();
    return (await jobOf((answer.data as { importUsers: { id: string } }).importUsers.id)).result;
  };
  expect(await again()).toMatchObject({ rows: 4, unchanged: 4, invited: 0, refused: 0 });
  await ask('mutation ($user: ID!) { endMembership(userId: $user) { id } }', { user: leaver.userId });
  expect(await again()).toMatchObject({ unchanged: 3, invited: 1, refused: 0 });
  expect(await invitations()).toEqual([
    expect.objectContaining({
      email: leaver.email,
      permissions: ['forms.read'],
      project_ids: [expect.any(String)],
    }),
  ]);
});

/** How many statements the work sends to the database. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  let statements = 0;
  const counted = new WeakSet<object>();
  identity.database.pool.on('acquire', (client) => {
    if (counted.has(client)) return;
    counted.add(client);
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    client.query = ((...given: unknown[]) => {
      statements++;
      return query(...given);
    }) as typeof client.query;
  });
  await work();
  return statements;
}

it('10,000 rows take a number of statements that grows with the batches, not with the rows', async () => {
  const rows = Array.from({ length: 10_000 }, (_, n) => ({
    email: `row-${n}@example.org`,
    permissions: 'forms.read',
  }));
  const statements = await statementsOf(async () => {
    expect(await imported(csv(rows))).toMatchObject({ rows: 10_000, invited: 10_000, refused: 0 });
  });
  expect(statements).toBeGreaterThan(20);
  expect(statements).toBeLessThan(600);
}, 120_000);
