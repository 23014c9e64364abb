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

/** Argon2's own. */
const MEMORY_KB_MIN = 8;

/** The time of Argon2id goes with memory times passes. */
function missingCost(made: { memoryCost: number; timeCost: number }, cost: PasswordCost): number {
  return cost.memoryKb * cost.passes - made.memoryCost * made.timeCost;
}

export class Passwords {
  private nobody: Promise<string> | undefined;

  constructor(private readonly cost: PasswordCost) {}

  hash(password: string): Promise<string> {
    return hash(normal(password), this.options());
  }

  /** Whether it is the password of that hash. Without a hash the same work is done and the answer is no. */
  async verify(password: string, stored: string | null): Promise<boolean> {
    this.nobody ??= this.hash(randomBytes(32).toString('hex'));
    const checked = stored ?? (await this.nobody);
    const matches = await verify(checked, normal(password));
    await this.makeUpFor(checked);
    return matches && stored !== null;
  }

  /**
   * A hash from before the cost was raised is checked sooner than one of today, which would tell that there is one:
   * the work that it lacks is done for nothing. One from before the cost was lowered takes longer until its password
   * is used.
   */
  private async makeUpFor(checked: string): Promise<void> {
    const memoryCost = Math.floor(missingCost(parseOptions(checked), this.cost) / this.cost.passes);
    if (memoryCost < MEMORY_KB_MIN) return;
    await hash('', { memoryCost, timeCost: this.cost.passes, parallelism: 1 });
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
