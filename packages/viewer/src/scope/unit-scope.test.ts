/** The scope of a handle over units, read from a real tree. */
import { type AccountDatabase, type Database, newId, type Scope } from '@iroko/database';
import { type SeededAccount, seedReleasedUnits, seedTwins, testDatabase } from '@iroko/testing';
import { inReach, reachedUnits, requireEveryUnit, unitReach, WHOLE_ACCOUNT } from '../index';

let database: Database;
let account: SeededAccount;
let north: string;
let south: string;
let theirs: string;

beforeAll(async () => {
  database = await testDatabase();
  const twins = await seedTwins(database);
  account = twins.account;
  const own = await seedReleasedUnits(handle(WHOLE_ACCOUNT), ['north', 'south']);
  [north, south] = own.unitIds as [string, string];
  const other = await seedReleasedUnits(database.forAccount(twins.twin.actor), ['north', 'south']);
  [theirs] = other.unitIds as [string];
});
afterAll(() => database.close());

function handle(scope: Partial<Scope>): AccountDatabase {
  return database.forAccount({ ...account.actor, scope: { ...WHOLE_ACCOUNT, ...scope } });
}

/** Which of the account's units a list shows. */
async function listed(db: AccountDatabase): Promise<string[]> {
  const reach = await unitReach(db);
  const rows = await db.rows<{ id: string }>(db.sql`
    SELECT u.id FROM georegistry.org_unit u
    WHERE u.account_id = ${db.account} AND ${inReach(db, db.sql`u.id`, reach)} ORDER BY u.number`);
  return rows.map(({ id }) => id);
}

it('a handle of the whole account asks nothing and shows every unit', async () => {
  const db = handle({});
  expect(await unitReach(db)).toBeUndefined();
  expect(await listed(db)).toEqual([north, south]);
});

it('a scope shows its units alone', async () => {
  expect(await listed(handle({ units: [[south]] }))).toEqual([south]);
});

it('two sets show what lies in both, which may be nothing', async () => {
  expect(await listed(handle({ units: [[north, south], [north]] }))).toEqual([north]);
  expect(await listed(handle({ units: [[north], [south]] }))).toEqual([]);
});

it.each([
  ['no unit', () => []],
  ['a unit that never was', () => [newId()]],
  ['a unit of another account', () => [theirs]],
])('a scope of %s shows nothing', async (_, units) => {
  expect(await listed(handle({ units: [units()] }))).toEqual([]);
  const db = handle({ units: [units()] });
  expect(await reachedUnits(db, db.actor.scope, [north, south])).toEqual(new Set());
});

it('units by id are sorted out the same way', async () => {
  const db = handle({ units: [[north]] });
  expect(await reachedUnits(db, db.actor.scope, [north, south, theirs])).toEqual(new Set([north]));
  // Without a limit it is still asked whether they are the account's.
  expect(await reachedUnits(handle({}), undefined, [south, theirs])).toEqual(new Set([south]));
});

it('what concerns the whole account is refused to a scope that ends at units, and to no other', () => {
  const limited = handle({ units: [[north]] });
  expect(() => requireEveryUnit(limited.actor, 'An import')).toThrow(
    expect.objectContaining({ code: 'FORBIDDEN', details: { scope: 'ORG_UNITS' } }),
  );
  expect(() => requireEveryUnit(handle({ projects: [] }).actor, 'An import')).not.toThrow();
  expect(() => requireEveryUnit(account.actor, 'An import')).not.toThrow();
});
