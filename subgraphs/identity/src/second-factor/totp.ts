/**
 * Codes of an app, as RFC 6238 makes them: SHA-1, six digits, a new one every 30 seconds. Every app knows these.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { base32 } from './base32';

export const STEP_SECONDS = 30;
/** Clocks of phones are rarely further off than one step. */
const DRIFT_STEPS = 1;
const DIGITS = 6;
const ISSUER = 'Iroko';

/** The step that a moment lies in, counted from 1970. */
export const stepAt = (milliseconds: number): number => Math.floor(milliseconds / 1000 / STEP_SECONDS);

/** The code of a step. */
export function codeOfStep(secret: Buffer, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7f_ff_ff_ff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/**
 * The step whose code was given, when it lies within the drift and after `lastStep`, the step of the last code that
 * was taken; else undefined. Space within the code does not matter.
 */
export function matchingStep(
  secret: Buffer,
  code: string,
  { milliseconds, lastStep }: { milliseconds: number; lastStep: number },
): number | undefined {
  const digits = code.replace(/\s/g, '');
  if (!/^[0-9]{6}$/.test(digits)) return undefined;
  const given = Buffer.from(digits);
  const now = stepAt(milliseconds);
  let found: number | undefined;
  for (let step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step++) {
    const same = timingSafeEqual(Buffer.from(codeOfStep(secret, step)), given);
    if (same && step > lastStep) found ??= step;
  }
  return found;
}

/** What apps read from a QR code. */
export function otpauthUri(secret: Buffer, email: string): string {
  const label = `${ISSUER}:${encodeURIComponent(email)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${ISSUER}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_SECONDS}`;
}
