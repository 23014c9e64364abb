/** What the viewer of a token is told of scope and modules, read from a real database. */
import { type Database, newId } from '@iroko/database';
import { type SeededAccount, seedMember, seedTwins, testDatabase } from '@iroko/testing';
import { Viewers } from '../index';

let database: Database;
let account: SeededAccount;
let viewers: Viewers;

const bearer = (token: string) => viewers.fromAuthorization(`Bearer ${token}`);

beforeAll(async () => {
  database = await testDatabase();
  ({ account } = await seedTwins(database));
  viewers = new Viewers(database);
});
afterAll(async () => {
  await viewers.close();
  await database.close();
});

async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('It did not become so within two seconds.');
}

it('the scope is that of the member, and a token narrows it', async () => {
  const [north, south] = [newId(), newId()];
  const owner = await seedMember(database, account.accountId, { permissions: ['org_units.read'] });
  await database.pool.query(
    'UPDATE identity.membership SET unit_ids = $2, project_ids = $3, writable_type_ids = $4 WHERE user_id = $1',
    [owner.userId, [north, south], [north, south], []],
  );
  await database.pool.query('UPDATE identity.api_token SET unit_ids = $2, project_ids = $3 WHERE id = $1', [
    owner.apiTokenId,
    [south],
    [south],
  ]);
  expect((await bearer(owner.accessToken)).scope).toEqual({
    units: [[north, south]],
    projects: [north, south],
    writableTypes: [],
  });
  expect((await bearer(owner.apiToken)).scope).toEqual({
    units: [[north, south], [south]],
    projects: [south],
    writableTypes: [],
  });
});

it('a service token is nobody, may do what it says, and reaches as far as it says', async () => {
  const maker = await seedMember(database, account.accountId, { tokenPermissions: ['org_units.read'] });
  const unit = newId();
  await database.pool.query('UPDATE identity.api_token SET user_id = NULL, unit_ids = $2 WHERE id = $1', [
    maker.apiTokenId,
    [unit],
  ]);
  expect(await bearer(maker.apiToken)).toEqual({
    kind: 'token',
    userId: null,
    accountId: account.accountId,
    sessionId: null,
    tokenId: maker.apiTokenId,
    jobId: null,
    permissions: new Set(['org_units.read']),
    scope: { units: [[unit]], projects: null, writableTypes: null },
  });
});

it('permissions of a module that is off are not effective, also for whoever holds every permission', async () => {
  const { account: other } = await seedTwins(database);
  const setModules = (modules: string[] | null) =>
    database.pool.query('UPDATE identity.account SET modules = $2 WHERE id = $1', [other.accountId, modules]);
  await setModules(['GEOREGISTRY']);
  const { administrator } = other;
  for (const token of [administrator.accessToken, administrator.apiToken]) {
    const { permissions } = await bearer(token);
    expect(permissions.has('datasets.read')).toBe(false);
    expect(permissions.has('org_units.read')).toBe(true);
    // Else nobody could switch a module on again.
    expect(permissions.has('accounts.manage')).toBe(true);
  }
  await setModules(null);
  await eventually(async () => (await bearer(administrator.accessToken)).permissions.has('datasets.read'));
});
