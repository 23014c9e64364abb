/**
 * A backup is a tar file, so that an operator can look into it with what every system has. It is written beside
 * its name and renamed when whole; its last entry, the manifest, holds the hash of every other.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OperatorError } from '@iroko/database';
import { extract, type Pack, pack } from 'tar-stream';
import { type Manifest, type ManifestEntry, manifestName, readManifest } from './manifest';

export class ArchiveWriter {
  private readonly entries: ManifestEntry[] = [];
  private readonly written: Promise<void>;

  private constructor(
    private readonly path: string,
    private readonly tar: Pack,
  ) {
    // Readable by its owner alone: a backup holds everything that passwords and permissions protect.
    this.written = pipeline(tar, createWriteStream(this.partial, { mode: 0o600, flush: true }));
    this.written.catch(() => undefined);
  }

  static async create(path: string): Promise<ArchiveWriter> {
    const writer = new ArchiveWriter(path, pack());
    await refuseExisting(path);
    return writer;
  }

  private get partial(): string {
    return `${this.path}.partial`;
  }

  async add(name: string, content: Buffer): Promise<void> {
    await this.put(name, content);
    this.entries.push({ name, size: content.length, sha256: sha256(content) });
  }

  /** @param size of the content in bytes; another is an error */
  async addStream(name: string, size: number, content: Readable): Promise<void> {
    const hash = createHash('sha256');
    const entry = this.tar.entry({ name, size, mode: 0o600 });
    content.on('data', (chunk) => hash.update(chunk));
    await Promise.race([pipeline(content, entry), this.written]);
    this.entries.push({ name, size, sha256: hash.digest('hex') });
  }

  /** Only now there is a backup. */
  async finish(manifest: Omit<Manifest, 'entries' | 'format'>): Promise<void> {
    const whole: Manifest = { format: 1, ...manifest, entries: this.entries };
    await this.put(manifestName, Buffer.from(`${JSON.stringify(whole, undefined, 1)}\n`));
    this.tar.finalize();
    await this.written;
    await rename(this.partial, this.path);
  }

  async abandon(): Promise<void> {
    this.tar.destroy();
    await this.written.catch(() => undefined);
    await rm(this.partial, { force: true });
  }

  private async put(name: string, content: Buffer): Promise<void> {
    const taken = new Promise<void>((resolve, reject) => {
      this.tar.entry({ name, mode: 0o600 }, content, (error) => (error ? reject(error) : resolve()));
    });
    await Promise.race([taken, this.written]);
  }
}

/** Reads the whole archive and compares it with its manifest. Throws when it is broken or was interrupted. */
export async function verifyArchive(path: string): Promise<Manifest> {
  const found: ManifestEntry[] = [];
  let manifest: Manifest | undefined;
  try {
    for await (const { name, content } of archiveEntries(path)) {
      if (name !== manifestName) found.push(await measured(name, content));
      else manifest = readManifest((await collected(content)).toString('utf8'));
    }
  } catch (error) {
    throw broken(path, error instanceof Error ? error.message : String(error));
  }
  if (!manifest) throw broken(path, 'its last part, which says what must be in it, is missing');
  const wrong = manifest.entries.find((entry, index) => !sameEntry(entry, found[index]));
  if (wrong) throw broken(path, `${wrong.name} is not as it was written`);
  if (found.length !== manifest.entries.length) throw broken(path, 'it holds more than was written');
  return manifest;
}

/** The bytes of one entry; `resume` passes over them. */
export type Content = AsyncIterable<Buffer> & { resume(): unknown };

/** The entries in their order. Each content must be read to its end before the next is asked for. */
export async function* archiveEntries(path: string): AsyncGenerator<{ name: string; content: Content }> {
  const source = createReadStream(path);
  const entries = extract();
  const piped = pipeline(source, entries);
  piped.catch(() => undefined);
  for await (const entry of entries) yield { name: entry.header.name, content: entry as unknown as Content };
  await piped;
}

export async function collected(content: Content): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function measured(name: string, content: Content): Promise<ManifestEntry> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { name, size, sha256: hash.digest('hex') };
}

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

const sameEntry = (a: ManifestEntry, b: ManifestEntry | undefined) =>
  a.name === b?.name && a.size === b.size && a.sha256 === b.sha256;

function broken(path: string, reason: string): OperatorError {
  return new OperatorError(`${path} is no whole backup: ${reason}.`, [
    'It was interrupted while it was written, or changed since. Use another one.',
  ]);
}

async function refuseExisting(path: string): Promise<void> {
  const existing = await open(path, 'r').catch(() => undefined);
  await existing?.close();
  if (existing)
    throw new OperatorError(`${path} is there already.`, ['Name another file, or remove this one.']);
}
