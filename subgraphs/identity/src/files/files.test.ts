import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { newId } from '@iroko/database';
import { createHttpServer, type HttpServer } from '@iroko/http';
import { enqueueScheduled, runJobsUntilIdle } from '@iroko/jobs';
import { silentLogger } from '@iroko/telemetry';
import { type SeededAccount, type SeededMember, seedMember, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const LIMIT = 1_000_000;
const FILE =
  'query ($id: ID!) { file(id: $id) { id name contentType size sha256 createdAt expiresAt downloadUrl } }';

let identity: IdentityUnderTest;
let server: HttpServer;
let door: string;
let account: SeededAccount;
let twin: SeededAccount;
let member: SeededMember;

beforeAll(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
  member = await seedMember(identity.database, account.accountId, { permissions: ['files.upload'] });
  server = createHttpServer({
    routes: identity.subgraph.routes,
    viewerOf: (headers) => identity.viewers.fromAuthorization(headers.authorization),
    log: silentLogger,
  });
  door = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
});
afterAll(async () => {
  await server.close(0);
  await identity.close();
});

const bearer = (who: SeededMember) => ({ authorization: `Bearer ${who.accessToken}` });
const send = (body: string | Buffer, name = 'a.csv', who = member) =>
  fetch(`${door}/files?name=${encodeURIComponent(name)}`, { method: 'POST', body, headers: bearer(who) });
