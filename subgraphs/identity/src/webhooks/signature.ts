/**
 * Signing per the Standard Webhooks specification 1.0: HMAC-SHA256 over id, time and body. While a secret is being
 * replaced, both sign, and the receiver needs to know only one of them.
 */
import { createHmac, randomBytes } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';
/** The specification allows 24 to 64. */
const SECRET_BYTES = 32;

export const newSecret = (): Buffer => randomBytes(SECRET_BYTES);

/** As the receiver is given it. */
export const secretText = (secret: Buffer): string => SECRET_PREFIX + secret.toString('base64');

export interface SignedHeaders {
  'webhook-id': string;
  /** Seconds since 1970, of this attempt. */
  'webhook-timestamp': string;
  'webhook-signature': string;
}

export function signed(id: string, at: Date, body: string, secrets: readonly Buffer[]): SignedHeaders {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = (secret: Buffer) =>
    `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map(signature).join(' '),
  };
}
