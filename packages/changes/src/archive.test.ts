import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type AccountDatabase, Database, newId, testDatabaseUrl } from '@iroko/database';
import { archiveContent, closeArchive } from './archive';
import { accountsToArchive, spanToArchive } from './archive.sql';
import { readChanges } from './read-changes';
import { recordChange } from './record-change';
import { sealAll } from './sealer';
import { verifyChanges } from './verify-changes';

let database: Database;
let db: AccountDatabase;

beforeEach(async () => {
  database = new Database({ url: await testDatabaseUrl(), name: 'archive test' });
  db = database.forAccount({ accountId: newId(), requestId: 'request-of-test' });
});
afterEach(() => database.close());

async function written(days: readonly number[]): Promise<void> {
  for (const [step, ago] of days.entries()) {
    await db.transaction(async (tx) => {
      const change = {
        subjectType: 'OrgUnit',
        subjectId: 'a',
        action: 'UPDATE',
        before: null,
        after: { step },
      };
      const id = await recordChange(tx, change);
      await aged(tx, id, ago);
    });
  }
  await sealAll(database.system, db.account);
}

/** As if it had been written days ago: the time is part of what is sealed, so before the sealing. */
async function aged(tx: AccountDatabase, id: string, days: number): Promise<void> {
  await tx.execute(tx.sql`ALTER TABLE platform.change_event DISABLE TRIGGER change_event_immutable`);
  await tx.execute(tx.sql`
    UPDATE platform.change_event e SET at = now() - make_interval(days => ${days}::int)
    WHERE e.account_id = ${tx.account} AND e.id = ${id}`);
  await tx.execute(tx.sql`ALTER TABLE platform.change_event ENABLE TRIGGER change_event_immutable`);
}

/** By the id of the file. */
const files = new Map<string, Buffer>();
const open = async (fileId: string) => {
  const content = files.get(fileId);
  if (!content) throw new Error('There is no such file.');
  return Readable.from([content]);
};

