import type { Database } from '@iroko/database';
import {
  type SeededAccount,
  type SeededMember,
  seedMember,
  seedMembership,
  seedTwins,
  signTestToken,
  testDatabase,
} from '@iroko/testing';
import { ALL_PERMISSIONS, Viewers, WHOLE_ACCOUNT } from './index';

let database: Database;
let account: SeededAccount;
let twin: SeededAccount;
let member: SeededMember;
let viewers: Viewers;
/** Added to the time of day, so that a test can let time pass. */
let laterMs = 0;

const now = () => Date.now() + laterMs;
const bearer = (token: string) => viewers.fromAuthorization(`Bearer ${token}`);
const refused = (reason: string) => expect.objectContaining({ code: 'UNAUTHENTICATED', details: { reason } });

beforeAll(async () => {
  database = await testDatabase();
  ({ account, twin } = await seedTwins(database));
});
afterAll(() => database.close());
beforeEach(async () => {
  laterMs = 0;
  viewers = new Viewers(database, { now });
  member = await seedMember(database, account.accountId, { permissions: ['org_units.read', 'tokens.own'] });
});
afterEach(() => viewers.close());

async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('It did not become so within two seconds.');
}

const isRefused = async (token: string) =>
  bearer(token).then(
    () => false,
    (error) => error.code === 'UNAUTHENTICATED',
  );

it('without a header the viewer is anonymous and may do nothing', async () => {
  const viewer = await viewers.fromAuthorization(undefined);
  expect(viewer).toMatchObject({ kind: 'anonymous', accountId: null, userId: null });
  expect(viewer.permissions.size).toBe(0);
});

it('an access token is its person, in its account, by its session', async () => {
  const { userId, accountId, sessionId } = member;
  expect(await bearer(member.accessToken)).toEqual({
    kind: 'user',
    userId,
    accountId,
    sessionId,
    tokenId: null,
    jobId: null,
    permissions: new Set(['org_units.read', 'tokens.own']),
    scope: WHOLE_ACCOUNT,
  });
});

it('an API token is its owner, in its account, with no more than it was given', async () => {
  const owner = await seedMember(database, account.accountId, {
    permissions: ['org_units.read', 'tokens.own'],
    tokenPermissions: ['org_units.read', 'users.manage'],
  });
  expect(await bearer(owner.apiToken)).toEqual({
    kind: 'token',
    userId: owner.userId,
    accountId: account.accountId,
    sessionId: null,
    tokenId: owner.apiTokenId,
    jobId: null,
    permissions: new Set(['org_units.read']),
    scope: WHOLE_ACCOUNT,
  });
});

it('permissions are the union of direct ones and those of roles', async () => {
  const roleId = '01940000-0000-7000-8000-00000000000a';
  await database.pool.query(
    `INSERT INTO identity.role (account_id, id, name, name_key, permissions)
     VALUES ($1, $2, 'Cartographer', 'cartographer', '{org_units.edit,a.permission.of.tomorrow}')`,
    [account.accountId, roleId],
  );
  const both = await seedMember(database, account.accountId, {
    permissions: ['users.read'],
    roleIds: [roleId],
  });
  expect((await bearer(both.accessToken)).permissions).toEqual(new Set(['users.read', 'org_units.edit']));
});

it('an administrator holds every permission there is', async () => {
  expect([...(await bearer(account.administrator.accessToken)).permissions]).toEqual(ALL_PERMISSIONS);
});

describe('a token is bound to user, account and session', () => {
  const combine = (change: object) => {
    const { userId, accountId, sessionId } = member;
    return signTestToken({ userId, accountId, sessionId, ...change });
  };

  it('with another account in it, it is refused', async () => {
    await expect(bearer(await combine({ accountId: twin.accountId }))).rejects.toEqual(refused('unknown'));
  });

  it('with another account of the same person in it, it is refused', async () => {
    await seedMembership(database, { ...member, accountId: twin.accountId });
    await expect(bearer(await combine({ accountId: twin.accountId }))).rejects.toEqual(refused('unknown'));
  });

  it('with another person in it, it is refused', async () => {
    const { userId } = account.administrator;
    await expect(bearer(await combine({ userId }))).rejects.toEqual(refused('unknown'));
  });

  it('with the session of somebody else in it, it is refused', async () => {
    const { sessionId } = account.administrator;
    await expect(bearer(await combine({ sessionId }))).rejects.toEqual(refused('unknown'));
  });

  it('with a session that never was in it, it is refused', async () => {
    const sessionId = '01940000-0000-7000-8000-000000000000';
    await expect(bearer(await combine({ sessionId }))).rejects.toEqual(refused('revoked'));
  });
});

it('an access token is refused after 15 minutes, also where it was verified and kept before', async () => {
  await bearer(member.accessToken);
  laterMs = 15 * 60_000 + 1000;
  await expect(bearer(member.accessToken)).rejects.toEqual(refused('expired'));
});

it('an API token and a session are refused once they reach their end', async () => {
  await database.pool.query(
    `UPDATE identity.api_token SET expires_at = now() + interval '2 seconds' WHERE user_id = $1`,
    [member.userId],
  );
  await database.pool.query(
    `UPDATE identity.session SET expires_at = now() + interval '2 seconds' WHERE user_id = $1`,
    [member.userId],
  );
  await bearer(member.apiToken);
  await bearer(member.accessToken);
  laterMs = 3000;
  await expect(bearer(member.apiToken)).rejects.toEqual(refused('expired'));
  await expect(bearer(member.accessToken)).rejects.toEqual(refused('expired'));
});

