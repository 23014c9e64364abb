/**
 * The public keys that verify access tokens, as identity publishes them. Read again every 10 seconds at most, so
 * that a key that is distrusted is gone everywhere as fast as a right.
 */
import type { Database } from '@iroko/database';
import { type CryptoKey, importJWK } from 'jose';
import { verificationKeys } from './contract.sql';

const KEPT_MS = 10_000;
/** A token that names a key nobody knows makes us look again, but not oftener than this. */
const UNKNOWN_KEY_PAUSE_MS = 1000;

export class VerificationKeys {
  private keys = new Map<string, CryptoKey>();
  private loadedAtMs = Number.NEGATIVE_INFINITY;
  private loading: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly now: () => number,
  ) {}

  async find(kid: string): Promise<CryptoKey | undefined> {
    const ageMs = this.now() - this.loadedAtMs;
    if (ageMs >= KEPT_MS || (!this.keys.has(kid) && ageMs >= UNKNOWN_KEY_PAUSE_MS)) await this.load();
    return this.keys.get(kid);
  }

  /** The next look-up reads the database. */
  drop(): void {
    this.loadedAtMs = Number.NEGATIVE_INFINITY;
  }

  private load(): Promise<void> {
    this.loading ??= this.read().finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  private async read(): Promise<void> {
    const startedAtMs = this.now();
    const rows = await verificationKeys(this.database.system);
    const keys = await Promise.all(
      rows.map(
        async ({ kid, publicJwk }) => [kid, (await importJWK(publicJwk, 'EdDSA')) as CryptoKey] as const,
      ),
    );
    this.keys = new Map(keys);
    this.loadedAtMs = startedAtMs;
  }
}
