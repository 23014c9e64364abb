/**
 * Makes, keeps and changes the keys that sign access tokens. Only identity signs; everybody verifies with the
 * public halves.
 */
import type { Database, SystemTransaction } from '@iroko/database';
import { type MasterKeys, Seal } from '@iroko/secrets';
import type { SigningKey } from '@iroko/viewer';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import {
  hasOldSigningKey,
  insertSigningKey,
  lockSigningKeys,
  newestSigningKey,
  retireOtherKeys,
  type SigningKeyRow,
} from './signing-keys.sql';

/** As verification does: a rotation is known everywhere within 10 seconds. */
const KEPT_MS = 10_000;

export class SigningKeys {
  private readonly seal: Seal;
  private current: { key: SigningKey; loadedAtMs: number } | undefined;

  constructor(
    private readonly database: Database,
    masterKeys: Buffer | MasterKeys,
  ) {
    this.seal = new Seal(masterKeys, 'signing key');
  }

  /** The key that signs now; the first is made when there is none. */
  async newest(): Promise<SigningKey> {
    const nowMs = Date.now();
    if (this.current && nowMs - this.current.loadedAtMs < KEPT_MS) return this.current.key;
    const row = (await newestSigningKey(this.database.system)) ?? (await this.first());
    const known = this.current?.key.kid === row.kid ? this.current.key : await this.opened(row);
    this.current = { key: known, loadedAtMs: nowMs };
    return known;
  }

  /** Makes a new key that signs from now on. Tokens that the old ones signed stay good until they expire. */
  async rotate(): Promise<string> {
    const kid = await this.database.system.transaction((tx) => this.replace(tx));
    this.current = undefined;
    return kid;
  }

  /** As `rotate`, when the key that signs is so old; null when it is not, however many ask at once. */
  async rotateAfter(days: number): Promise<string | null> {
    const kid = await this.database.system.transaction(async (tx) => {
      await lockSigningKeys(tx);
      return (await hasOldSigningKey(tx, days)).old ? this.replace(tx) : null;
    });
    if (kid !== null) this.current = undefined;
    return kid;
  }

  private async replace(tx: SystemTransaction): Promise<string> {
    await lockSigningKeys(tx);
    const row = await this.make(tx);
    await retireOtherKeys(tx, row.kid);
    return row.kid;
  }

  private first(): Promise<SigningKeyRow> {
    return this.database.system.transaction(async (tx) => {
      await lockSigningKeys(tx);
      return (await newestSigningKey(tx)) ?? this.make(tx);
    });
  }

  private async make(tx: SystemTransaction): Promise<SigningKeyRow> {
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    const publicJwk = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(publicJwk);
    const plain = Buffer.from(JSON.stringify(await exportJWK(pair.privateKey)));
    const privateSealed = this.seal.close(plain, kid);
    await insertSigningKey(tx, {
      kid,
      publicJwk: { ...publicJwk, kid, alg: 'EdDSA', use: 'sig' },
      privateSealed,
    });
    return { kid, privateSealed };
  }

  private async opened({ kid, privateSealed }: SigningKeyRow): Promise<SigningKey> {
    let plain: Buffer;
    try {
      plain = this.seal.open(privateSealed, kid);
    } catch (cause) {
      throw new Error(
        'The signing key in the database was sealed under another MASTER_KEY. Start with the one it was made with (or name that one in MASTER_KEY_OLD), or delete the rows of identity.signing_key: everybody then signs in again.',
        { cause },
      );
    }
    const privateKey = (await importJWK(JSON.parse(plain.toString()), 'EdDSA')) as CryptoKey;
    return { kid, privateKey };
  }
}