async function archive(readTo: number | null = null, limit = 100) {
  const span = await spanToArchive(db, 30, readTo, limit);
  if (!span) return undefined;
  const content = Buffer.concat(await archiveContent(db, span).toArray());
  const fileId = newId();
  files.set(fileId, content);
  await db.transaction((tx) => closeArchive(tx, span, fileId));
  return gunzipSync(content)
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const steps = async () => (await readChanges(db, 0, 100)).map(({ after, action }) => after?.step ?? action);

describe('an archive', () => {
  it('takes the oldest events, which stand in it whole and in order, and the chain holds', async () => {
    await written([90, 60, 10, 0]);
    expect(await accountsToArchive(database.system, 30)).toEqual([{ accountId: db.account }]);
    const lines = await archive();
    expect(lines?.map(({ position, fields_after }) => [position, fields_after.step])).toEqual([
      [1, 0],
      [2, 1],
    ]);
    expect(lines?.[0].hash).toMatch(/^\\x[0-9a-f]{64}$/);
    await sealAll(database.system, db.account);
    expect(await steps()).toEqual([2, 3, 'CREATE']);
    expect(await verifyChanges(db)).toEqual({ intact: true, events: 5 });
    expect(await accountsToArchive(database.system, 30)).toEqual([]);
  });

  it('follows the one before it, part by part, and ends where nothing is old', async () => {
    await written([90, 80, 70, 0]);
    expect(await archive(null, 2)).toHaveLength(2);
    expect(await archive(null, 2)).toHaveLength(1);
    expect(await archive(null, 2)).toBeUndefined();
    await sealAll(database.system, db.account);
    expect(await verifyChanges(db)).toMatchObject({ intact: true });
  });

  it('leaves what a reader has not read yet', async () => {
    await written([90, 80, 70]);
    expect(await archive(1)).toHaveLength(1);
    expect(await archive(1)).toBeUndefined();
  });

  it('takes nothing that is followed by something younger out of order', async () => {
    await written([90, 0, 80]);
    expect(await archive()).toHaveLength(1);
    expect(await archive()).toBeUndefined();
  });

  it('does not open the log for anything else', async () => {
    await written([90, 0]);
    await archive();
    const remove = (position: number) =>
      database.pool.query('DELETE FROM platform.change_event WHERE account_id = $1 AND position = $2', [
        db.account,
        position,
      ]);
    await expect(remove(2)).rejects.toThrow('never changed or deleted');
    const invented = database.pool.query(
      `INSERT INTO platform.change_archive
         (account_id, id, first_position, last_position, last_hash, first_at, last_at, file_id)
       VALUES ($1, $2, 2, 2, $3, now(), now(), $2)`,
      [db.account, newId(), Buffer.alloc(32)],
    );
    await expect(invented).rejects.toThrow('ends at an event of the log');
    await expect(
      database.pool.query('DELETE FROM platform.change_archive WHERE account_id = $1', [db.account]),
    ).rejects.toThrow('never changes');
  });

  it('shows when an event that should follow it is gone', async () => {
    await written([90, 0, 0]);
    await archive();
    await sealAll(database.system, db.account);
    const client = await database.pool.connect();
    await client.query("SET session_replication_role = 'replica'");
    await client.query('DELETE FROM platform.change_event WHERE account_id = $1 AND position = 2', [
      db.account,
    ]);
    await client.query("SET session_replication_role = 'origin'");
    client.release();
    expect(await verifyChanges(db)).toMatchObject({
      intact: false,
      broken: { position: 2, defect: 'MISSING' },
    });
  });
});

describe('the files of archives', () => {
  beforeEach(async () => {
    files.clear();
    await written([90, 80, 70, 60, 0]);
    await archive(null, 3);
    await archive();
    await sealAll(database.system, db.account);
  });

  /** As somebody who reaches the storage would do it, in the file of the first three events. */
  function rewritten(change: (lines: string[]) => string[]): void {
    const [[fileId, content] = ['', Buffer.alloc(0)]] = files;
    const lines = gunzipSync(content).toString().trim().split('\n');
    files.set(fileId, gzipSync(`${change(lines).join('\n')}\n`));
  }

  it('carry the chain from its first event to the log, line by line', async () => {
    expect(await verifyChanges(db, open)).toEqual({ intact: true, events: 7 });
  });

  it.each<[string, (lines: string[]) => string[], number, string]>([
    ['a changed field', (lines) => lines.map((line) => line.replace('"step": 1', '"step": 7')), 2, 'CONTENT'],
    ['a changed time', (lines) => lines.map((line) => line.replace(/("at": "\d{3})\d/, '$19')), 1, 'CONTENT'],
    ['a line taken out', ([first, , third]) => [first as string, third as string], 2, 'MISSING'],
    ['lines in another order', ([first, ...others]) => [first as string, ...others.reverse()], 2, 'MISSING'],
    [
      'a line of another account',
      (lines) => lines.map((line, at) => (at === 1 ? line.replaceAll(db.account, newId()) : line)),
      2,
      'MISSING',
    ],
    ['the end cut off', (lines) => lines.slice(0, 2), 3, 'ARCHIVE'],
    [
      'a line that is no event',
      (lines) => lines.map((line, at) => (at === 2 ? '{"at": 5}' : line)),
      1,
      'ARCHIVE',
    ],
    ['a line that is no JSON', (lines) => [...lines, 'x'], 1, 'ARCHIVE'],
  ])('show %s', async (_, change, position, defect) => {
    rewritten(change);
    expect(await verifyChanges(db, open)).toMatchObject({
      intact: false,
      events: position - 1,
      broken: { position, defect, fileId: [...files.keys()][0] },
    });
    // Without the files, what was noted of them is believed.
    expect(await verifyChanges(db)).toMatchObject({ intact: true });
  });

  it.each<[string, (content: Buffer) => Buffer | undefined]>([
    ['is cut off', (content) => content.subarray(0, content.length - 12)],
    ['is no archive', () => Buffer.from('hello')],
    ['is empty', () => Buffer.alloc(0)],
    ['is gone', () => undefined],
  ])('show a file that %s', async (_, change) => {
    const [fileId = '', content = Buffer.alloc(0)] = [...files][1] ?? [];
    const changed = change(content);
    if (changed) files.set(fileId, changed);
    else files.delete(fileId);
    expect(await verifyChanges(db, open)).toMatchObject({
      intact: false,
      events: 3,
      broken: { position: 4, defect: 'ARCHIVE', fileId },
    });
  });
});
