/**
 * Passwords as Argon2id. Checking costs the same work whether or not there is anybody to check, so that the time of
 * an answer does not tell which addresses exist.
 */
import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';

export interface PasswordCost {
  memoryKb: number;
  passes: number;
}

/** Longer ones are refused before any hashing: 1,000 characters are a passphrase, 10,000 an attack. */
export const PASSWORD_LENGTH_MAX = 1000;
export const PASSWORD_LENGTH_MIN = 10;

export class Passwords {
  private nobody: Promise<string> | undefined;

  constructor(private readonly cost: PasswordCost) {}

  hash(password: string): Promise<string> {
    return hash(normal(password), this.options());
  }

  /** Whether it is the password of that hash. Without a hash the same work is done and the answer is no. */
  async verify(password: string, stored: string | null): Promise<boolean> {
    this.nobody ??= this.hash(randomBytes(32).toString('hex'));
    const matches = await verify(stored ?? (await this.nobody), normal(password));
    return matches && stored !== null;
  }

  /** Whether the hash was made at another cost and should be made anew while the password is at hand. */
  needsRehash(stored: string): boolean {
    const { memoryCost, timeCost } = parseOptions(stored);
    return memoryCost !== this.cost.memoryKb || timeCost !== this.cost.passes;
  }

  private options() {
    return { memoryCost: this.cost.memoryKb, timeCost: this.cost.passes, parallelism: 1 };
  }
}

/** Keyboards write one password in different Unicode forms. */
function normal(password: string): string {
  return password.normalize('NFKC');
}
