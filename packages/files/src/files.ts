/**
 * Files of an account: bytes in the storage, a row in the database, and the rule that neither stays without the
 * other. The row comes first and expires, so that whatever stops an upload, the clean-up knows what to remove.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { recordChange, recordChanges } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, newId } from '@iroko/database';
import { notFound } from '@iroko/errors';
import {
  type Arrived,
  deleteRows,
  type FileRow,
  filesById,
  insertArriving,
  markStored,
  setExpiry,
  setKept,
  takeExpired,
} from './file.sql';
import { cleanFileName } from './file-name';
import { Measure } from './measure';
import { LinkSigner } from './signed-link';
import type { ByteRange, Storage } from './storage';

/** What nobody keeps within a day was forgotten. */
const UNKEPT_HOURS = 24;
const CLEAN_BATCH = 100;

export interface FilesOptions {
  storage: Storage;
  /** 32 bytes; links are signed with a key derived from it. */
  masterKey: Buffer;
  /** The largest file that is taken. */
  limitBytes: number;
  /** Where the door stands, without a slash at the end: download links begin with it. */
  publicUrl: string | (() => string);
}

export interface StoreOptions {
  /** As shown and offered for saving; a path in front of it is cut off. */
  name: string;
  /** What the sender says; counts only where the bytes say nothing. */
  contentType?: string;
  /** Null keeps the file at once; 24 without it, until something keeps it. */
  expiresInHours?: number | null;
  /** In bytes; the limit for uploads without it. Files that we make ourselves may be larger. */
  limitBytes?: number;
}

export interface LocalCopy {
  path: string;
  row: FileRow;
  dispose(): Promise<void>;
}

export class Files {
  readonly links: LinkSigner;
  readonly limitBytes: number;

  constructor(private readonly options: FilesOptions) {
    this.links = new LinkSigner(options.masterKey);
    this.limitBytes = options.limitBytes;
  }

  /**
   * Stores what the stream brings. The file expires after a day unless `keep` is called for it. When the stream
   * breaks or is too long nothing is left. Not for use inside a transaction: bytes take their time.
   */
  async store(db: AccountDatabase, content: Readable, options: StoreOptions): Promise<FileRow> {
    // It may break before it is read below; an error that nobody hears would end the process.
    content.on('error', () => undefined);
    const id = newId();
    const key = `${db.account}/${id.slice(0, 8)}/${id}`;
    await insertArriving(db, id, cleanFileName(options.name), key);
    const measure = new Measure(options.limitBytes ?? this.limitBytes);
    try {
      // Whatever breaks the one stream breaks the other, and the storage knows the reason in both cases.
      const arriving = pipeline(content, measure).catch(() => undefined);
      await this.options.storage.put(key, measure);
      await arriving;
      return await this.finish(db, id, {
        contentType: measure.contentType(options.contentType),
        size: measure.size,
        sha256: measure.sha256(),
        expiresInHours: options.expiresInHours === undefined ? UNKEPT_HOURS : options.expiresInHours,
      });
    } catch (error) {
      // Should this fail too, the row still expires and takes the bytes with it.
      await this.removeNow(db, id, key).catch(() => undefined);
      throw error;
    }
  }

  /** Throws NOT_FOUND for a file that is not there, still arrives, has expired, or belongs to another account. */
  async find(db: AccountDatabase, id: string): Promise<FileRow> {
    const [row] = isId(id) ? await filesById(db, [id]) : [];
    if (!row) throw notFound('File', id);
    return row;
  }

  /** The file's bytes, or a range of them. The caller consumes or destroys the stream. */
  async open(
    db: AccountDatabase,
    id: string,
    range?: ByteRange,
  ): Promise<{ row: FileRow; stream: Readable }> {
    const row = await this.find(db, id);
    return { row, stream: await this.options.storage.get(row.storageKey, range) };
  }

  /** A copy on the local disk, for formats that are read at any place (GeoPackage, XLSX). Dispose of it. */
  async localCopy(db: AccountDatabase, id: string): Promise<LocalCopy> {
    const { row, stream } = await this.open(db, id);
    const folder = await mkdtemp(join(tmpdir(), 'iroko-file-'));
    const path = join(folder, 'content');
    const dispose = () => rm(folder, { recursive: true, force: true });
    try {
      await pipeline(stream, createWriteStream(path));
      return { path, row, dispose };
    } catch (error) {
      await dispose();
      throw error;
    }
  }

  /** Keeps the file for good, in the transaction that writes the record which refers to it. Throws NOT_FOUND. */
  async keep(tx: AccountTransaction, id: string): Promise<void> {
    if (!isId(id) || (await setKept(tx, id)) === 0) throw notFound('File', id);
  }

  /** Takes back what `store` has just stored, before anybody was told of it. */
  async discard(db: AccountDatabase, row: FileRow): Promise<void> {
    await this.removeNow(db, row.id, row.storageKey);
  }

  /** Lets go of a file that nothing refers to any more; it is removed after the hours. */
  async release(tx: AccountTransaction, id: string, hours = UNKEPT_HOURS): Promise<void> {
    if (isId(id)) await setExpiry(tx, id, hours);
  }

  /** A link that opens the file for a quarter of an hour, without a token. */
  signedUrl(file: { accountId: string; id: string }): string {
    const { publicUrl } = this.options;
    const door = typeof publicUrl === 'string' ? publicUrl : publicUrl();
    return door + this.links.pathFor(file, Date.now());
  }

  /** Removes what has expired, uploads that never ended included. Returns how many. */
  async removeExpired(db: AccountDatabase): Promise<number> {
    let removed = 0;
    for (;;) {
      const batch = await db.transaction(async (tx) => {
        const rows = await takeExpired(tx, CLEAN_BATCH);
        // Bytes first: a row without bytes is found again, bytes without a row are not.
        for (const row of rows) await this.options.storage.delete(row.storageKey);
        await deleteRows(
          tx,
          rows.map((row) => row.id),
        );
        await recordChanges(
          tx,
          rows.map((row) => ({
            subjectType: 'File',
            subjectId: row.id,
            action: 'EXPIRE',
            before: { name: row.name },
            after: null,
          })),
        );
        return rows.length;
      });
      removed += batch;
      if (batch < CLEAN_BATCH) return removed;
    }
  }

  private finish(db: AccountDatabase, id: string, arrived: Arrived): Promise<FileRow> {
    return db.transaction(async (tx) => {
      const row = await markStored(tx, id, arrived);
      const { name, contentType, size } = row;
      await recordChange(tx, {
        subjectType: 'File',
        subjectId: id,
        action: 'CREATE',
        before: null,
        after: { name, contentType, size, sha256: row.sha256.toString('hex') },
      });
      return row;
    });
  }

  private async removeNow(db: AccountDatabase, id: string, key: string): Promise<void> {
    await this.options.storage.delete(key);
    await deleteRows(db, [id]);
  }
}
