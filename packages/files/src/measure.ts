/**
 * Looks at bytes while they pass: how many, their SHA-256, the first and last of them. Stops at the limit.
 */
import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { payloadTooLarge } from '@iroko/errors';
import { contentTypeOf, SNIFFED_BYTES } from './content-type';

export class Measure extends Transform {
  size = 0;
  private readonly hash = createHash('sha256');
  private head = Buffer.alloc(0);
  private tail = Buffer.alloc(0);

  constructor(private readonly limitBytes: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += chunk.length;
    if (this.size > this.limitBytes) {
      done(tooLarge(this.limitBytes));
      return;
    }
    this.hash.update(chunk);
    if (this.head.length < SNIFFED_BYTES) {
      this.head = Buffer.concat([this.head, chunk.subarray(0, SNIFFED_BYTES - this.head.length)]);
    }
    this.tail =
      chunk.length >= SNIFFED_BYTES
        ? Buffer.from(chunk.subarray(-SNIFFED_BYTES))
        : Buffer.concat([this.tail, chunk]).subarray(-SNIFFED_BYTES);
    done(null, chunk);
  }

  /** To be called once, after the end. */
  sha256(): Buffer {
    return this.hash.digest();
  }

  contentType(claimed?: string): string {
    return contentTypeOf(this.head, this.tail, claimed);
  }
}

export function tooLarge(limitBytes: number) {
  const megabytes = Math.floor(limitBytes / 1_048_576);
  return payloadTooLarge(
    `The file is larger than ${megabytes > 0 ? `${megabytes} MB` : `${limitBytes} bytes`}, the most that is taken (UPLOAD_LIMIT_MB).`,
    limitBytes,
  );
}
