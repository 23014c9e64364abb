/** Partners who follow the feed for ever: with our client package, and with nothing but Python. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordChange } from '@iroko/changes';
import { followChanges, Refused } from '@iroko/client';
import { type FlakyProxy, flakyProxy } from '../testing/live/flaky-proxy';
import { type StackUnderTest, stackUnderTest } from '../testing/stack-under-test';

const SCRIPT = join(__dirname, '../../../docs/examples/follow_changes.py');
const SUBJECTS = Array.from({ length: 60 }, (_, index) => `subject ${index}`);

jest.setTimeout(60_000);

let iroko: StackUnderTest;
let proxy: FlakyProxy;
let folder: string;
let token: string;

beforeAll(async () => {
  iroko = await stackUnderTest();
  proxy = await flakyProxy(iroko.stack.url);
  folder = mkdtempSync(join(tmpdir(), 'iroko-partner-'));
  token = iroko.account.administrator.apiToken;
});
afterAll(async () => {
  await proxy?.close();
  await iroko?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes one event after the other, and breaks every connection in between. */
async function writeAndBreak(marked: string): Promise<void> {
  const db = iroko.database.forAccount(iroko.account.actor);
  for (const [index, subject] of SUBJECTS.entries()) {
    await db.transaction((tx) =>
      recordChange(tx, {
        subjectType: 'OrgUnit',
        subjectId: `${marked} ${subject}`,
        action: 'NOTE',
        before: null,
        after: {},
      }),
    );
    if (index % 12 === 11) proxy.cut();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('the client package sees every event once and in order, over a network that breaks', async () => {
  const leaving = new AbortController();
  const seen: unknown[] = [];
  const retries: unknown[] = [];
  const following = (async () => {
    const feed = followChanges({
      url: proxy.url,
      token,
      filter: { subjectType: 'OrgUnit' },
      retryMs: { first: 5, most: 50 },
      onRetry: (reason) => retries.push(reason),
      signal: leaving.signal,
    });
    for await (const { event } of feed) {
      seen.push(event.subjectId);
      if (seen.length === SUBJECTS.length) leaving.abort();
    }
  })();
  await writeAndBreak('client');
  await following;
  expect(seen).toEqual(SUBJECTS.map((subject) => `client ${subject}`));
  expect(retries.length).toBeGreaterThan(0);
});

it.each([
  ['a token that is none', { token: 'iroko_wrong' }, 'UNAUTHENTICATED'],
  ['a cursor that is none', { after: 'hello' }, 'BAD_USER_INPUT'],
  ['a selection that is none', { selection: 'nothing' }, 'BAD_USER_INPUT'],
])('the client package gives up on %s and says why', async (_, wrong, code) => {
  const feed = followChanges({ url: iroko.stack.url, token, retryMs: { first: 1, most: 1 }, ...wrong });
  const refusal = await feed.next().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Refused);
  expect(refusal).toMatchObject({ code });
});

it('the Python example does the same, and goes on where it stopped when it is started again', async () => {
  const place = join(folder, 'place.txt');
  const lines: string[] = [];
  const start = (): ChildProcess => {
    const child = spawn('python3', [SCRIPT, place], {
      env: { PATH: process.env.PATH, IROKO_URL: proxy.url, IROKO_TOKEN: token },
    });
    let rest = '';
    child.stdout.on('data', (text) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
    });
    return child;
  };
  const until = async (count: number) => {
    while (ours().length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const ours = () =>
    lines
      .map((line) => JSON.parse(line) as { subjectId: string; cursor: string })
      .filter(({ subjectId }) => subjectId.startsWith('python'));
  const stopped = (child: ChildProcess) =>
    new Promise((resolve) => {
      child.once('close', resolve);
      child.kill('SIGKILL');
    });

  const first = start();
  await writeAndBreak('python');
  await until(SUBJECTS.length);
  await stopped(first);
  expect(ours().map(({ subjectId }) => subjectId)).toEqual(SUBJECTS.map((subject) => `python ${subject}`));
  // Killed between the line and the place it may say the last one again: at least once, and never less.
  const kept = readFileSync(place, 'utf8');
  expect(
    ours()
      .slice(-2)
      .map(({ cursor }) => cursor),
  ).toContain(kept);
  const before = lines.length;
  const second = start();
  await writeAndBreak('python again');
  await until(2 * SUBJECTS.length);
  await stopped(second);
  const again = lines.slice(before).map((line) => (JSON.parse(line) as { subjectId: string }).subjectId);
  expect(again.filter((id) => id.startsWith('python again'))).toEqual(
    SUBJECTS.map((subject) => `python again ${subject}`),
  );
});
