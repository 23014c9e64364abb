import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { archiveContent, closeArchive, recordChange, sealAll, spanToArchive } from '@iroko/changes';
import { Database, newId, testDatabaseUrl } from '@iroko/database';
import { DiskStorage, Files } from '@iroko/files';
import { seedAccount } from '@iroko/testing';
import { EXIT } from './failure';
import { run } from './run';

let url: string;
let database: Database;
const [first, second] = [newId(), newId()].sort() as [string, string];

beforeEach(async () => {
  url = await testDatabaseUrl();
  database = new Database({ url, name: 'verify-log test' });
  for (const accountId of [first, second]) {
    const db = database.forAccount({ accountId, requestId: 'test' });
    for (const subjectId of ['a', 'b', 'c']) {
      await db.transaction((tx) =>
        recordChange(tx, { subjectType: 'OrgUnit', subjectId, action: 'CREATE', before: null, after: {} }),
      );
    }
    await sealAll(database.system, accountId);
  }
});
afterEach(() => database.close());

async function verifyLog(...given: (string | Record<string, string>)[]) {
  const more = given.filter((each) => typeof each === 'string');
  const env = Object.assign({ DATABASE_URL: url }, ...given.filter((each) => typeof each === 'object'));
  let out = '';
  let error = '';
  const code = await run({
    argv: ['verify-log', ...more],
    env,
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text: string) => (error += text) },
    onInterrupt: () => () => undefined,
  });
  return { code, out, error };
}

/** As somebody with full rights on the database would do it. */
async function tamper(statement: string): Promise<void> {
  const client = await database.pool.connect();
  await client.query("SET session_replication_role = 'replica'");
  await client.query(statement, [second]);
  await client.query("SET session_replication_role = 'origin'");
  client.release();
}

it('logs that nobody touched are intact', async () => {
  const lines = [first, second].map((id) => `Account ${id}: 3 events, intact.\n`);
  expect(await verifyLog()).toEqual({ code: EXIT.all, out: lines.join(''), error: '' });
});

it('the first broken link is named, and the other accounts are checked too', async () => {
  await tamper(`UPDATE platform.change_event SET reason = 'other' WHERE account_id = $1 AND position >= 2`);
  const { code, out } = await verifyLog('--json');
  expect(code).toBe(EXIT.nothing);
  expect(JSON.parse(out)).toEqual({
    ok: false,
    logs: [
      { accountId: first, events: 3, broken: null },
      {
        accountId: second,
        events: 1,
        broken: { position: 2, eventId: expect.any(String), fileId: null, defect: 'CONTENT' },
      },
    ],
  });
  expect((await verifyLog()).out).toContain('BROKEN at position 2');
  expect((await verifyLog('--account', first)).code).toBe(EXIT.all);
});

it.each([
  ['the end of the log', 'DELETE FROM platform.change_event WHERE account_id = $1 AND position = 3'],
  ['the record of its end', 'DELETE FROM platform.change_chain WHERE account_id = $1'],
])('%s that was taken away is noticed', async (_, statement) => {
  await tamper(statement);
  expect((await verifyLog()).out).toContain(`Account ${second}: BROKEN`);
});

it('an account without a log, or what is no id, is refused', async () => {
  expect(await verifyLog('--account', newId())).toMatchObject({ code: EXIT.nothing, out: '' });
  expect((await verifyLog('--account', 'demo')).error).toContain('--account');
});

describe('the file of an archive', () => {
  let dataDir: string;
  let fileId: string;
  let files: Files;
  let account: string;
  const storage = () => new DiskStorage(join(dataDir, 'files'));

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'iroko-verify-'));
    files = new Files({ storage: storage(), masterKey: Buffer.alloc(32), limitBytes: 1e6, publicUrl: '' });
    account = (await seedAccount(database)).accountId;
    const db = database.forAccount({ accountId: account, requestId: 'test' });
    for (const subjectId of ['a', 'b', 'c']) {
      await db.transaction((tx) =>
        recordChange(tx, { subjectType: 'OrgUnit', subjectId, action: 'CREATE', before: null, after: {} }),
      );
    }
    await sealAll(database.system, account);
    const span = await spanToArchive(db, -1, null, 2);
    if (!span) throw new Error('There is nothing to archive.');
    const file = await files.store(db, archiveContent(db, span), { name: 'a', expiresInHours: null });
    fileId = file.id;
    await db.transaction((tx) => closeArchive(tx, span, fileId));
    await sealAll(database.system, account);
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  const outcome = async () => (await verifyLog({ DATA_DIR: dataDir }, '--account', account)).out;

  it('is verified with the log', async () => {
    expect(await outcome()).toContain(', intact.');
  });

  it('that is gone or changed is named', async () => {
    const db = database.forAccount({ accountId: account, requestId: 'test' });
    const { storageKey } = await files.find(db, fileId);
    await storage().put(storageKey, Readable.from([gzipSync('{}\n')]));
    expect(await outcome()).toContain(`BROKEN at position 1 in the archive in file ${fileId}`);
    await storage().delete(storageKey);
    expect(await outcome()).toContain('the archive is gone, cannot be read, or was cut off');
  });
});
