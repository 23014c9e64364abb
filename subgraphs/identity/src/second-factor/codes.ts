/**
 * Taking a code: one of the app, or a recovery code. Each is good once, however many requests bring it at once.
 */
import { randomBytes } from 'node:crypto';
import type { SystemTransaction } from '@iroko/database';
import type { Seal } from '@iroko/secrets';
import { tokenHash } from '@iroko/viewer';
import { base32 } from './base32';
import { type FactorRow, lockFactor, noteStep, spendRecoveryCode } from './second-factor.sql';
import { matchingStep } from './totp';

export const SECOND_FACTOR_PURPOSE = 'second factor';
export const RECOVERY_CODES = 10;
/** 80 random bits, so that a plain hash is enough to keep them. */
const RECOVERY_BYTES = 10;
const CODE_LENGTH_MAX = 100;

export type UsedCode = 'APP' | 'RECOVERY';

/** Uses the code up and tells which kind it was; undefined when it is wrong or was used before. */
export async function useCode(
  tx: SystemTransaction,
  seal: Seal,
  userId: string,
  code: string,
): Promise<UsedCode | undefined> {
  if (code.length > CODE_LENGTH_MAX) return undefined;
  const factor = await lockFactor(tx, userId);
  if (!factor?.active) return undefined;
  const step = stepOf(seal, userId, factor, code);
  if (step !== undefined) {
    await noteStep(tx, userId, step);
    return 'APP';
  }
  return (await spendRecoveryCode(tx, userId, recoveryHash(code))) === 1 ? 'RECOVERY' : undefined;
}

/** The step of a code of the app, when it is good at this moment. */
export function stepOf(seal: Seal, userId: string, factor: FactorRow, code: string): number | undefined {
  const secret = seal.open(factor.secretSealed, userId);
  return matchingStep(secret, code, { milliseconds: Date.now(), lastStep: factor.lastStep });
}

/** Ten, such as `ABCD-EFGH-IJKL-MNOP`. */
export function freshRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    (base32(randomBytes(RECOVERY_BYTES)).match(/.{4}/g) ?? []).join('-'),
  );
}

/** Case, space and dashes do not matter: people type these from paper. */
export function recoveryHash(code: string): Buffer {
  return tokenHash(code.replace(/[\s-]/g, '').toUpperCase());
}