const form = (...parts: [string, Blob, string][]) => {
  const data = new FormData();
  for (const [field, blob, name] of parts) data.append(field, blob, name);
  return fetch(`${door}/files`, { method: 'POST', body: data, headers: bearer(member) });
};
const codeOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const stored = async (): Promise<number> => {
  const { rows } = await identity.database.pool.query('SELECT count(*)::int AS files FROM platform.file');
  const onDisk = (await readdir(identity.filesFolder, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile(),
  ).length;
  expect(onDisk).toBe(rows[0].files);
  return onDisk;
};

async function uploaded(content: string | Buffer = 'name;code\nKita;7\n', name = 'écoles du Mali.csv') {
  const response = await send(content, name);
  expect(response.status).toBe(201);
  return (await response.json()) as {
    id: string;
    name: string;
    size: number;
    sha256: string;
    contentType: string;
  };
}

async function linkTo(id: string, who = member): Promise<string> {
  const { data } = await identity.ask(FILE, { token: who.accessToken, variables: { id } });
  return (data as { file: { downloadUrl: string } }).file.downloadUrl.replace(
    'https://iroko.example.org',
    door,
  );
}

describe('an upload', () => {
  it('answers id, name, size, hash and what the bytes say it is', async () => {
    const content = 'name;code\nKita;7\n';
    expect(await uploaded(content)).toEqual({
      id: expect.any(String),
      name: 'écoles du Mali.csv',
      size: content.length,
      sha256: sha256(content),
      contentType: 'text/csv',
    });
  });

  it('may be a form with one file, whose name may be written in any script', async () => {
    const response = await form(['file', new Blob(['{"a": 1}'], { type: 'text/html' }), 'données ✓.json']);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      name: 'données ✓.json',
      contentType: 'application/json',
      size: 8,
    });
  });

  it('of nothing is a file of 0 bytes', async () => {
    const file = await uploaded('', 'empty.csv');
    expect(file).toMatchObject({ size: 0, contentType: 'application/octet-stream', sha256: sha256('') });
    expect(await (await fetch(await linkTo(file.id))).text()).toBe('');
  });

  it('goes through as a stream', async () => {
    const megabyte = Buffer.alloc(LIMIT - 1, 'x');
    expect((await uploaded(megabyte)).sha256).toBe(sha256(megabyte));
  });

  it('that is too large is refused, with its length announced or not, and leaves nothing', async () => {
    const before = await stored();
    const large = Buffer.alloc(LIMIT + 1);
    const announced = await send(large);
    expect([announced.status, await codeOf(announced)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const unannounced = await fetch(`${door}/files`, {
      method: 'POST',
      headers: bearer(member),
      body: Readable.toWeb(Readable.from([large.subarray(0, 600_000), large.subarray(0, 600_000)])) as never,
      duplex: 'half',
    } as RequestInit);
    expect(unannounced.status).toBe(413);
    const inForm = await form(['file', new Blob([large]), 'large.bin']);
    expect([inForm.status, await codeOf(inForm)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(await stored()).toBe(before);
  });

  it.each([
    ['as a body', {}, 'half of it'],
    [
      'as a form',
      { 'content-type': 'multipart/form-data; boundary=x' },
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nhalf of it',
    ],
  ])('that breaks off midway %s leaves nothing', async (_, headers, half) => {
    const before = await stored();
    await new Promise<void>((resolve) => {
      const request = httpRequest(`${door}/files?name=a.csv`, {
        method: 'POST',
        headers: { ...bearer(member), 'content-length': 10_000, ...headers },
      });
      request.on('error', () => resolve());
      request.write(half, () => setTimeout(() => request.destroy(new Error('the line broke')), 100));
    });
    const deadline = Date.now() + 5000;
    const rows = async () =>
      (await identity.database.pool.query('SELECT count(*)::int AS files FROM platform.file')).rows[0].files;
    while ((await rows()) > before && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await stored()).toBe(before);
  });

  it.each<[string, () => Promise<Response>]>([
    ['has no file', () => form()],
    ['has two files', () => form(['a', new Blob(['a']), 'a.txt'], ['b', new Blob(['b']), 'b.txt'])],
    [
      'has no boundary',
      () =>
        fetch(`${door}/files`, {
          method: 'POST',
          body: 'x',
          headers: { ...bearer(member), 'content-type': 'multipart/form-data' },
        }),
    ],
    [
      'ends before its end',
      () =>
        fetch(`${door}/files`, {
          method: 'POST',
          body: '--x\r\ncontent-disposition: form-data; name="f"; filename="a"\r\n\r\nabc',
          headers: { ...bearer(member), 'content-type': 'multipart/form-data; boundary=x' },
        }),
    ],
  ])('as a form that %s is refused with BAD_USER_INPUT and leaves nothing', async (_, sending) => {
    const before = await stored();
    const response = await sending();
    expect([response.status, await codeOf(response)]).toEqual([400, 'BAD_USER_INPUT']);
    expect(await stored()).toBe(before);
  });

  it('needs files.upload', async () => {
    const before = await stored();
    const other = await seedMember(identity.database, account.accountId);
    expect((await send('x', 'a.csv', other)).status).toBe(403);
    expect((await fetch(`${door}/files`, { method: 'POST', body: 'x' })).status).toBe(401);
    expect(await stored()).toBe(before);
  });

  it.each([
    ['that is a path', '../../etc/passwd', 'passwd'],
    ['that is a path of Windows', 'C:\\fakepath\\a.csv', 'a.csv'],
    ['that breaks the line', 'a\r\nset-cookie: x=1.csv', 'aset-cookie: x=1.csv'],
    ['that is empty', '', 'file'],
    ['that is a folder', '..', 'file'],
    ['of 10,000 characters', 'x'.repeat(10_000), 'x'.repeat(255)],
  ])('under a name %s is kept under its harmless part', async (_, sent, name) => {
    expect((await uploaded('a,b', sent)).name).toBe(name);
  });
});

describe('a download', () => {
  it('answers the bytes with headers that let nothing run', async () => {
    const file = await uploaded('<html><script>alert(1)</script>', 'page "é".html');
    const response = await fetch(await linkTo(file.id));
    expect(await response.text()).toBe('<html><script>alert(1)</script>');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/xml',
      'content-length': '31',
      'content-disposition': `attachment; filename="page _e_.html"; filename*=UTF-8''page%20%22%C3%A9%22.html`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'accept-ranges': 'bytes',
      etag: `"${file.sha256}"`,
    });
    const head = await fetch(await linkTo(file.id), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '31']);
  });

  it.each([
    ['bytes=2-4', 206, 'cde', 'bytes 2-4/10'],
    ['bytes=7-', 206, 'hij', 'bytes 7-9/10'],
    ['bytes=-2', 206, 'ij', 'bytes 8-9/10'],
    ['bytes=5-100', 206, 'fghij', 'bytes 5-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=4-2', 200, 'abcdefghij', null],
    ['lines=1-2', 200, 'abcdefghij', null],
  ])('takes the range %s', async (range, status, body, contentRange) => {
    const { id } = await uploaded('abcdefghij');
    const response = await fetch(await linkTo(id), { headers: { range } });
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
      status,
      body,
      contentRange,
    ]);
  });

  it('by a changed link, or one for another file or account, finds nothing, as for an id that never was', async () => {
    const { id } = await uploaded();
    const other = await uploaded();
    const link = new URL(await linkTo(id));
    const changed = (change: (url: URL) => void) => {
      const url = new URL(link);
      change(url);
      return url;
    };
    for (const url of [
      changed((each) => each.searchParams.set('account', twin.accountId)),
      changed((each) => each.searchParams.set('expires', '99999999999')),
      changed((each) => each.searchParams.set('signature', 'AAAA')),
      changed((each) => each.searchParams.delete('signature')),
      changed((each) => {
        each.pathname = `/files/${other.id}`;
      }),
      changed((each) => {
        each.pathname = `/files/${newId()}`;
      }),
      changed((each) => {
        each.pathname = '/files/no-id';
      }),
    ]) {
      const response = await fetch(url, { headers: bearer(member) });
      expect([response.status, await codeOf(response)]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('by a link whose time is over says so', async () => {
    const { id } = await uploaded();
    const path = identity.files.links.pathFor({ accountId: account.accountId, id }, Date.now() - 901_000);
    const response = await fetch(door + path);
    expect([response.status, await codeOf(response)]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('a file', () => {
  it('is answered to whoever uploaded it and to nobody else', async () => {
    const { id } = await uploaded('a,b\n1,2\n', 'x.csv');
    const { data } = await identity.ask(FILE, { token: member.accessToken, variables: { id } });
    expect(data?.file).toMatchObject({ id, name: 'x.csv', size: 8, expiresAt: expect.any(String) });
    for (const who of [account.administrator, twin.administrator]) {
      const answer = await identity.ask(FILE, { token: who.accessToken, variables: { id } });
      expect(answer.errors[0]?.extensions).toEqual({ code: 'NOT_FOUND', details: { type: 'File', id } });
    }
    expect((await identity.ask(FILE, { variables: { id } })).code).toBe('UNAUTHENTICATED');
  });

  it('that nothing keeps is removed with its bytes, as is what a dead process left; a kept one stays', async () => {
    const [kept, forgotten] = [await uploaded('kept'), await uploaded('forgotten')];
    const db = identity.database.forAccount(member.actor);
    await db.transaction((tx) => identity.files.keep(tx, kept.id));
    await expect(
      identity.database.forAccount(twin.actor).transaction((tx) => identity.files.keep(tx, kept.id)),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await identity.database.pool.query(
      "UPDATE platform.file SET expires_at = now() - interval '1 second' WHERE id <> $1",
      [kept.id],
    );
    expect(
      (
        await fetch(
          door + identity.files.links.pathFor({ accountId: account.accountId, id: forgotten.id }, Date.now()),
        )
      ).status,
    ).toBe(404);
    await enqueueScheduled(identity.database, identity.subgraph.jobs);
    await enqueueScheduled(identity.database, identity.subgraph.jobs);
    const ran = await runJobsUntilIdle({
      database: identity.database,
      viewers: identity.viewers,
      jobs: identity.subgraph.jobs,
    });
    expect(ran).toBe(1);
    expect(await stored()).toBe(1);
    expect(await (await fetch(await linkTo(kept.id))).text()).toBe('kept');
  });
});
