import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { DiskStorage } from './disk-storage';
import { MissingContent } from './storage';

let folder: string;
let storage: DiskStorage;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iroko-disk-test-'));
  storage = new DiskStorage(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const filesIn = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

describe('files on a disk', () => {
  it('are read whole or in part', async () => {
    await storage.put('account/ab/id', Readable.from([Buffer.from('hello '), Buffer.from('world')]));
    expect(await text(await storage.get('account/ab/id'))).toBe('hello world');
    expect(await text(await storage.get('account/ab/id', { start: 4, end: 6 }))).toBe('o w');
  });

  it('appear only when all of them is there', async () => {
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const slow = Readable.from(
      (async function* () {
        yield Buffer.from('first half');
        await gate;
        yield Buffer.from(', second half');
      })(),
    );
    const put = storage.put('a/b', slow);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(storage.get('a/b')).rejects.toThrow(MissingContent);
    finish();
    await put;
    expect(await text(await storage.get('a/b'))).toBe('first half, second half');
    expect(await filesIn()).toEqual(['b']);
  });

  it('leave nothing when the stream breaks', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('the line broke');
      })(),
    );
    await expect(storage.put('a/b', broken)).rejects.toThrow('the line broke');
    expect(await filesIn()).toEqual([]);
  });

  it('are deleted together with what a killed process left of them; deleting nothing is no error', async () => {
    await storage.put('a/b', Readable.from([Buffer.from('x')]));
    await writeFile(join(folder, 'a/b.part'), 'half');
    await storage.delete('a/b');
    await storage.delete('a/b');
    expect(await filesIn()).toEqual([]);
  });

  it('are never outside their folder', async () => {
    for (const key of ['../x', 'a/../../x', '/../x']) {
      await expect(storage.put(key, Readable.from([Buffer.from('x')]))).rejects.toThrow(/leaves the folder/);
    }
  });
});
