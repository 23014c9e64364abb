import { createHash } from 'node:crypto';
import { type Database, newId } from '@iroko/database';
import { type SeededAccount, type SeededMember, seedMember, seedTwins, testDatabase } from '@iroko/testing';
import { Viewers } from './index';

let database: Database;
let account: SeededAccount;
let member: SeededMember;
let viewers: Viewers;
let laterMs = 0;

beforeAll(async () => {
  database = await testDatabase();
  ({ account } = await seedTwins(database));
});
afterAll(() => database.close());
beforeEach(async () => {
  laterMs = 0;
  viewers = new Viewers(database, { now: () => Date.now() + laterMs });
  member = await seedMember(database, account.accountId);
  // Seeded tokens count as used from the places of tests.
  await database.pool.query('DELETE FROM identity.api_token_source WHERE token_id = $1', [member.apiTokenId]);
});
afterEach(() => viewers.close());

const use = (source: string, by = viewers) =>
  by.fromAuthorization(`Bearer ${member.apiToken}`, { source: () => source, requestId: 'request-of-use' });

const refused = (source: string) =>
  use(source).then(
    () => undefined,
    (error) => error.details.reason,
  );

interface Told {
  action: string;
  reason: string;
  source: string | null;
}

const told = async (): Promise<Told[]> => {
  const { rows } = await database.pool.query(
    `SELECT e.action, e.fields_after ->> 'reason' AS reason, p.value #>> '{}' AS source
     FROM platform.change_event e
     LEFT JOIN platform.personal_value p
       ON p.account_id = e.account_id AND p.id::text = e.fields_after #>> '{source,$personal}'
     WHERE e.subject_type = 'ApiToken' AND e.subject_id = $1 AND e.action IN ('USE', 'REFUSE') ORDER BY e.entry`,
    [member.apiTokenId],
  );
  return rows;
};

const lastUse = async (): Promise<Date | null> =>
  (
    await database.pool.query('SELECT last_used_at FROM identity.api_token WHERE id = $1', [
      member.apiTokenId,
    ])
  ).rows[0].last_used_at;

/** What is told is told after the answer. */
async function settled(): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    quiet = database.pool.idleCount === database.pool.totalCount ? quiet + 1 : 0;
  }
}

async function used(source: string): Promise<void> {
  await use(source);
  await settled();
}

const ago = (days: number) =>
  database.pool.query(
    `WITH t AS (UPDATE identity.api_token SET last_used_at = now() - make_interval(days => $2) WHERE id = $1)
     UPDATE identity.api_token_source SET last_used_at = now() - make_interval(days => $2) WHERE token_id = $1`,
    [member.apiTokenId, days],
  );

it('the log tells of the first use of a token and from where, and not of the next thousand', async () => {
  await used('192.0.2.7');
  for (let times = 0; times < 1000; times++) await use('192.0.2.7');
  laterMs = 61_000;
  await used('192.0.2.7');
  expect(await told()).toEqual([{ action: 'USE', reason: 'FIRST_USE', source: '192.0.2.7' }]);
});

it('it tells of each place that is new to the token, once, whichever process sees it', async () => {
  await used('192.0.2.7');
  const others = Array.from({ length: 5 }, () => new Viewers(database));
  await Promise.all(others.map((other) => use('198.51.100.1', other)));
  await settled();
  await Promise.all(others.map((other) => other.close()));
  expect((await told()).map(({ reason, source }) => `${reason} ${source}`)).toEqual([
    'FIRST_USE 192.0.2.7',
    'NEW_SOURCE 198.51.100.1',
  ]);
});

it('a place is forgotten after 30 days, and a token that lay unused for so long is told to wake', async () => {
  await used('192.0.2.7');
  await ago(31);
  laterMs = 61_000;
  await used('192.0.2.7');
  expect((await told()).map(({ reason }) => reason)).toEqual(['FIRST_USE', 'AFTER_PAUSE']);
  await ago(29);
  laterMs = 122_000;
  await used('192.0.2.7');
  expect(await told()).toHaveLength(2);
});

it('a token that is used everywhere fills no log: a hundred places are told', async () => {
  await database.pool.query(
    `INSERT INTO identity.api_token_source (account_id, token_id, source)
     SELECT $1, $2, '10.0.0.' || n FROM generate_series(1, 99) AS n`,
    [account.accountId, member.apiTokenId],
  );
  await used('192.0.2.7');
  await used('192.0.2.8');
  expect((await told()).map(({ source }) => source)).toEqual(['192.0.2.7']);
});

it('each use names token, owner and request, and shows in the last use of the token', async () => {
  await used('192.0.2.7');
  const { rows } = await database.pool.query(
    'SELECT user_id, token_id, request_id FROM platform.change_event WHERE subject_id = $1',
    [member.apiTokenId],
  );
  expect(rows).toEqual([
    { user_id: member.userId, token_id: member.apiTokenId, request_id: 'request-of-use' },
  ]);
  expect((await lastUse())?.getTime()).toBeGreaterThan(Date.now() - 60_000);
});

it.each([
  ['revoked', 'UPDATE identity.api_token SET revoked_at = now() WHERE id = $1'],
  ['expired', `UPDATE identity.api_token SET expires_at = now() - interval '1 minute' WHERE id = $1`],
])('the log tells once a day that somebody sent a token that was %s, and from where', async (reason, end) => {
  await used('192.0.2.7');
  await database.pool.query(end, [member.apiTokenId]);
  laterMs = 11_000;
  expect(await refused('203.0.113.9')).toBe(reason);
  await settled();
  laterMs = 120_000;
  expect(await refused('203.0.113.9')).toBe(reason);
  await settled();
  expect((await told()).slice(1)).toEqual([{ action: 'REFUSE', reason, source: '203.0.113.9' }]);
  await database.pool.query(
    `UPDATE identity.api_token SET last_refused_at = now() - interval '25 hours' WHERE id = $1`,
    [member.apiTokenId],
  );
  laterMs = 240_000;
  await refused('203.0.113.9');
  await settled();
  expect((await told()).slice(1)).toHaveLength(2);
});

it('a token that never was is nobody, and stands in no log', async () => {
  const events = async () =>
    (await database.pool.query('SELECT count(*)::int AS count FROM platform.change_event')).rows[0].count;
  const before = await events();
  const never = `iroko_${createHash('sha256').update(newId()).digest('base64url')}`;
  await expect(viewers.fromAuthorization(`Bearer ${never}`)).rejects.toMatchObject({
    details: { reason: 'unknown' },
  });
  await settled();
  expect(await events()).toBe(before);
});

it('where a token was used is forgotten when it is revoked', async () => {
  await used('192.0.2.7');
  await database.pool.query('UPDATE identity.api_token SET revoked_at = now() WHERE id = $1', [
    member.apiTokenId,
  ]);
  const { rows } = await database.pool.query('SELECT 1 FROM identity.api_token_source WHERE token_id = $1', [
    member.apiTokenId,
  ]);
  expect(rows).toEqual([]);
});

it('a log that cannot be written refuses nobody', async () => {
  const broken = jest.spyOn(database.system, 'transaction').mockRejectedValue(new Error('away'));
  expect((await use('192.0.2.7')).kind).toBe('token');
  broken.mockRestore();
});
