import { type AccountDatabase, Database, newId, testDatabaseUrl } from '@iroko/database';
import { silentLogger } from '@iroko/telemetry';
import type { ChangeEvent } from './change';
import { readChanges } from './read-changes';
import { recordChange, recordChanges } from './record-change';
import { Sealer, sealAll, sealBatch } from './sealer';
import { verifyChanges } from './verify-changes';

let database: Database;
let url: string;
let db: AccountDatabase;

beforeEach(async () => {
  url = await testDatabaseUrl();
  database = new Database({ url, name: 'changes test', maxConnections: 40 });
  db = account();
});
afterEach(() => database.close());

const account = () =>
  database.forAccount({ accountId: newId(), userId: newId(), requestId: 'request-of-test' });
const change = (subjectId: string, step = 0) => ({
  subjectType: 'OrgUnit',
  subjectId,
  action: 'UPDATE',
  before: { step: step - 1 },
  after: { step },
});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Seeded, so that a failure can be seen again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('sealing', () => {
  it('gives no position to what is not committed, and one as soon as it is', async () => {
    await db.transaction(async (tx) => {
      await recordChange(tx, change('open'));
      expect(await sealBatch(database.system, db.account)).toBe(0);
    });
    expect(await readChanges(db, 0, 10)).toEqual([]);
    expect(await sealBatch(database.system, db.account)).toBe(1);
    expect(await readChanges(db, 0, 10)).toMatchObject([{ position: 1, subjectId: 'open' }]);
  });

  it('never skips an event whose transaction began first and committed last', async () => {
    let commit = () => {};
    const gate = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const slow = db.transaction(async (tx) => {
      await recordChange(tx, change('slow'));
      await gate;
    });
    await pause(50);
    await db.transaction((tx) => recordChange(tx, change('quick')));
    await sealAll(database.system, db.account);
    const first = await readChanges(db, 0, 10);
    expect(first.map((event) => event.subjectId)).toEqual(['quick']);
    commit();
    await slow;
    await sealAll(database.system, db.account);
    expect((await readChanges(db, 1, 10)).map((event) => event.subjectId)).toEqual(['slow']);
  });

  it('makes one chain of many batches, which the verifier computes alike', async () => {
    const changes = Array.from({ length: 2500 }, (_, step) => change(`${step % 7}`, step));
    await db.transaction((tx) => recordChanges(tx, changes));
    expect(await sealBatch(database.system, db.account)).toBe(1000);
    await Promise.all([sealAll(database.system, db.account), sealAll(database.system, db.account)]);
    expect(await verifyChanges(db)).toEqual({ intact: true, events: 2500 });
    const steps = (await readChanges(db, 0, 2500)).map(({ after }) => after?.step);
    expect(steps).toEqual(changes.map(({ after }) => after.step));
  });

  it('keeps no trace of what was rolled back', async () => {
    await expect(
      db.transaction(async (tx) => {
        await recordChange(tx, change('undone'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await sealAll(database.system, db.account);
    expect(await readChanges(db, 0, 10)).toEqual([]);
  });

  it('keeps the order in which one transaction wrote its events', async () => {
    const subjects = Array.from({ length: 50 }, (_, n) => `unit ${n}`);
    await db.transaction((tx) =>
      recordChanges(
        tx,
        subjects.map((subject) => change(subject)),
      ),
    );
    await sealAll(database.system, db.account);
    expect((await readChanges(db, 0, 100)).map((event) => event.subjectId)).toEqual(subjects);
  });

  it('numbers each account by itself', async () => {
    const other = account();
    for (const each of [db, other, db]) await each.transaction((tx) => recordChange(tx, change('x')));
    await sealAll(database.system, db.account);
    await sealAll(database.system, other.account);
    expect((await readChanges(db, 0, 10)).map((event) => event.position)).toEqual([1, 2]);
    expect((await readChanges(other, 0, 10)).map((event) => event.position)).toEqual([1]);
  });

  it('of changes right behind each other is done together, and soon', async () => {
    const sealer = new Sealer(database, silentLogger, 60_000);
    await sealer.start();
    const wrote = Date.now();
    for (let step = 0; step < 100; step++)
      await db.transaction((tx) => recordChange(tx, change('many', step)));
    const took = Date.now() - wrote;
    while ((await readChanges(db, 0, 200)).length < 100 && Date.now() < wrote + 10_000) await pause(5);
    await sealer.stop();
    const { rows } = await database.pool.query(
      'SELECT count(DISTINCT e.xmin::text)::int AS batches FROM platform.change_event e WHERE e.account_id = $1',
      [db.account],
    );
    expect(rows[0].batches).toBeLessThanOrEqual(took / 20 + 2);
    expect(await verifyChanges(db)).toEqual({ intact: true, events: 100 });
  });

  it('is done soon after a commit by a running sealer, without waiting for its next look', async () => {
    const sealer = new Sealer(database, silentLogger, 60_000);
    await sealer.start();
    await db.transaction((tx) => recordChange(tx, change('woken')));
    const deadline = Date.now() + 2000;
    while ((await readChanges(db, 0, 10)).length === 0 && Date.now() < deadline) await pause(5);
    await sealer.stop();
    expect(await readChanges(db, 0, 10)).toHaveLength(1);
  });
});

describe('many writers, two sealers and readers that restart', () => {
  const WRITERS = 200;
  const STEPS = 5;

  it('each reader sees every committed event exactly once, in the order of its subject', async () => {
    const roll = random(20_261_122);
    const others = [1, 2].map(() => new Database({ url, name: 'sealer', maxConnections: 3 }));
    const sealers = others.map((each) => new Sealer(each, silentLogger, 50));
    for (const sealer of sealers) await sealer.start();
    const committed = new Set<string>();
    let writing = true;

    const writer = async (subject: number) => {
      for (let step = 0; step < STEPS; step++) {
        const undo = roll() < 0.2;
        const holdMs = roll() < 0.1 ? 80 : roll() * 8;
        const id = await db
          .transaction(async (tx) => {
            const event = await recordChange(tx, change(`subject ${subject}`, step));
            await pause(holdMs);
            if (undo) throw new Error('rolled back');
            return event;
          })
          .catch(() => undefined);
        if (id) committed.add(id);
      }
    };

    const reader = async () => {
      const seen: ChangeEvent[] = [];
      let position = 0;
      while (writing || seen.length < committed.size) {
        const page = await readChanges(db, position, 1 + Math.floor(roll() * 40));
        // A restart in the middle of a page: what was not kept is read again from the kept position.
        const kept = roll() < 0.3 ? page.slice(0, Math.floor(roll() * page.length)) : page;
        seen.push(...kept);
        position = kept.at(-1)?.position ?? position;
        await pause(roll() * 10);
      }
      await pause(100);
      return [...seen, ...(await readChanges(db, position, 1000))];
    };

    const readers = [reader(), reader(), reader()];
    await Promise.all(Array.from({ length: WRITERS }, (_, subject) => writer(subject)));
    writing = false;
    for (const seen of await Promise.all(readers)) {
      expect(seen.map((event) => event.position)).toEqual(seen.map((_, index) => index + 1));
      expect(new Set(seen.map((event) => event.id))).toEqual(committed);
      expect(seen).toHaveLength(committed.size);
      const lastStep = new Map<string, number>();
      for (const event of seen) {
        const step = Number(event.after?.step);
        expect(step).toBeGreaterThan(lastStep.get(event.subjectId) ?? -1);
        lastStep.set(event.subjectId, step);
      }
    }
    for (const sealer of sealers) await sealer.stop();
    for (const each of others) await each.close();
    expect(committed.size).toBeGreaterThan(WRITERS * STEPS * 0.6);
    expect(await verifyChanges(db)).toEqual({ intact: true, events: committed.size });
  });
});
