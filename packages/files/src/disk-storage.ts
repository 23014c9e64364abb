/**
 * Files on a disk that every process of this Iroko sees. A file appears under its name only when all of it is on
 * the disk, so neither a crash nor a full disk leaves half a file behind that could be taken for a whole one.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ByteRange, MissingContent, type Storage } from './storage';

export class DiskStorage implements Storage {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = resolve(folder);
  }

  async put(key: string, content: Readable): Promise<void> {
    const path = this.pathOf(key);
    const arriving = arrivingPath(path);
    await mkdir(dirname(path), { recursive: true });
    try {
      await pipeline(content, createWriteStream(arriving, { flush: true }));
      await rename(arriving, path);
      await syncFolder(dirname(path));
    } catch (error) {
      content.destroy();
      await rm(arriving, { force: true });
      throw error;
    }
  }

  async get(key: string, range?: ByteRange): Promise<Readable> {
    const file = await open(this.pathOf(key), 'r').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new MissingContent(key) : error;
    });
    return file.createReadStream(range ? { start: range.start, end: range.end } : {});
  }

  async delete(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
    await rm(arrivingPath(this.pathOf(key)), { force: true });
  }

  private pathOf(key: string): string {
    const path = join(this.folder, key);
    if (!path.startsWith(this.folder + sep)) throw new Error(`${key} leaves the folder of files.`);
    return path;
  }
}

/** Known from the key, so that deleting the key removes also what a killed process left behind. */
function arrivingPath(path: string): string {
  return `${path}.part`;
}

/** The new name is on the disk only when its folder is. Some systems cannot sync a folder; they need not. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
