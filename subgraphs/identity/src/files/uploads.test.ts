import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { seedMember } from '@iroko/testing';
import { bearer, codeOf, FilesDoor } from '../testing/files-door';

const LIMIT = 1_000_000;

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

let at: FilesDoor;
beforeAll(async () => {
  at = await FilesDoor.open();
});
afterAll(() => at.close());

describe('an upload', () => {
  it('answers id, name, size, hash and what the bytes say it is', async () => {
    const content = 'name;code\nKita;7\n';
    expect(await at.uploaded(content)).toEqual({
      id: expect.any(String),
      name: 'écoles du Mali.csv',
      size: content.length,
      sha256: sha256(content),
      contentType: 'text/csv',
    });
  });

  it('may be a form with one file, whose name may be written in any script', async () => {
    const response = await at.form(['file', new Blob(['{"a": 1}'], { type: 'text/html' }), 'données ✓.json']);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      name: 'données ✓.json',
      contentType: 'application/json',
      size: 8,
    });
  });

  it('of nothing is a file of 0 bytes', async () => {
    const file = await at.uploaded('', 'empty.csv');
    expect(file).toMatchObject({ size: 0, contentType: 'application/octet-stream', sha256: sha256('') });
    expect(await (await fetch(await at.linkTo(file.id))).text()).toBe('');
  });

  it('goes through as a stream', async () => {
    const megabyte = Buffer.alloc(LIMIT - 1, 'x');
    expect((await at.uploaded(megabyte)).sha256).toBe(sha256(megabyte));
  });

  it('that is too large is refused, with its length announced or not, and leaves nothing', async () => {
    const before = await at.stored();
    const large = Buffer.alloc(LIMIT + 1);
    const announced = await at.send(large);
    expect([announced.status, await codeOf(announced)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const unannounced = await fetch(`${at.door}/files`, {
      method: 'POST',
      headers: bearer(at.member),
      body: Readable.toWeb(Readable.from([large.subarray(0, 600_000), large.subarray(0, 600_000)])) as never,
      duplex: 'half',
    } as RequestInit);
    expect(unannounced.status).toBe(413);
    const inForm = await at.form(['file', new Blob([large]), 'large.bin']);
    expect([inForm.status, await codeOf(inForm)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(await at.stored()).toBe(before);
  });

  it.each([
    ['as a body', {}, 'half of it'],
    [
      'as a form',
      { 'content-type': 'multipart/form-data; boundary=x' },
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nhalf of it',
    ],
  ])('that breaks off midway %s leaves nothing', async (_, headers, half) => {
    const before = await at.stored();
    await new Promise<void>((resolve) => {
      const request = httpRequest(`${at.door}/files?name=a.csv`, {
        method: 'POST',
        headers: { ...bearer(at.member), 'content-length': 10_000, ...headers },
      });
      request.on('error', () => resolve());
      request.write(half, () => setTimeout(() => request.destroy(new Error('the line broke')), 100));
    });
    const deadline = Date.now() + 5000;
    while ((await at.rows()) > before && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await at.stored()).toBe(before);
  });

  it.each<[string, () => Promise<Response>]>([
    ['has no file', () => at.form()],
    ['has two files', () => at.form(['a', new Blob(['a']), 'a.txt'], ['b', new Blob(['b']), 'b.txt'])],
    [
      'has no boundary',
      () =>
        fetch(`${at.door}/files`, {
          method: 'POST',
          body: 'x',
          headers: { ...bearer(at.member), 'content-type': 'multipart/form-data' },
        }),
    ],
    [
      'ends before its end',
      () =>
        fetch(`${at.door}/files`, {
          method: 'POST',
          body: '--x\r\ncontent-disposition: form-data; name="f"; filename="a"\r\n\r\nabc',
          headers: { ...bearer(at.member), 'content-type': 'multipart/form-data; boundary=x' },
        }),
    ],
  ])('as a form that %s is refused with BAD_USER_INPUT and leaves nothing', async (_, sending) => {
    const before = await at.stored();
    const response = await sending();
    expect([response.status, await codeOf(response)]).toEqual([400, 'BAD_USER_INPUT']);
    expect(await at.stored()).toBe(before);
  });

  it('needs files.upload', async () => {
    const before = await at.stored();
    const other = await seedMember(at.identity.database, at.account.accountId);
    expect((await at.send('x', 'a.csv', other)).status).toBe(403);
    expect((await fetch(`${at.door}/files`, { method: 'POST', body: 'x' })).status).toBe(401);
    expect(await at.stored()).toBe(before);
  });

  it.each([
    ['that is a path', '../../etc/passwd', 'passwd'],
    ['that is a path of Windows', 'C:\\fakepath\\a.csv', 'a.csv'],
    ['that breaks the line', 'a\r\nset-cookie: x=1.csv', 'aset-cookie: x=1.csv'],
    ['that is empty', '', 'file'],
    ['that is a folder', '..', 'file'],
    ['of 10,000 characters', 'x'.repeat(10_000), 'x'.repeat(255)],
  ])('under a name %s is kept under its harmless part', async (_, sent, name) => {
    expect((await at.uploaded('a,b', sent)).name).toBe(name);
  });
});