const ENDINGS: [string, string, 'accessToken' | 'apiToken'][] = [
  [
    'a session that ended',
    `UPDATE identity.session SET ended_at = now(), end_reason = 'REVOKED' WHERE user_id = $1`,
    'accessToken',
  ],
  ['a session that was deleted', 'DELETE FROM identity.session WHERE user_id = $1', 'accessToken'],
  [
    'a token that was revoked',
    'UPDATE identity.api_token SET revoked_at = now() WHERE user_id = $1',
    'apiToken',
  ],
  [
    'a membership that ended',
    'UPDATE identity.membership SET ended_at = now() WHERE user_id = $1',
    'accessToken',
  ],
  [
    'a membership that ended (API token)',
    'UPDATE identity.membership SET ended_at = now() WHERE user_id = $1',
    'apiToken',
  ],
  [
    'a person who was deactivated',
    'UPDATE identity."user" SET deactivated_at = now() WHERE id = $1',
    'accessToken',
  ],
];

describe('an API token that proves nothing', () => {
  it('with one changed letter is one that never was', async () => {
    const { apiToken } = member;
    const changed = `${apiToken.slice(0, -1)}${apiToken.endsWith('A') ? 'B' : 'A'}`;
    await expect(bearer(changed)).rejects.toEqual(refused('unknown'));
    await expect(bearer(`iroko_${'a'.repeat(43)}`)).rejects.toEqual(refused('unknown'));
  });

  it.each([
    ['was revoked', 'UPDATE identity.api_token SET revoked_at = now() WHERE user_id = $1'],
    ['lost its member', 'UPDATE identity.membership SET ended_at = now() WHERE user_id = $1'],
  ])('is told from one that %s', async (_, change) => {
    await database.pool.query(change, [member.userId]);
    await expect(bearer(member.apiToken)).rejects.toEqual(refused('revoked'));
  });
});

describe('what was taken away is gone', () => {
  it.each(ENDINGS)('at once when the notification comes: %s', async (_, change, kind) => {
    await bearer(member[kind]);
    await database.pool.query(change, [member.userId]);
    await eventually(() => isRefused(member[kind]));
  });

  it.each(ENDINGS)('within 10 seconds when no notification comes: %s', async (_, change, kind) => {
    jest.spyOn(database, 'listen').mockRejectedValue(new Error('no notifications here'));
    await bearer(member[kind]);
    await database.pool.query(change, [member.userId]);
    laterMs = 10_000;
    expect(await isRefused(member[kind])).toBe(true);
    jest.restoreAllMocks();
  });

  it('a permission taken from a role is gone for all who have it', async () => {
    const role = await database.pool.query(
      `INSERT INTO identity.role (account_id, id, name, name_key, permissions)
       VALUES ($1, platform.uuid_v7(), 'Reader', 'reader', '{users.read}') RETURNING id`,
      [account.accountId],
    );
    const reader = await seedMember(database, account.accountId, { roleIds: [role.rows[0].id] });
    expect((await bearer(reader.accessToken)).permissions.size).toBe(1);
    await database.pool.query(`UPDATE identity.role SET permissions = '{}' WHERE id = $1`, [role.rows[0].id]);
    await eventually(async () => (await bearer(reader.accessToken)).permissions.size === 0);
  });

  it('a key that is no longer trusted takes along what it signed, also where that was verified before', async () => {
    jest.spyOn(database, 'listen').mockRejectedValue(new Error('no notifications here'));
    await bearer(member.accessToken);
    const key = await database.pool.query('DELETE FROM identity.signing_key RETURNING *');
    laterMs = 10_000;
    expect(await isRefused(member.accessToken)).toBe(true);
    const { kid, public_jwk, private_sealed, retired_at } = key.rows[0];
    await database.pool.query(
      'INSERT INTO identity.signing_key (kid, public_jwk, private_sealed, retired_at) VALUES ($1, $2, $3, $4)',
      [kid, public_jwk, private_sealed, retired_at],
    );
    jest.restoreAllMocks();
  });

  it('a right that was given is there at once too', async () => {
    await bearer(member.accessToken);
    await database.pool.query(
      `UPDATE identity.membership SET permissions = '{jobs.read}' WHERE user_id = $1`,
      [member.userId],
    );
    await eventually(async () => (await bearer(member.accessToken)).permissions.has('jobs.read'));
  });
});

it('a thousand requests with one token read the database once', async () => {
  const asked = jest.spyOn(database.system, 'maybe');
  await Promise.all(Array.from({ length: 1000 }, () => bearer(member.accessToken)));
  expect(asked).toHaveBeenCalledTimes(1);
  asked.mockRestore();
});

it('the use of an API token is noted once a minute', async () => {
  const lastUse = async () =>
    (
      await database.pool.query('SELECT last_used_at FROM identity.api_token WHERE id = $1', [
        member.apiTokenId,
      ])
    ).rows[0].last_used_at as Date | null;
  await bearer(member.apiToken);
  await eventually(async () => (await lastUse()) !== null);
  const first = await lastUse();
  laterMs = 61_000;
  await bearer(member.apiToken);
  expect(await lastUse()).toEqual(first);
});
