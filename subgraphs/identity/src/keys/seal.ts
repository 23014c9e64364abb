/**
 * Secrets at rest: AES-256-GCM under a key derived from MASTER_KEY, one per purpose, so that what was sealed for
 * one purpose does not open for another.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Stands first in what is sealed, so that another way of sealing can follow and be told apart. */
const VERSION = 1;

export class Seal {
  private readonly key: Buffer;

  /** `masterKey` has 32 bytes; `purpose` names what is sealed, such as `signing key`. */
  constructor(masterKey: Buffer, purpose: string) {
    this.key = Buffer.from(hkdfSync('sha256', masterKey, '', `iroko ${purpose}`, 32));
  }

  /** `context` (such as the id of the record) must be the same at opening: sealed bytes cannot be moved. */
  close(plain: Buffer, context: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
  }

  /** Throws when the bytes were changed, or sealed under another key, purpose or context. */
  open(sealed: Buffer, context: string): Buffer {
    if (sealed[0] !== VERSION) throw new Error('Sealed in a way that this release does not know.');
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(context))
      .setAuthTag(tag);
    const body = sealed.subarray(1 + NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  }
}
