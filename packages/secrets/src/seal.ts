/**
 * Secrets at rest: AES-256-GCM under a key derived from MASTER_KEY, one per purpose, so that what was sealed for
 * one purpose does not open for another.
 *
 * The master key can be changed: what is sealed names the key that sealed it, the newest key seals, and older ones
 * still open until everything was sealed anew (`npm run iroko -- reseal`).
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 4;
/** Stands first in what is sealed. Of the first version nothing says which key sealed it, so each is tried. */
const VERSION_WITHOUT_KEY = 1;
const VERSION = 2;

/** 32 bytes each; the first one seals. */
export type MasterKeys = readonly [Buffer, ...Buffer[]];

interface Key {
  id: Buffer;
  key: Buffer;
}

export class Seal {
  private readonly newest: Key;
  private readonly keys: readonly Key[];

  /** `purpose` names what is sealed, such as `signing key`. */
  constructor(masterKeys: Buffer | MasterKeys, purpose: string) {
    const [first, ...older] = Buffer.isBuffer(masterKeys) ? [masterKeys] : masterKeys;
    this.newest = derived(first, purpose);
    this.keys = [this.newest, ...older.map((key) => derived(key, purpose))];
  }

  /** `context` (such as the id of the record) must be the same at opening: sealed bytes cannot be moved. */
  close(plain: Buffer, context: string): Buffer {
    const { id, key } = this.newest;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), id, nonce, cipher.getAuthTag(), body]);
  }

  /** Throws when the bytes were changed, or sealed under another key, purpose or context. */
  open(sealed: Buffer, context: string): Buffer {
    const rest = sealed.subarray(1);
    if (sealed[0] === VERSION) {
      const id = rest.subarray(0, KEY_ID_BYTES);
      const known = this.keys.find((key) => key.id.equals(id));
      if (!known) throw new Error('Sealed under a master key that is not given.');
      return opened(known.key, rest.subarray(KEY_ID_BYTES), context);
    }
    if (sealed[0] !== VERSION_WITHOUT_KEY)
      throw new Error('Sealed in a way that this release does not know.');
    return openedByAny(this.keys, rest, context);
  }

  /** How everything begins that the newest key sealed; what begins otherwise should be sealed anew. */
  get prefix(): Buffer {
    return Buffer.concat([Buffer.of(VERSION), this.newest.id]);
  }
}

function derived(masterKey: Buffer, purpose: string): Key {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', `iroko ${purpose}`, 32));
  const id = createHash('sha256').update('iroko key id').update(key).digest().subarray(0, KEY_ID_BYTES);
  return { id, key };
}

function openedByAny(keys: readonly Key[], bytes: Buffer, context: string): Buffer {
  let failure: unknown;
  for (const { key } of keys) {
    try {
      return opened(key, bytes, context);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function opened(key: Buffer, bytes: Buffer, context: string): Buffer {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(tag);
  const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}
