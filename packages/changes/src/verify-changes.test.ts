import { type AccountDatabase, Database, newId, testDatabaseUrl } from '@iroko/database';
import { erasePersonalValues, readChanges } from './read-changes';
import { recordChange } from './record-change';
import { sealAll } from './sealer';
import { personal, secret } from './values';
import { verifyChanges } from './verify-changes';

let database: Database;
let db: AccountDatabase;
const person = newId();

beforeEach(async () => {
  database = new Database({ url: await testDatabaseUrl(), name: 'verify test' });
  db = database.forAccount({ accountId: newId(), requestId: 'request-of-test' });
  for (const step of [1, 2, 3, 4]) {
    await db.transaction((tx) =>
      recordChange(tx, {
        subjectType: 'User',
        subjectId: person,
        action: step === 1 ? 'CREATE' : 'UPDATE',
        before: step === 1 ? null : { step: step - 1, phone: personal(`+243 ${step - 1}`, person) },
        after: {
          step,
          phone: personal(`+243 ${step}`, person),
          password: secret,
          ratio: 0.1 + 0.2,
          at: new Date(0),
        },
        reason: 'a “reason” – é ✓ \ud800',
      }),
    );
  }
  await sealAll(database.system, db.account);
});
afterEach(() => database.close());

/** As somebody with full rights on the database would do it. */
const tamper = async (statement: string) => {
  const client = await database.pool.connect();
  await client.query("SET session_replication_role = 'replica'");
  await client.query(statement);
  await client.query("SET session_replication_role = 'origin'");
  client.release();
};

describe('the chain', () => {
  it('is intact when nobody touched it', async () => {
    expect(await verifyChanges(db)).toEqual({ intact: true, events: 4 });
  });

  it.each([
    [
      'a changed field',
      'UPDATE platform.change_event SET fields_after = fields_after || \'{"step": 7}\' WHERE position = 3',
      3,
      'CONTENT',
    ],
    [
      'a changed actor',
      'UPDATE platform.change_event SET user_id = gen_random_uuid() WHERE position = 2',
      2,
      'CONTENT',
    ],
    [
      'a changed time',
      "UPDATE platform.change_event SET at = at - interval '1 microsecond' WHERE position = 1",
      1,
      'CONTENT',
    ],
    ['an event taken out', 'DELETE FROM platform.change_event WHERE position = 2', 2, 'MISSING'],
    ['a forged hash', "UPDATE platform.change_event SET hash = sha256('x') WHERE position = 4", 4, 'CONTENT'],
    [
      'a forged previous hash',
      "UPDATE platform.change_event SET previous_hash = sha256('x') WHERE position = 4",
      4,
      'PREVIOUS_HASH',
    ],
    ['an end cut off', 'DELETE FROM platform.change_event WHERE position = 4', 4, 'END'],
  ])('names the first broken link after %s', async (_, statement, position, defect) => {
    await tamper(statement);
    expect(await verifyChanges(db)).toMatchObject({
      intact: false,
      events: position - 1,
      broken: { position, defect },
    });
  });

  it('refuses every change to an event, sealed or not, and every deletion', async () => {
    for (const statement of [
      "UPDATE platform.change_event SET reason = 'other'",
      'UPDATE platform.change_event SET position = position + 10',
      'DELETE FROM platform.change_event',
      'TRUNCATE platform.change_event',
    ]) {
      await expect(database.pool.query(statement)).rejects.toMatchObject({
        constraint: 'change_event_immutable',
      });
    }
  });
});

describe('personal values', () => {
  it('are read with the event until they are erased, and the chain stays intact', async () => {
    const [first, second] = await readChanges(db, 0, 2);
    expect(first).toMatchObject({
      before: null,
      after: { step: 1, phone: '+243 1', password: { $secret: true } },
    });
    expect(second).toMatchObject({ before: { phone: '+243 1' }, after: { phone: '+243 2' } });

    const erased = await db.transaction((tx) => erasePersonalValues(tx, person));
    expect(erased).toBe(7);
    expect((await readChanges(db, 0, 1))[0]?.after).toMatchObject({ step: 1, phone: null });
    expect(await verifyChanges(db)).toEqual({ intact: true, events: 4 });
  });

  it('stand in the log itself only as a salted hash, never in clear, and the secret not at all', async () => {
    const { rows } = await database.pool.query(
      'SELECT fields_before::text || fields_after::text AS text FROM platform.change_event WHERE position = 2',
    );
    expect(rows[0].text).not.toContain('+243');
    expect(rows[0].text).toContain('$personal');
  });

  it('of another account are not reached by a made-up reference', async () => {
    const other = database.forAccount({ accountId: newId(), requestId: 'request-of-test' });
    const { rows } = await database.pool.query('SELECT id FROM platform.personal_value LIMIT 1');
    await other.transaction((tx) =>
      recordChange(tx, {
        subjectType: 'User',
        subjectId: 'x',
        action: 'CREATE',
        before: null,
        after: { stolen: { $personal: rows[0].id, hash: 'a' }, odd: { $personal: 'no id', hash: 'a' } },
      }),
    );
    await sealAll(database.system, other.account);
    expect((await readChanges(other, 0, 1))[0]?.after).toEqual({
      stolen: null,
      odd: { $personal: 'no id', hash: 'a' },
    });
  });
});
