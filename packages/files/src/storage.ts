/**
 * Where bytes are kept: a disk now, an object store later. Keys are ours, never a name that somebody sent.
 */
import type { Readable } from 'node:stream';

export interface ByteRange {
  /** The first byte, counted from 0. */
  start: number;
  /** The last byte, included. */
  end: number;
}

export interface Storage {
  /** Keeps what the stream brings. All of it is there when the promise resolves, nothing when it rejects. */
  put(key: string, content: Readable): Promise<void>;
  /** Throws MissingContent when there is nothing under the key. */
  get(key: string, range?: ByteRange): Promise<Readable>;
  /** Does nothing when there is nothing. */
  delete(key: string): Promise<void>;
}

export class MissingContent extends Error {
  override name = 'MissingContent';
  constructor(readonly key: string) {
    super(`Nothing is stored under ${key}.`);
  }
}
